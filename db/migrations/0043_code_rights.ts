import type { Knex } from 'knex';

/** Which codes of a school the office alone uses, and in which colour a code is shown: `#rrggbb`, or empty. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('attendance_codes', (table) => {
    table.boolean('office_only').notNullable().defaultTo(false);
    table.string('color', 7).notNullable().defaultTo('');
  });
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the table anew on SQLite, and others refer to it.
  for (const column of ['office_only', 'color']) await knex.raw(`alter table attendance_codes drop column ${column}`);
}
