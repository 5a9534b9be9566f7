import type { Knex } from 'knex';

const tables = ['districts', 'schools', 'terms', 'people', 'courses', 'sections', 'section_terms', 'enrollments'];

/** What every imported thing has: its district, its OneRoster sourcedId, and whether the SIS still lists it. */
function imported(knex: Knex, table: Knex.CreateTableBuilder): void {
  table.bigIncrements('id');
  table.bigInteger('district_id').notNullable().references('districts.id');
  table.string('sourced_id').nullable();
  table.boolean('active').notNullable().defaultTo(knex.raw('true'));
  table.unique(['district_id', 'sourced_id']);
}

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('districts', (table) => {
    table.bigIncrements('id');
    table.text('name').notNullable().unique();
    table.text('time_zone').notNullable();
    table.boolean('sis_attendance_app').notNullable().defaultTo(knex.raw('false'));
    table.timestamp('created_at').notNullable();
  });

  await knex.schema.createTable('schools', (table) => {
    imported(knex, table);
    table.text('name').notNullable();
    table.text('type').notNullable();
    table.text('number').notNullable(); // OneRoster identifier; empty: the id stands in for it
  });

  await knex.schema.createTable('terms', (table) => {
    imported(knex, table);
    table.text('title').notNullable();
    table.text('type').notNullable();
    table.date('begin_date').notNullable(); // inclusive
    table.date('end_date').notNullable(); // exclusive
    table.text('school_year').notNullable();
  });

  await knex.schema.createTable('people', (table) => {
    imported(knex, table);
    table.bigInteger('school_id').nullable().references('schools.id');
    table.text('role').notNullable();
    table.text('username').notNullable();
    table.text('email').notNullable();
    table.text('given_name').notNullable();
    table.text('middle_name').notNullable();
    table.text('family_name').notNullable();
    table.text('preferred_name').notNullable();
    table.text('identifier').notNullable();
    table.text('grades').notNullable();
    table.index(['district_id', 'email']);
  });

  await knex.schema.createTable('courses', (table) => {
    imported(knex, table);
    table.bigInteger('school_id').nullable().references('schools.id');
    table.text('title').notNullable();
    table.text('course_code').notNullable();
    table.text('subjects').notNullable();
    table.text('grades').notNullable();
  });

  await knex.schema.createTable('sections', (table) => {
    imported(knex, table);
    table.bigInteger('school_id').nullable().references('schools.id');
    table.bigInteger('course_id').nullable().references('courses.id');
    table.text('title').notNullable();
    table.text('section_code').notNullable();
    table.text('class_type').notNullable(); // 'scheduled' or 'homeroom'
    table.text('location').notNullable();
    table.text('periods').notNullable(); // comma-separated, as OneRoster has it
    table.text('subjects').notNullable();
    table.text('grades').notNullable();
    table.bigInteger('revision').notNullable().defaultTo(0); // one more with each write of the section's attendance
    table.index(['course_id']);
  });

  await knex.schema.createTable('section_terms', (table) => {
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.bigInteger('term_id').notNullable().references('terms.id');
    table.primary(['section_id', 'term_id']);
  });

  await knex.schema.createTable('enrollments', (table) => {
    imported(knex, table);
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.bigInteger('person_id').notNullable().references('people.id');
    table.boolean('admin').notNullable(); // teachers
    table.date('begin_date').notNullable(); // inclusive
    table.date('end_date').notNullable(); // exclusive
    table.index(['section_id', 'id']);
    table.index(['person_id', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of tables.toReversed()) await knex.schema.dropTable(table);
}
