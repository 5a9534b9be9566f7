import type { Knex } from 'knex';

/** What reports have counted already, so that a year is read in days of schools rather than in marks. */
export async function up(knex: Knex): Promise<void> {
  // How far each section has been counted: up to this revision, and this row of its journal.
  await knex.schema.createTable('counted_sections', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.bigInteger('revision').notNullable();
    table.bigInteger('journal_id').notNullable();
    table.primary(['district_id', 'section_id']);
  });

  // How many rolls were taken in a school on a day.
  await knex.schema.createTable('counted_days', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('school_id').notNullable(); // 0: of sections that are in no school
    table.date('date').notNullable();
    table.integer('rolls').notNullable();
    table.primary(['district_id', 'school_id', 'date']);
  });

  // Students who were not simply there that day, all their rolls of the day taken together.
  await knex.schema.createTable('counted_absences', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('school_id').notNullable();
    table.date('date').notNullable();
    table.bigInteger('person_id').notNullable().references('people.id');
    table.specificType('status', 'smallint').notNullable(); // 2 absent, 3 late, 4 excused
    table.primary(['district_id', 'school_id', 'date', 'person_id']);
    table.index(['person_id']);
  });

  // The enrollments of a school year, without those of the years before it.
  await knex.schema.alterTable('enrollments', (table) => table.index(['district_id', 'end_date']));
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('enrollments', (table) => table.dropIndex(['district_id', 'end_date']));
  for (const table of ['counted_absences', 'counted_days', 'counted_sections']) await knex.schema.dropTable(table);
}
