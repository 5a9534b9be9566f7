import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // The newest `dateLastModified` of the bundles that were imported, ISO 8601; null where none said any.
  await knex.schema.alterTable('districts', (table) => table.string('roster_modified_at', 24).nullable());

  // Other sourcedIds by which the SIS lists the same person or enrollment.
  await knex.schema.createTable('person_aliases', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.string('sourced_id').notNullable();
    table.bigInteger('person_id').notNullable().references('people.id');
    table.primary(['district_id', 'sourced_id']);
    table.index(['person_id']);
  });
  await knex.schema.createTable('enrollment_aliases', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.string('sourced_id').notNullable();
    table.bigInteger('enrollment_id').notNullable().references('enrollments.id');
    table.primary(['district_id', 'sourced_id']);
    table.index(['enrollment_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['enrollment_aliases', 'person_aliases']) await knex.schema.dropTable(table);
  // As text: knex would make the table anew on SQLite, and others refer to it.
  await knex.raw('alter table districts drop column roster_modified_at');
}
