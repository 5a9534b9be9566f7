import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What OSDI says of an attendance and the ledger does not: what was announced, and how others call it.
  await knex.schema.createTable('osdi_attendances', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('enrollment_id').notNullable().references('enrollments.id');
    table.date('date').notNullable();
    table.text('status').nullable(); // of the RSVP
    table.text('comment').notNullable(); // where the ledger has no mark to hold it
    table.text('action_date').nullable(); // as sent
    table.timestamp('action_at').nullable(); // the same instant
    table.text('origin_system').nullable();
    table.text('invited_by').nullable(); // a URL
    table.text('identifiers').notNullable(); // a JSON list, as sent
    table.timestamp('created_at').notNullable();
    table.timestamp('changed_at').notNullable();
    table.primary(['district_id', 'enrollment_id', 'date']);
  });

  // What other systems call a person: `foreign_system:1`, of which `1` is the local part.
  await knex.schema.createTable('osdi_identifiers', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.text('identifier').notNullable();
    table.text('local_part').notNullable();
    table.bigInteger('person_id').notNullable().references('people.id');
    table.primary(['district_id', 'identifier']);
    table.index(['district_id', 'local_part']);
    table.index(['person_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['osdi_identifiers', 'osdi_attendances']) await knex.schema.dropTable(table);
}
