import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Who has changed the API clients, the settings and the attendance codes of a district. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.createTable('setting_changes', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.timestamp('at').notNullable();
    table.text('api').notNullable();
    table.bigInteger('client_id').nullable(); // who did it; null: a command of the operator
    table.bigInteger('by_person_id').nullable(); // who was signed in then
    table.string('what', 24).notNullable();
    table.bigInteger('changed_client_id').nullable(); // the client that was made, rotated or revoked
    table.bigInteger('school_id').nullable(); // the school whose code it is
    table.text('detail').notNullable(); // what it was set to
    if (partitioned) table.primary(['district_id', 'id']);
    table.index(['district_id', 'at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('setting_changes');
}
