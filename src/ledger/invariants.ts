import type { Invariant } from '../database/invariants';

/** The last that the journal says of each entry. */
const last = `(select last.*
  from (
    select journal.district_id, journal.section_id, journal.date, journal.enrollment_id, max(journal.id) as id
    from journal
    where journal.enrollment_id is not null
    group by journal.district_id, journal.section_id, journal.date, journal.enrollment_id) as newest
  join journal as last on last.id = newest.id and last.date = newest.date)`;

const sameEntry = (one: string, other: string): string =>
  ['district_id', 'section_id', 'date', 'enrollment_id'].map((key) => `${one}.${key} = ${other}.${key}`).join(' and ');

const sameMeeting = (table: string): string =>
  `meetings.district_id = ${table}.district_id and meetings.section_id = ${table}.section_id and meetings.date = ${table}.date`;

const entry = (table: string): string =>
  `${table}.district_id, ${table}.section_id, ${table}.date, ${table}.enrollment_id`;

const marks: readonly Omit<Invariant, 'table' | 'level'>[] = [
  {
    name: 'mark_status',
    right: 'A mark is absent (2), late (3) or excused (4); present is no mark.',
    broken: `select ${entry('marks')}, marks.status from marks where marks.status not in (2, 3, 4)`,
  },
  {
    name: 'mark_journaled',
    right: 'The last row of the journal of the same enrollment and date says the same status, comment and code.',
    broken: `select ${entry('marks')}, marks.status, last.id as journal_id, last.to_status as journal_status
      from marks
      left join ${last} as last on ${sameEntry('last', 'marks')}
      where last.id is null or last.to_status is distinct from marks.status or last.to_comment <> marks.comment
        or last.code_id is distinct from marks.code_id`,
  },
  {
    name: 'mark_taken',
    right: 'A mark is on a meeting whose roll has been taken.',
    broken: `select ${entry('marks')}
      from marks
      left join meetings on ${sameMeeting('marks')}
      where meetings.taken_at is null`,
  },
  {
    name: 'mark_enrollment',
    right: "A mark is of a student's enrollment in the same section and district.",
    broken: `select ${entry('marks')}, enrollments.section_id as enrollment_section,
        enrollments.district_id as enrollment_district, enrollments.admin as teacher
      from marks
      left join enrollments on enrollments.id = marks.enrollment_id
      where enrollments.id is null or enrollments.section_id <> marks.section_id
        or enrollments.district_id <> marks.district_id or enrollments.admin`,
  },
  {
    name: 'mark_code',
    right: 'The code of a mark is one of its district.',
    broken: `select ${entry('marks')}, marks.code_id
      from marks
      left join attendance_codes on attendance_codes.id = marks.code_id
        and attendance_codes.district_id = marks.district_id
      where marks.code_id is not null and attendance_codes.id is null`,
  },
];

/** What the ledger promises of what it holds, as far as rows can break it. */
export const ledgerInvariants: readonly Invariant[] = [
  ...marks.map((invariant): Invariant => ({ ...invariant, table: 'marks', level: 'error' })),
  {
    name: 'mark_days',
    table: 'marks',
    level: 'warning', // the roster may have been changed since
    right: 'The enrollment of a mark is active on its date.',
    broken: `select ${entry('marks')}, enrollments.begin_date, enrollments.end_date
      from marks
      join enrollments on enrollments.id = marks.enrollment_id
      where marks.date < enrollments.begin_date or marks.date >= enrollments.end_date`,
  },
  {
    name: 'journal_marked',
    table: 'journal',
    level: 'error',
    right: 'An entry of which the journal says last that it is absent, late or excused has a mark.',
    broken: `select ${entry('last')}, last.id, last.to_status
      from ${last} as last
      left join marks on ${sameEntry('marks', 'last')}
      where last.to_status <> 1 and marks.enrollment_id is null`,
  },
  {
    name: 'journal_enrollment',
    table: 'journal',
    level: 'error',
    right: 'The journal is of enrollments in the same section and district.',
    broken: `select journal.id, ${entry('journal')}
      from journal
      left join enrollments on enrollments.id = journal.enrollment_id
      where journal.enrollment_id is not null and (enrollments.id is null
        or enrollments.section_id <> journal.section_id or enrollments.district_id <> journal.district_id)`,
  },
  {
    name: 'journal_meeting',
    table: 'journal',
    level: 'error',
    right:
      'What the journal tells happened at a meeting, and whatever it says of an entry at one that was taken, unless it ' +
      'notes of a day of which nothing is known that comments were erased.',
    broken: `select journal.id, ${entry('journal')}
      from journal
      left join meetings on ${sameMeeting('journal')}
      where (meetings.section_id is null or (journal.enrollment_id is not null and meetings.taken_at is null))
        and not (journal.enrollment_id is not null and journal.from_status is null and journal.to_status is null)`,
  },
  {
    name: 'meeting_journaled',
    table: 'meetings',
    level: 'error',
    right: 'The journal says of each meeting that it was scheduled, or its roll taken.',
    broken: `select meetings.district_id, meetings.section_id, meetings.date
      from meetings
      left join (
        select distinct journal.district_id, journal.section_id, journal.date
        from journal
        where journal.enrollment_id is null) as told on ${sameMeeting('told')}
      where told.section_id is null`,
  },
  {
    name: 'meeting_section',
    table: 'meetings',
    level: 'error',
    right: 'A meeting is of a section of the same district.',
    broken: `select meetings.district_id, meetings.section_id, meetings.date, sections.district_id as section_district
      from meetings
      left join sections on sections.id = meetings.section_id
      where sections.id is null or sections.district_id <> meetings.district_id`,
  },
  {
    name: 'section_revision',
    table: 'sections',
    level: 'error',
    right:
      'Each write raises the revision of its section: it is above 0 where the journal tells of one, and never below.',
    broken: `select sections.id, sections.district_id, sections.revision
      from sections
      where sections.revision < 0 or (sections.revision = 0 and sections.id in (select journal.section_id from journal))`,
  },
];
