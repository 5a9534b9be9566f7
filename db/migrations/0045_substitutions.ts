import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Who takes the rolls of a class in place of its teacher, and on which days. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.createTable('substitutions', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable();
    table.bigInteger('person_id').notNullable(); // the substitute
    table.date('begin_date').notNullable();
    table.date('end_date').notNullable(); // exclusive
    table.timestamp('created_at').notNullable();
    table.text('api').notNullable();
    table.bigInteger('client_id').nullable(); // who gave it
    table.bigInteger('by_person_id').nullable(); // who was signed in then
    table.timestamp('ended_at').nullable(); // it was taken back
    table.bigInteger('ended_client_id').nullable();
    table.bigInteger('ended_by_person_id').nullable();
    if (partitioned) table.primary(['district_id', 'id']);
    table.index(['district_id', 'section_id', 'person_id']);
    table.index(['district_id', 'person_id']);
    table.foreign(['district_id', 'section_id']).references(['district_id', 'id']).inTable('sections');
    table.foreign(['district_id', 'person_id']).references(['district_id', 'id']).inTable('people');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('substitutions');
}
