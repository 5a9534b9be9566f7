import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** A class that changes its school leaves its past there; and who has changed the past can be read. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  const districtAnd = (table: Knex.CreateTableBuilder, column: string, target: string) =>
    table
      .foreign(partitioned ? ['district_id', column] : [column])
      .references(partitioned ? ['district_id', 'id'] : ['id'])
      .inTable(target);

  // The schools that a section was in before the one in which it is; no rows of one that was always in the same.
  await knex.schema.createTable('former_schools', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable();
    table.bigInteger('school_id').notNullable(); // 0: in none
    table.date('begin_date').notNullable(); // inclusive
    table.date('end_date').notNullable(); // exclusive
    table.primary(['district_id', 'section_id', 'begin_date']);
    table.index(['district_id', 'school_id']);
    districtAnd(table, 'section_id', 'sections');
  });

  // What was said to have been wrong in the past, and by what.
  await knex.schema.createTable('corrections', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable();
    table.bigInteger('enrollment_id').nullable(); // null: of the class itself
    table.date('date').notNullable(); // the day on which it was said, in the district
    table.timestamp('at').notNullable();
    table.text('api').notNullable();
    table.string('what', 16).notNullable(); // days, person or school
    table.text('from_value').notNullable();
    table.text('to_value').notNullable();
    if (partitioned) table.primary(['district_id', 'id']);
    table.index(['district_id', 'section_id', 'enrollment_id']);
    districtAnd(table, 'section_id', 'sections');
    districtAnd(table, 'enrollment_id', 'enrollments');
  });

  // The rolls that were taken, on which somebody is by a correction, or is no longer.
  await knex.schema.createTable('corrected_rolls', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable();
    table.date('date').notNullable(); // of the roll
    table.bigInteger('enrollment_id').notNullable();
    table.timestamp('at').notNullable(); // that of the correction
    table.boolean('is_on').notNullable();
    table.primary(['district_id', 'section_id', 'date', 'enrollment_id', 'at']);
    table.index(['enrollment_id']);
    districtAnd(table, 'section_id', 'sections');
    districtAnd(table, 'enrollment_id', 'enrollments');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['corrected_rolls', 'corrections', 'former_schools']) await knex.schema.dropTable(table);
}
