import type { Knex } from 'knex';

/**
 * By which a post that is tried again is known: what made a part of a day, and when. Of parts that are known by their key,
 * and of those that were made before, there is none.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('powerschool_attendance', (table) => {
    table.string('fingerprint', 64).nullable();
    table.timestamp('posted_at').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the table anew on SQLite.
  await knex.raw('alter table powerschool_attendance drop column posted_at');
  await knex.raw('alter table powerschool_attendance drop column fingerprint');
}
