import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Who may sign in, where they are signed in, and who has said so. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  // To the hour; of who signs in with it.
  await knex.schema.alterTable('api_clients', (table) => table.timestamp('used_at').nullable());

  await knex.schema.alterTable('api_tokens', (table) => {
    table.integer('session_seconds').nullable(); // for how long each use renews the session of a browser; null: it is none
    table.timestamp('used_at').nullable(); // to the hour
    table.index(['client_id']);
  });
  await knex.schema.alterTable('invitations', (table) => table.index(['client_id']));

  // A change outlives the person.
  await knex.schema.createTable('access_changes', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.timestamp('at').notNullable();
    table.text('api').notNullable();
    table.bigInteger('client_id').nullable(); // who did it; null: a command of the operator
    table.bigInteger('by_person_id').nullable(); // who was signed in then
    table.bigInteger('person_id').notNullable();
    table.string('what', 24).notNullable();
    if (partitioned) table.primary(['district_id', 'id']);
    table.index(['district_id', 'at']);
    table.index(['district_id', 'person_id']);
  });

  // The office says who signs in, with the clients that it has as with those to come.
  await knex.raw(
    `update api_clients set scopes = scopes || ',access'
    where person_id is null and scopes not like '%access%' and id in (select sign_ins.client_id from sign_ins)`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`update api_clients set scopes = replace(scopes, ',access', '')`);
  await knex.schema.dropTable('access_changes');
  await knex.raw('drop index invitations_client_id_index');
  await knex.raw('drop index api_tokens_client_id_index');
  for (const [table, column] of [
    ['api_tokens', 'used_at'],
    ['api_tokens', 'session_seconds'],
    ['api_clients', 'used_at'],
  ])
    await knex.raw(`alter table ${table} drop column ${column}`);
}
