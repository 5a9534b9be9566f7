import type { Knex } from 'knex';

/** An invitation that somebody has asked for by email can be accepted by a code as well, where they have asked for it. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('invitations', (table) => {
    table.string('request_hash', 64).nullable(); // SHA-256 of what the browser was given that asked; null: the office made it
    table.string('code_hash', 64).nullable(); // SHA-256 of that and the code
    table.integer('tries').notNullable().defaultTo(0); // of the code
    table.index(['request_hash']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index invitations_request_hash_index');
  for (const column of ['tries', 'code_hash', 'request_hash'])
    await knex.raw(`alter table invitations drop column ${column}`);
}
