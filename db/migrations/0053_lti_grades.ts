import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** The attendance grade of a section, which courses of a platform are sent by LTI's Assignment and Grade Services. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.alterTable('schools', (table) => {
    table.integer('grade_late').nullable(); // what late counts, in percent of present; null: no grade is made
    table.string('grade_excused', 16).notNullable().defaultTo('left_out');
  });
  // A course that is a section, what of its platform may be asked for it, and how far it has been sent the grades.
  await knex.schema.createTable('lti_courses', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('deployment_id').notNullable();
    table.string('context', 255).notNullable();
    table.bigInteger('section_id').notNullable();
    table.text('memberships_url').nullable(); // who is in it; null: the platform does not say
    table.text('line_items_url').nullable(); // its columns of grades; null: it takes none
    table.text('line_item_url').nullable(); // ours among them, once it was found or made
    table.string('epoch', 64).notNullable(); // of the database that sends: a copy of it sends nothing
    table.text('graded').notNullable().defaultTo(''); // of what the grades were made that it has
    table.timestamp('look_at').nullable(); // when it is looked at again, whatever has changed
    table.timestamp('held_until').notNullable(); // by the process that sends, or for the next attempt
    table.timestamp('stamped_at').notNullable(); // the latest timestamp that it was sent
    table.integer('failures').notNullable().defaultTo(0);
    table.timestamp('failing_since').nullable();
    table.text('last_error').notNullable().defaultTo('');
    if (partitioned) table.primary(['district_id', 'id']);
    else table.unique(['district_id', 'id']);
    table.unique(['district_id', 'deployment_id', 'context', 'section_id']);
    table.foreign(['district_id', 'section_id']).references(['district_id', 'id']).inTable('sections');
    table.index(['district_id', 'section_id']);
  });
  // What a course was last sent of a student.
  await knex.schema.createTable('lti_scores', (table) => {
    table.bigInteger('district_id').notNullable();
    table.bigInteger('course_id').notNullable();
    table.bigInteger('person_id').notNullable();
    table.string('user_id', 255).notNullable(); // what the platform calls the student
    table.text('comment').notNullable(); // of what the score was made; it tells one from another
    table.timestamp('sent_at').notNullable();
    table.primary(['district_id', 'course_id', 'person_id']);
    table.foreign(['district_id', 'course_id']).references(['district_id', 'id']).inTable('lti_courses');
    table.foreign(['district_id', 'person_id']).references(['district_id', 'id']).inTable('people');
    table.index(['district_id', 'person_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['lti_scores', 'lti_courses']) await knex.schema.dropTable(table);
  // As text: knex would make the table anew on SQLite, and others refer to it.
  for (const column of ['grade_excused', 'grade_late']) await knex.raw(`alter table schools drop column ${column}`);
}
