import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Where changes are sent to, as they happen. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.createTable('webhook_targets', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('client_id').notNullable().references('api_clients.id');
    table.string('api', 24).notNullable(); // in whose words it is told
    table.text('url').notNullable();
    table.text('description').notNullable();
    table.bigInteger('section_id').nullable(); // null: all that the client may read
    table.bigInteger('school_id').nullable();
    table.text('secret').notNullable(); // sealed: messages are signed with it
    table.text('previous_secret').nullable();
    table.timestamp('previous_until').nullable();
    table.timestamp('created_at').notNullable();
    // How far it has been told: a place in the order of changes, good in this epoch.
    table.text('after_transaction').notNullable();
    table.bigInteger('after_id').notNullable();
    table.string('epoch', 64).notNullable();
    table.integer('sending').nullable(); // how many changes after that place are on their way
    // What became of it.
    table.timestamp('delivered_at').nullable();
    table.integer('failures').notNullable().defaultTo(0); // since it last worked
    table.timestamp('failing_since').nullable();
    table.timestamp('next_attempt_at').nullable();
    table.text('last_error').notNullable().defaultTo('');
    table.timestamp('disabled_at').nullable();
    table.string('disabled_reason', 16).nullable(); // gone, failing, restored or asked
    if (partitioned) table.primary(['district_id', 'id']);
    table.index(['district_id', 'client_id']);
  });

  // Which process sends: the one whose beat goes on.
  await knex.schema.createTable('webhook_lease', (table) => {
    table.string('name', 24).primary();
    table.string('holder', 64).nullable();
    table.bigInteger('beat').notNullable();
  });

  // What Schoology knows of a target and nobody else does.
  await knex.schema.createTable('schoology_subscriptions', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('target_id').notNullable();
    table.string('event', 24).notNullable(); // the name of the trigger
    table.boolean('subscribed').notNullable();
    table.boolean('include_object').notNullable();
    table.primary(['district_id', 'target_id', 'event']);
    table
      .foreign(partitioned ? ['district_id', 'target_id'] : ['target_id'])
      .references(partitioned ? ['district_id', 'id'] : ['id'])
      .inTable('webhook_targets')
      .onDelete('CASCADE');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['schoology_subscriptions', 'webhook_lease', 'webhook_targets'])
    await knex.schema.dropTable(table);
}
