import type { Knex } from 'knex';
import type { Engine } from '../database/database';
import { openTransactionNumber } from '../database/epoch';
import { text } from '../database/query';
import { day, integer, nullable, type RowOf, string } from '../database/rows';
import { rightToWrite, substitutedDays } from '../roster/access';
import { enrolledOn, openKeptDays } from '../roster/enrolled';
import { exception, meetingRow, Status } from './attendance';
import { enrollmentRow, entryValueRow, type PlacedMark } from './resolve';

export type WriteSql = ReturnType<typeof writeSql>;

/** Of whom on which day. */
const entryKey = { enrollment_id: integer, date: day };
export type EntryKey = RowOf<typeof entryKey>;

const onDay = (table: string) =>
  `${table}.district_id = :district and ${table}.section_id = asked.section_id and ${table}.date = asked.date`;

/** The statements of a write: each takes all its rows from one JSON parameter, however many they are. */
export function writeSql(engine: Engine) {
  const { knex } = engine;
  const keys = engine.rows('keys', { section_id: 'bigint', date: 'date', enrollment_id: 'bigint' });
  const days = engine.rows('days', { section_id: 'bigint', date: 'date' });
  const heldSections = (locked: (query: Knex.QueryBuilder) => Knex.QueryBuilder) =>
    locked(
      knex('sections')
        .select(
          'sections.id',
          'sections.revision',
          knex.raw('(select districts.time_zone from districts where districts.id = :district) as time_zone'),
          knex.raw(`(select schools.edit_days from schools
            where schools.district_id = :district and schools.id = sections.school_id) as edit_days`),
        )
        .whereRaw(`+sections.district_id = :district and ${engine.hasOneOf('sections.id', 'sections')}`)
        .orderBy('sections.id'),
    ).toQuery();
  const heldRow = { id: integer, revision: integer, time_zone: string, edit_days: nullable(integer) };
  /** The last rows in the journal of entries, of those that meet the condition. */
  const lastChanges = (condition = '') => `(
        select max(journal.id) as id, journal.date
        from ${keys} as asked
        ${engine.lookUp('journal', `+${onDay('journal')} and journal.enrollment_id = asked.enrollment_id ${condition}`)}
        group by journal.enrollment_id, journal.date) as last
      ${engine.lookUp('journal', 'journal.district_id = :district and journal.id = last.id and journal.date = last.date')}`;
  return {
    keptDays: openKeptDays(engine),
    substitutedDays: substitutedDays(engine),
    enrollments: text(
      knex,
      `select enrollments.id, enrollments.section_id, enrollments.admin, enrollments.begin_date, enrollments.end_date,
        ${rightToWrite('enrollments.section_id')} as permitted
      from enrollments
      where +enrollments.district_id = :district and ${engine.hasOneOf('enrollments.id', 'ids')}`,
      enrollmentRow,
    ),
    // Holds other writers of these sections back until we commit; in the order of ids, so that none waits in a circle.
    lockSections: text(
      knex,
      heldSections((query) => query.forUpdate()),
      heldRow,
    ),
    // The same, holding nobody back.
    sections: text(
      knex,
      heldSections((query) => query),
      heldRow,
    ),
    // By the day: a meeting has few marks, which lie side by side, and a roll is written whole. A row of each meeting, and
    // one of each of its entries; of a day without a meeting no more is looked up.
    stored: text(
      knex,
      `select stored.* from (
        with met as (
          select meetings.section_id, meetings.date, meetings.taken_at
          from ${days} as asked
          ${engine.lookUp('meetings', onDay('meetings'))})
        select asked.*, marks.enrollment_id, marks.status, marks.comment, marks.code_id as code
        from met as asked
        ${engine.lookUp('marks', onDay('marks'))}
        union all
        select asked.*, presences.enrollment_id, ${Status.present}, '', null
        from met as asked
        ${engine.lookUp('presences', onDay('presences'))}
        union all
        select met.*, null, null, '', null from met) as stored`,
      { ...meetingRow, enrollment_id: nullable(integer), ...entryValueRow },
    ),
    // Everybody whose status a roll of these days is of.
    students: text(
      knex,
      `select asked.section_id, asked.date, enrollments.id as enrollment_id
      from ${days} as asked
      cross join enrollments
      where enrollments.section_id = asked.section_id and +enrollments.district_id = :district
        and not enrollments.admin and ${enrolledOn('enrollments', 'asked.date')}`,
      { section_id: integer, ...entryKey },
    ),
    // What absences that stand say (`src/absences`): it does not complete a roll.
    absences: text(
      knex,
      `select absence_marks.enrollment_id, absence_marks.date, absence_marks.to_status as status,
        absence_marks.to_comment as comment, absence_marks.to_code_id as code
      from ${keys} as asked
      ${engine.lookUp(
        'absence_marks',
        `absence_marks.district_id = :district and absence_marks.enrollment_id = asked.enrollment_id
          and absence_marks.date = asked.date`,
      )}
        and exists (
          select 1 from absences
          where absences.district_id = :district and absences.id = absence_marks.absence_id
            and absences.taken_back_at is null)`,
      { ...entryKey, ...entryValueRow, status: exception },
    ),
    // The last value in the journal of an entry.
    lastJournaled: text(
      knex,
      `select journal.enrollment_id, journal.date, journal.to_status as status, journal.to_comment as comment,
        journal.code_id as code
      from ${lastChanges()}`,
      { ...entryKey, ...entryValueRow },
    ),
    // Which of these codes the office alone uses.
    officeCodes: text(
      knex,
      `select codes.id, codes.code
      from ${engine.rows('ids', { id: 'bigint' })} as asked
      cross join attendance_codes as codes
      where codes.id = asked.id and codes.district_id = :district and codes.office_only`,
      { id: integer, code: string },
    ),
    // Every code that was ever said of an entry.
    journaledCodes: text(
      knex,
      `select distinct journal.enrollment_id, journal.date, journal.code_id as code
      from ${keys} as asked
      ${engine.lookUp(
        'journal',
        `+${onDay('journal')} and journal.enrollment_id = asked.enrollment_id and journal.code_id is not null`,
      )}`,
      { ...entryKey, code: integer },
    ),
    // Through which API an entry's status and comment were last changed: who gives it another code has not said it.
    authors: text(
      knex,
      `select journal.enrollment_id, journal.date, journal.api
      from ${lastChanges(`and (coalesce(journal.from_status, 0) <> coalesce(journal.to_status, 0)
          or journal.from_comment <> journal.to_comment)`)}`,
      { ...entryKey, api: string },
    ),
    putMarks: text(
      knex,
      `insert into marks (district_id, section_id, date, enrollment_id, status, comment, code_id, changed_at, client_id, person_id)
      select :district, section_id, date, enrollment_id, status, comment, code_id, :at, :client, :person
      from ${engine.rows('marks', { section_id: 'bigint', date: 'date', enrollment_id: 'bigint', status: 'smallint', comment: 'text', code_id: 'bigint' })} as changed
      where true
      on conflict (district_id, section_id, date, enrollment_id) do update set
        status = excluded.status, comment = excluded.comment, code_id = excluded.code_id,
        changed_at = excluded.changed_at, client_id = excluded.client_id, person_id = excluded.person_id`,
    ),
    removeMarks: text(
      knex,
      `delete from marks
      where marks.district_id = :district
        and (marks.section_id, marks.date, marks.enrollment_id) in (
          select gone.section_id, gone.date, gone.enrollment_id from ${keys} as gone)`,
    ),
    takeMeetings: text(
      knex,
      `insert into meetings (district_id, section_id, date, taken_at, created_at, changed_at)
      select :district, section_id, date, :at, :at, :at
      from ${days} as taken
      where true
      on conflict (district_id, section_id, date) do update set
        taken_at = excluded.taken_at, changed_at = excluded.changed_at`,
    ),
    untakeMeetings: text(
      knex,
      `update meetings set taken_at = null, changed_at = :at
      where meetings.district_id = :district and meetings.taken_at is not null
        and (meetings.section_id, meetings.date) in (select asked.section_id, asked.date from ${days} as asked)
      returning section_id`,
      { section_id: integer },
    ),
    // Meetings of which something is said; one that is not there yet begins with it.
    changeMeetings: text(
      knex,
      `insert into meetings (district_id, section_id, date, created_at, changed_at)
      select :district, section_id, date, :at, :at
      from ${days} as changed
      where true
      on conflict (district_id, section_id, date) do update set changed_at = excluded.changed_at`,
    ),
    beginMeetings: text(
      knex,
      `insert into meetings (district_id, section_id, date, created_at, changed_at)
      select sections.district_id, sections.id, begun.date, :at, :at
      from ${days} as begun
      cross join sections
      where sections.id = begun.section_id and sections.district_id = :district
      on conflict (district_id, section_id, date) do nothing
      returning section_id`,
      { section_id: integer },
    ),
    putPresences: text(
      knex,
      `insert into presences (district_id, section_id, date, enrollment_id, changed_at, api, client_id, person_id)
      select :district, section_id, date, enrollment_id, :at, :api, :client, :person
      from ${keys} as present
      where true
      on conflict (district_id, section_id, date, enrollment_id) do nothing`,
    ),
    removePresences: text(
      knex,
      `delete from presences
      where presences.district_id = :district
        and (presences.section_id, presences.date, presences.enrollment_id) in (
          select gone.section_id, gone.date, gone.enrollment_id from ${keys} as gone)`,
    ),
    clearPresences: text(
      knex,
      `delete from presences
      where presences.district_id = :district
        and (presences.section_id, presences.date) in (select taken.section_id, taken.date from ${days} as taken)`,
    ),
    // Of students whose last value in the journal is present: somebody has said so of the student alone.
    restorePresences: text(
      knex,
      `insert into presences (district_id, section_id, date, enrollment_id, changed_at, api, client_id, person_id)
      select journal.district_id, journal.section_id, journal.date, journal.enrollment_id, journal.at, journal.api,
        journal.client_id, journal.person_id
      from (
        select max(journal.id) as id
        from journal
        where journal.section_id = :section and +journal.district_id = :district and journal.date = :date
          and journal.enrollment_id is not null
        group by journal.enrollment_id) as last
      join journal on +journal.district_id = :district and journal.id = last.id and journal.date = :date
      join enrollments on enrollments.district_id = journal.district_id
        and enrollments.id = journal.enrollment_id and ${enrolledOn('enrollments', 'journal.date')}
      where journal.to_status = 1
      on conflict (district_id, section_id, date, enrollment_id) do nothing`,
    ),
    writeJournal: text(
      knex,
      `insert into journal (district_id, transaction_id, section_id, revision, date, enrollment_id, at, api, client_id,
        person_id, from_status, from_comment, to_status, to_comment, code_id)
      select sections.district_id, sections.transaction_id, written.section_id, sections.revision, written.date,
        written.enrollment_id, :at, :api, :client, :person, written.from_status, written.from_comment, written.to_status,
        written.to_comment, written.code_id
      from ${engine.rows('rows', {
        section_id: 'bigint',
        date: 'date',
        enrollment_id: 'bigint',
        from_status: 'smallint',
        from_comment: 'text',
        to_status: 'smallint',
        to_comment: 'text',
        code_id: 'bigint',
      })} as written
      ${engine.lookUp('sections', 'sections.id = written.section_id and sections.district_id = :district')}`,
    ),
    transactionNumber: openTransactionNumber(engine),
    // Of two that wait for each other, the later transaction may have the lower number: then it takes that of the other.
    raiseRevisions: text(
      knex,
      `update sections set revision = revision + 1,
        transaction_id = case when transaction_id > :number then transaction_id else :number end
      where district_id = :district and ${engine.hasOneOf('id', 'sections')}`,
    ),
  };
}

/** A section on a date. */
export interface MeetingKey {
  readonly section: number;
  readonly date: string;
}

export const keyRows = (marks: Iterable<PlacedMark>): string =>
  JSON.stringify([...marks].map(({ section, date, enrollment }) => [section, date, enrollment]));

export const idRows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));
export const dayRows = (days: Iterable<MeetingKey>): string =>
  JSON.stringify([...days].map(({ section, date }) => [section, date]));
