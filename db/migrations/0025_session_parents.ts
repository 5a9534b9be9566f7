import type { Knex } from 'knex';

/** The session that a session is part of, as the SIS calls it; null where it says none. An export writes it. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('terms', (table) => table.text('parent_sourced_id').nullable());
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the table anew on SQLite, and others refer to it.
  await knex.raw('alter table terms drop column parent_sourced_id');
}
