import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Who was erased, so that an import does not bring them back: a salted hash, since the sourcedId itself is erased.
  await knex.schema.createTable('erasures', (table) => {
    table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('person_id').notNullable().references('people.id');
    table.timestamp('at').notNullable();
    table.string('salt', 32).notNullable();
    table.string('sourced_id_hash', 64).nullable(); // null: the SIS did not list them
    table.index(['district_id']);
  });

  // How many rows of each table were erased with a school year.
  await knex.schema.createTable('erased_years', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.integer('year').notNullable(); // the one it starts in
    table.string('kept_in', 64).notNullable(); // the table
    table.bigInteger('removed').notNullable();
    table.timestamp('at').notNullable(); // the last time
    table.primary(['district_id', 'year', 'kept_in']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['erased_years', 'erasures']) await knex.schema.dropTable(table);
}
