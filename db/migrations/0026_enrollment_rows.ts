import type { Knex } from 'knex';

/** What each row says of an enrollment that the SIS lists by several: its days are those of all of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('enrollment_rows', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.string('sourced_id').notNullable();
    table.bigInteger('enrollment_id').notNullable().references('enrollments.id');
    table.date('begin_date').notNullable(); // inclusive; 0001-01-01 where it is that of the terms
    table.date('end_date').notNullable(); // exclusive; 9999-12-31 where it is that of the terms
    table.boolean('inherits_begin').notNullable();
    table.boolean('inherits_end').notNullable();
    table.primary(['district_id', 'sourced_id']);
    table.index(['enrollment_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('enrollment_rows');
}
