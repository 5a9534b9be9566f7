import type { Knex } from 'knex';

/** What looks people up one by one, by the number that their SIS knows them by, passes over nobody else of the district. */
export async function up(knex: Knex): Promise<void> {
  const number = "coalesce(nullif(identifier, ''), nullif(sourced_id, ''), cast(id as text))";
  await knex.raw(`create index people_district_id_number_index on people (district_id, ${number})`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index people_district_id_number_index');
}
