import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // The client with which a person signs in.
  await knex.schema.createTable('sign_ins', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('person_id').notNullable().references('people.id');
    table.bigInteger('client_id').notNullable().references('api_clients.id');
    table.primary(['district_id', 'person_id']);
    table.index(['client_id']);
  });

  await knex.schema.createTable('invitations', (table) => {
    table.string('hash', 64).primary(); // SHA-256 of the token, which itself is never stored
    table.bigInteger('client_id').notNullable().references('api_clients.id');
    table.timestamp('created_at').notNullable();
    table.timestamp('expires_at').notNullable();
    table.timestamp('used_at').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['invitations', 'sign_ins']) await knex.schema.dropTable(table);
}
