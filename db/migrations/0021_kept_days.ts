import type { Knex } from 'knex';

/** A change of the roster changes no day that is over and was counted. */
export async function up(knex: Knex): Promise<void> {
  // Days of an enrollment on which rolls were taken, and which a later change of the roster took away from it.
  await knex.schema.createTable('kept_days', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.bigInteger('enrollment_id').notNullable().references('enrollments.id');
    table.date('begin_date').notNullable(); // inclusive
    table.date('end_date').notNullable(); // exclusive
    table.primary(['enrollment_id', 'begin_date']);
    table.index(['section_id']);
  });
  // Whether it has its days from the terms of its class.
  await knex.schema.alterTable('enrollments', (table) => {
    table.boolean('inherits_begin').notNullable().defaultTo(knex.raw('false'));
    table.boolean('inherits_end').notNullable().defaultTo(knex.raw('false'));
  });
  // Students who were there, but away in some of the day's rolls; everything is counted anew for it.
  await knex.schema.alterTable('counted_days', (table) => table.integer('partial').notNullable().defaultTo(0));
  await knex.raw('update sections set counted_revision = 0, counted_journal = 0 where revision > 0');
  // The day from which on the SIS no longer lists it; null while it does, or where that is not known.
  await knex.schema.alterTable('sections', (table) => table.date('inactive_from').nullable());
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make these tables anew on SQLite, and others refer to them.
  await knex.raw('alter table counted_days drop column partial');
  await knex.raw('alter table sections drop column inactive_from');
  await knex.raw('alter table enrollments drop column inherits_end');
  await knex.raw('alter table enrollments drop column inherits_begin');
  await knex.schema.dropTable('kept_days');
}
