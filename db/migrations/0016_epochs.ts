import type { Knex } from 'knex';

/**
 * Which database this is, told from the one that it was restored from: revisions and ids come again after a restore,
 * the epoch does not. One row at most, made by whoever uses the database first.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('epochs', (table) => {
    table.string('epoch', 16).primary();
    table.text('identity').notNullable(); // of the database that it was made in; empty: it came out of a backup
    table.timestamp('made_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('epochs');
}
