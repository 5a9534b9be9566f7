import type { Knex } from 'knex';

/** A walk through the attendance of a district reads its enrollments in order, and passes over nobody else's. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('enrollments', (table) => table.index(['district_id', 'id']));
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('enrollments', (table) => table.dropIndex(['district_id', 'id']));
}
