import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Absences that the office has entered for days and students at once, and what each has changed, by which it is taken back. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.createTable('absences', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.date('from_date').notNullable();
    table.date('to_date').notNullable(); // inclusive
    table.text('periods').nullable(); // a JSON list of them; null: not some periods
    table.integer('from_time').nullable(); // seconds since midnight; null: not some time
    table.integer('to_time').nullable();
    table.integer('students').notNullable(); // for how many it was entered
    table.integer('classes').notNullable(); // in how many classes it said something
    table.timestamp('created_at').notNullable();
    table.bigInteger('client_id').nullable(); // who entered it
    table.timestamp('taken_back_at').nullable();
    table.bigInteger('taken_back_client_id').nullable();
    if (partitioned) table.primary(['district_id', 'id']);
    else table.unique(['district_id', 'id']);
  });

  await knex.schema.createTable('absence_marks', (table) => {
    table.bigInteger('district_id').notNullable();
    table.bigInteger('absence_id').notNullable();
    table.bigInteger('section_id').notNullable();
    table.bigInteger('enrollment_id').notNullable();
    table.date('date').notNullable();
    // What stood before, of which nothing was known where the status is null, and what the absence says.
    table.smallint('from_status').nullable();
    table.text('from_comment').notNullable();
    table.bigInteger('from_code_id').nullable();
    table.smallint('to_status').notNullable();
    table.text('to_comment').notNullable();
    table.bigInteger('to_code_id').nullable();
    table.primary(['district_id', 'enrollment_id', 'date', 'absence_id']);
    table.index(['district_id', 'absence_id']);
    table.foreign(['district_id', 'absence_id']).references(['district_id', 'id']).inTable('absences');
    table.foreign(['district_id', 'section_id']).references(['district_id', 'id']).inTable('sections');
    table.foreign(['district_id', 'enrollment_id']).references(['district_id', 'id']).inTable('enrollments');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['absence_marks', 'absences']) await knex.schema.dropTable(table);
}
