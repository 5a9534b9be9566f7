import type { Knex } from 'knex';

/** What a school writes to the families of students who are chronically absent, with fields in braces; empty: the usual text. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('schools', (table) => {
    table.text('chronic_letter').notNullable().defaultTo('');
  });
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the table anew on SQLite, and others refer to it.
  await knex.raw('alter table schools drop column chronic_letter');
}
