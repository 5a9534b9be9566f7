import type { Knex } from 'knex';

/** Of whom an absence is, and what was entered, also where it says nothing of any class. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('absence_students', (table) => {
    table.bigInteger('district_id').notNullable();
    table.bigInteger('absence_id').notNullable();
    table.bigInteger('person_id').notNullable();
    table.primary(['district_id', 'absence_id', 'person_id']);
    table.index(['district_id', 'person_id']);
    table.foreign(['district_id', 'absence_id']).references(['district_id', 'id']).inTable('absences');
    table.foreign(['district_id', 'person_id']).references(['district_id', 'id']).inTable('people');
  });
  await knex.schema.alterTable('absences', (table) => {
    table.smallint('status').nullable(); // null: said by a code
    table.text('code').nullable();
    table.text('comment').notNullable().defaultTo('');
  });
  await knex.raw(`
    insert into absence_students (district_id, absence_id, person_id)
    select distinct absence_marks.district_id, absence_marks.absence_id, enrollments.person_id
    from absence_marks
    join enrollments on enrollments.district_id = absence_marks.district_id
      and enrollments.id = absence_marks.enrollment_id`);
  // A comment that differs from the one before was entered; one that does not may have been kept.
  const said = `from absence_marks
    where absence_marks.district_id = absences.district_id and absence_marks.absence_id = absences.id`;
  await knex.raw(`
    update absences set
      status = coalesce((select min(absence_marks.to_status) ${said} and absence_marks.to_status <> 3), 3),
      comment = coalesce((select min(absence_marks.to_comment) ${said}
        and (absence_marks.from_status is null or absence_marks.to_comment <> absence_marks.from_comment)), '')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('absence_students');
  // As text: knex would make the table anew on SQLite, and others refer to it.
  for (const column of ['status', 'code', 'comment']) await knex.raw(`alter table absences drop column ${column}`);
}
