import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** The passkeys by which people sign in: of each its public key. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.createTable('passkeys', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('person_id').notNullable();
    table.text('credential_id').notNullable(); // base64url
    table.text('public_key').notNullable(); // COSE_Key, base64url
    table.bigInteger('counter').notNullable();
    table.text('name').notNullable();
    table.timestamp('created_at').notNullable();
    table.timestamp('used_at').nullable();
    table.timestamp('challenged_at').nullable(); // when the challenge was made that it answered last: each is good once
    if (partitioned) table.primary(['district_id', 'id']);
    table.unique(['district_id', 'credential_id']);
    table.index(['district_id', 'person_id']);
    table.foreign(['district_id', 'person_id']).references(['district_id', 'id']).inTable('people');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('passkeys');
}
