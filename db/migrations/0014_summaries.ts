import type { Knex } from 'knex';

/** What reports have counted already, so that a year is read in days of schools rather than in marks. */
export async function up(knex: Knex): Promise<void> {
  // How far each section has been counted: up to this revision, and this row of its journal.
  await knex.schema.alterTable('sections', (table) => {
    table.bigInteger('counted_revision').notNullable().defaultTo(0);
    table.bigInteger('counted_journal').notNullable().defaultTo(0);
  });
  await knex.raw('create index sections_uncounted_index on sections (district_id) where revision <> counted_revision');
  await knex.raw('create index sections_school_index on sections (district_id, coalesce(school_id, 0))');

  // Days of sections to count anew, since the roster under them has changed.
  await knex.schema.createTable('recounts', (table) => {
    table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.bigInteger('school_id').nullable(); // where it was; null: where it is
    table.date('from_date').notNullable();
    table.date('to_date').notNullable(); // exclusive
    table.index(['district_id']);
  });

  // One more each time that something of the school is counted, so that what was read before is not written after it.
  await knex.schema.createTable('counted_schools', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('school_id').notNullable(); // 0: of sections that are in no school
    table.bigInteger('version').notNullable();
    table.primary(['district_id', 'school_id']);
  });

  // The rolls that were taken in a school on a day, and the students that they were taken for.
  await knex.schema.createTable('counted_days', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.date('date').notNullable();
    table.bigInteger('school_id').notNullable();
    for (const column of ['rolls', 'students', 'absent', 'excused', 'late']) table.integer(column).notNullable();
    table.primary(['district_id', 'date', 'school_id']);
  });

  // A student's school year in a school, a letter a day.
  await knex.schema.createTable('counted_students', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.integer('year').notNullable(); // the one it starts in, in July
    table.bigInteger('school_id').notNullable();
    table.bigInteger('person_id').notNullable().references('people.id');
    table.text('days').notNullable();
    table.primary(['district_id', 'year', 'school_id', 'person_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['counted_students', 'counted_days', 'counted_schools', 'recounts'])
    await knex.schema.dropTable(table);
  for (const index of ['sections_school_index', 'sections_uncounted_index']) await knex.raw(`drop index ${index}`);
  await knex.schema.alterTable('sections', (table) => table.dropColumns('counted_revision', 'counted_journal'));
}
