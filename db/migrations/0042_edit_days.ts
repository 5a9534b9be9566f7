import type { Knex } from 'knex';

/** For how many days after the day itself teachers of a school may take and change a roll; null: without an end. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('schools', (table) => {
    table.integer('edit_days');
  });
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the table anew on SQLite, and others refer to it.
  await knex.raw('alter table schools drop column edit_days');
}
