import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Who was reminded of which roll, when, and who had it done. A reminder outlives the class and the teacher. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.createTable('roll_reminders', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable();
    table.date('date').notNullable();
    table.bigInteger('person_id').notNullable(); // the teacher
    table.timestamp('at').notNullable();
    table.text('api').notNullable();
    table.bigInteger('client_id').nullable(); // who had it done
    if (partitioned) table.primary(['district_id', 'id']);
    table.index(['district_id', 'date', 'section_id']);
    table.index(['district_id', 'person_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('roll_reminders');
}
