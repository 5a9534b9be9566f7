import type { Knex } from 'knex';

/** In which language a school writes to families: dates and percentages stand in the letter as that language has them. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('schools', (table) => {
    table.string('chronic_letter_language', 8).notNullable().defaultTo('en'); // en or es
  });
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the table anew on SQLite, and others refer to it.
  await knex.raw('alter table schools drop column chronic_letter_language');
}
