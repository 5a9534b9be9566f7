import type { Knex } from 'knex';

/** Who works in the office of a school, as what: given by the office, in place of what the roster says of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('office_roles', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('person_id').notNullable();
    table.string('role', 24).notNullable(); // secretary or counselor
    table.bigInteger('school_id').notNullable();
    table.timestamp('given_at').notNullable();
    table.primary(['district_id', 'person_id']);
    table.index(['district_id', 'school_id']);
    table.foreign(['district_id', 'person_id']).references(['district_id', 'id']).inTable('people');
    table.foreign(['district_id', 'school_id']).references(['district_id', 'id']).inTable('schools');
  });
  // Of a role that was given.
  await knex.schema.alterTable('access_changes', (table) => {
    table.string('role', 24).nullable();
    table.bigInteger('school_id').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const column of ['role', 'school_id']) await knex.raw(`alter table access_changes drop column ${column}`);
  await knex.schema.dropTable('office_roles');
}
