import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** A class whose terms change leaves the days that are over as they counted: whether it was between its terms then. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  // No rows of a class of which the terms of today say it of every day.
  await knex.schema.createTable('former_terms', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable();
    table.date('begin_date').notNullable(); // inclusive
    table.date('end_date').notNullable(); // exclusive
    table.boolean('is_between').notNullable();
    table.primary(['district_id', 'section_id', 'begin_date']);
    table
      .foreign(partitioned ? ['district_id', 'section_id'] : ['section_id'])
      .references(partitioned ? ['district_id', 'id'] : ['id'])
      .inTable('sections');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('former_terms');
}
