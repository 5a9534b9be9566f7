import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('api_clients', (table) => {
    table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.text('name').notNullable();
    table.string('key', 64).notNullable().unique();
    table.text('secret').notNullable(); // encrypted: an OAuth signature is computed with it
    table.text('scopes').notNullable(); // comma-separated
    table.bigInteger('person_id').nullable().references('people.id');
    table.timestamp('created_at').notNullable();
    table.timestamp('revoked_at').nullable();
  });

  await knex.schema.createTable('api_tokens', (table) => {
    table.string('hash', 64).primary(); // SHA-256 of the token, which itself is never stored
    table.bigInteger('client_id').notNullable().references('api_clients.id');
    table.timestamp('created_at').notNullable();
    table.timestamp('expires_at').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['api_tokens', 'api_clients']) await knex.schema.dropTable(table);
}
