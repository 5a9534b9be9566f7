import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // The days of the week on which a school is open, as ISO 8601 numbers them: 1 is Monday, 7 Sunday.
  await knex.schema.alterTable('schools', (table) => table.string('weekdays', 7).notNullable().defaultTo('12345'));
  // BCP 47: in whose order names are sorted.
  await knex.schema.alterTable('districts', (table) => table.string('language', 35).notNullable().defaultTo('en'));
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make these tables anew on SQLite, and others refer to them.
  await knex.raw('alter table districts drop column language');
  await knex.raw('alter table schools drop column weekdays');
}
