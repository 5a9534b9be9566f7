import type { Knex } from 'knex';

/** When people and meetings were last changed, so that who keeps a copy of them asks for what is new alone. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('people', (table) => {
    table.timestamp('modified_at').nullable();
    table.index(['district_id', 'modified_at']);
  });
  // Nobody knows of those who are there: not after now. Whoever asks what is new meets each of them once.
  await knex('people').update({ modified_at: new Date().toISOString() });
  // Addresses are compared without regard to case.
  await knex.raw('create index people_mail_index on people (district_id, lower(email))');
  await knex.raw('drop index people_district_id_email_index');

  // When it was made, and when it, a mark or a presence of it was last changed.
  await knex.schema.alterTable('meetings', (table) => {
    table.timestamp('created_at').nullable();
    table.timestamp('changed_at').nullable();
    table.index(['district_id', 'changed_at']);
  });
  // The journal tells of every meeting what happened at it.
  await knex.raw(
    `update meetings set created_at = written.first, changed_at = written.last
    from (
      select journal.district_id, journal.section_id, journal.date, min(journal.at) as first, max(journal.at) as last
      from journal
      group by journal.district_id, journal.section_id, journal.date) as written
    where written.district_id = meetings.district_id and written.section_id = meetings.section_id
      and written.date = meetings.date`,
  );
}

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make the tables anew on SQLite, and others refer to them.
  for (const index of [
    'meetings_district_id_changed_at_index',
    'people_mail_index',
    'people_district_id_modified_at_index',
  ])
    await knex.raw(`drop index ${index}`);
  await knex.raw('create index people_district_id_email_index on people (district_id, email)');
  for (const column of ['created_at', 'changed_at']) await knex.raw(`alter table meetings drop column ${column}`);
  await knex.raw('alter table people drop column modified_at');
}
