import type { Knex } from 'knex';

/** What was sent by a webhook is in the audit of reads, too: which webhook it was, and the host that it went to. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('reads', (table) => {
    table.bigInteger('webhook_id').nullable(); // null: it was asked for
    table.text('host').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const column of ['host', 'webhook_id']) await knex.raw(`alter table reads drop column ${column}`);
}
