import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Changes in an order in which nothing is ever missed, those of enrollments too, so that others can follow. */
export async function up(knex: Knex, { clustered }: Engine): Promise<void> {
  // What is added to the numbers that the server gives its transactions: in another server they begin anew.
  await knex.schema.alterTable('epochs', (table) => table.bigInteger('transactions').notNullable().defaultTo(0));
  // The number of its last revision: of two transactions that wait for each other, the later one may have the lower.
  await knex.schema.alterTable('sections', (table) => table.bigInteger('transaction_id').notNullable().defaultTo(0));
  await knex.schema.alterTable('journal', (table) => {
    table.bigInteger('transaction_id').notNullable().defaultTo(0);
    table.bigInteger('revision').nullable(); // that of its section by the change; of those before nobody knows it
    table.index(['district_id', 'transaction_id', 'id']);
  });

  // What changes beside the statuses of the ledger. The ids are of one sequence with those of the journal.
  const [create, ...rest] = knex.schema
    .createTable('other_changes', (table) => {
      table.bigInteger('district_id').notNullable().references('districts.id');
      table.bigInteger('transaction_id').notNullable();
      table.bigInteger('id').notNullable();
      table.string('kind', 32).notNullable();
      table.timestamp('at').notNullable();
      table.text('api').notNullable();
      table.bigInteger('client_id').nullable();
      table.bigInteger('by_person_id').nullable();
      table.bigInteger('section_id').nullable();
      table.bigInteger('revision').nullable();
      table.bigInteger('enrollment_id').nullable();
      table.bigInteger('person_id').nullable();
      table.bigInteger('merged_id').nullable(); // a person who is no more: made one with that
      table.boolean('admin').nullable();
      table.date('begin_date').nullable(); // inclusive
      table.date('end_date').nullable(); // exclusive
      table.date('date').nullable();
      table.primary(['district_id', 'transaction_id', 'id']);
    })
    .toSQL() as unknown as { sql: string }[];
  await knex.raw(create!.sql + clustered);
  for (const { sql } of rest) await knex.raw(sql);
  // Those that leave with their school year.
  await knex.raw('create index other_changes_day_index on other_changes (section_id, date) where date is not null');

  // Up to where changes of a district were taken away: who has read less than that has missed them.
  await knex.schema.createTable('expired_changes', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('transaction_id').notNullable();
    table.bigInteger('id').notNullable();
    table.integer('times').notNullable(); // how often
    table.primary(['district_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['expired_changes', 'other_changes']) await knex.schema.dropTable(table);
  await knex.raw('drop index journal_district_id_transaction_id_id_index');
  for (const [table, column] of [
    ['journal', 'revision'],
    ['journal', 'transaction_id'],
    ['sections', 'transaction_id'],
    ['epochs', 'transactions'],
  ])
    await knex.raw(`alter table ${table} drop column ${column}`);
}
