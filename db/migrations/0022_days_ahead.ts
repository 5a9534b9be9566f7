import type { Knex } from 'knex';
import { today } from '../../src/days';

/**
 * Rolls of days that are yet to come are not taken. Until now a single mark took the roll of its day, also ahead of time;
 * the marks stay, and the rolls are to be taken when the day comes.
 */
export async function up(knex: Knex): Promise<void> {
  const at = new Date().toISOString();
  for (const { id, time_zone } of await knex('districts').select('id', 'time_zone')) {
    const ahead = (table: string) => `${table}.district_id = ? and ${table}.date > ?`;
    const values = [id, today(time_zone)];
    await knex.raw(
      `update sections set revision = revision + 1
      where sections.district_id = ? and sections.id in (
        select meetings.section_id from meetings where ${ahead('meetings')} and meetings.taken_at is not null)`,
      [id, ...values],
    );
    // Of whom the journal says last that they were present, somebody said so of them by themselves.
    await knex.raw(
      `insert into presences (district_id, section_id, date, enrollment_id, changed_at, api, client_id, person_id)
      select journal.district_id, journal.section_id, journal.date, journal.enrollment_id, journal.at, journal.api,
        journal.client_id, journal.person_id
      from journal
      join meetings on meetings.district_id = journal.district_id and meetings.section_id = journal.section_id
        and meetings.date = journal.date and meetings.taken_at is not null
      where ${ahead('journal')} and journal.to_status = 1 and journal.enrollment_id is not null
        and journal.id = (
          select max(later.id) from journal as later
          where later.section_id = journal.section_id and later.date = journal.date
            and later.enrollment_id = journal.enrollment_id)`,
      values,
    );
    await knex.raw(
      `insert into journal (district_id, section_id, date, enrollment_id, at, api, client_id, person_id,
        from_status, from_comment, to_status, to_comment, code_id)
      select meetings.district_id, meetings.section_id, meetings.date, null, '${at}', 'migrate', null, null, null, '', null,
        'not taken', null
      from meetings
      where ${ahead('meetings')} and meetings.taken_at is not null`,
      values,
    );
    await knex.raw(
      `update meetings set taken_at = null where ${ahead('meetings')} and meetings.taken_at is not null`,
      values,
    );
  }
}

/** Nothing to take back: nobody can tell any more which of them were taken. */
export const down = async (): Promise<void> => undefined;
