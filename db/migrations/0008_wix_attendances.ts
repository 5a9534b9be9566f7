import type { Knex } from 'knex';

/** What only Wix knows of an entry. No row: one attendee. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('wix_attendances', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('enrollment_id').notNullable().references('enrollments.id');
    table.date('date').notNullable();
    table.bigInteger('number_of_attendees').notNullable();
    table.primary(['district_id', 'enrollment_id', 'date']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('wix_attendances');
}
