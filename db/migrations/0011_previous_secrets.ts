import type { Knex } from 'knex';

/** The secret that a client had before, encrypted too, and until when it is taken beside the one it has. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('api_clients', (table) => {
    table.text('previous_secret').nullable();
    table.timestamp('previous_until').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('api_clients', (table) => table.dropColumns('previous_secret', 'previous_until'));
}
