import type { Knex } from 'knex';

/** The bell schedule of a school in a school year: when each of its periods begins and ends. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('bell_periods', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('school_id').notNullable().references('schools.id');
    table.integer('year').notNullable(); // in which the school year starts
    table.string('period', 24).notNullable(); // as the classes of the roster call it
    table.integer('start_time').notNullable(); // seconds since midnight
    table.integer('end_time').notNullable();
    table.primary(['district_id', 'school_id', 'year', 'period']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('bell_periods');
}
