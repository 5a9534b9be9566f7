import type { Knex } from 'knex';

/** What a school's calendar says of a day that is not as the weekday has it: Monday to Friday school, else none. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('calendar_days', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('school_id').notNullable().references('schools.id');
    table.date('date').notNullable();
    table.boolean('school_day').notNullable();
    table.text('reason').notNullable();
    table.primary(['district_id', 'school_id', 'date']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('calendar_days');
}
