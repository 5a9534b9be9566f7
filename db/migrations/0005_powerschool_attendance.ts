import type { Knex } from 'knex';

/** The parts of a day that are posted through the PowerSchool dialect; the ledger keeps one mark for all of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('powerschool_attendance', (table) => {
    table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.date('date').notNullable();
    table.bigInteger('enrollment_id').notNullable().references('enrollments.id');
    table.string('part', 64).notNullable(); // which part of the day, by the key of its mode
    table.string('mode', 32).notNullable();
    table.bigInteger('code_id').notNullable();
    table.specificType('status', 'smallint').notNullable(); // what the code meant when it was posted
    table.text('comment').notNullable();
    table.text('period').notNullable();
    table.text('program').notNullable();
    table.text('calendar_day').notNullable();
    table.integer('att_interval').nullable();
    table.integer('start_time').nullable(); // seconds since midnight
    table.integer('end_time').nullable();
    table.integer('total_minutes').nullable();
    // A roll is posted by section and day: its parts lie side by side.
    table.unique(['section_id', 'date', 'enrollment_id', 'part']);
    table.check('status in (1, 2, 3, 4)');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('powerschool_attendance');
}
