import type { Knex } from 'knex';

/** Whether an absence is of days, or of who came late or left early, whose comings and goings of a day are listed. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('absences', (table) => {
    table.string('kind', 16).notNullable().defaultTo('absence'); // absence, late_arrival or early_dismissal
    table.index(['district_id', 'from_date']);
  });
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the table anew on SQLite, and others refer to it.
  await knex.raw('drop index absences_district_id_from_date_index');
  await knex.raw('alter table absences drop column kind');
}
