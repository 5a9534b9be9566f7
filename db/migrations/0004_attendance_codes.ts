import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('attendance_codes', (table) => {
    table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('school_id').notNullable().references('schools.id');
    table.integer('year_id').notNullable(); // the year the school year starts, less 1990: 2025-26 is 35
    table.string('code', 32).notNullable();
    table.text('description').notNullable();
    table.specificType('status', 'smallint').notNullable();
    table.unique(['school_id', 'year_id', 'code']);
    table.check('status in (1, 2, 3, 4)');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('attendance_codes');
}
