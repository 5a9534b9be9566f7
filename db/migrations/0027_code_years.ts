import type { Knex } from 'knex';

/** The school year of an attendance code is the year in which it starts; until now it was that, less 1990. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table attendance_codes rename column year_id to year');
  await knex.raw('update attendance_codes set year = year + 1990');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('update attendance_codes set year = year - 1990');
  await knex.raw('alter table attendance_codes rename column year to year_id');
}
