import type { Invariant } from '../database/invariants';
import {
  enrollmentsOfPerson,
  erasedText,
  ofEnrollments,
  ofPerson,
  type PersonalData,
  usual,
} from '../database/personal-data';
import { enrolledOn } from '../roster/enrolled';

const { id, district_id, section_id, enrollment_id, date } = usual;

const marks = {
  district_id,
  section_id,
  date,
  enrollment_id,
  status: '2 absent, 3 late, 4 excused',
  comment: 'what was said of it',
  code_id: "the school's attendance code",
  changed_at: 'when it was last changed, ISO 8601',
  client_id: 'the API client that did it',
  person_id: 'the person that the client acted for',
};

const presences = {
  district_id,
  section_id,
  date,
  enrollment_id,
  changed_at: 'when it was said, ISO 8601',
  api: 'the API it was said by',
  client_id: 'the API client that said it',
  person_id: 'the person that the client acted for',
};

const journal = {
  id,
  district_id,
  section_id,
  date,
  enrollment_id: 'the enrollment; none where it is about the whole meeting',
  at: 'when it was done, ISO 8601',
  api: 'the API or command it was done by',
  client_id: 'the API client that did it',
  person_id: 'the person that the client acted for',
  from_status: 'before: 1 present, 2 absent, 3 late, 4 excused; none where nothing was known',
  from_comment: 'the comment before',
  to_status: 'the status after',
  to_comment: 'the comment after',
  code_id: "the school's attendance code",
  transaction_id: 'by which changes are put in their order, with the id',
  revision: 'that of the section by the change; none where nobody knows it',
};

/** Of no mark on a meeting that was taken, while enrolled as a student. */
const present = `(
  select meetings.district_id, meetings.section_id, mine.person_id, mine.id as enrollment_id, meetings.date, meetings.taken_at
  from enrollments as mine
  join meetings on meetings.district_id = :district and meetings.section_id = mine.section_id
    and meetings.taken_at is not null and ${enrolledOn('mine', 'meetings.date')}
  where mine.person_id = :person and +mine.district_id = :district and not mine.admin
    and not exists (
      select 1 from marks where marks.district_id = :district and marks.section_id = mine.section_id
        and marks.date = meetings.date and marks.enrollment_id = mine.id))`;

const byDay = ['section_id', 'date', 'enrollment_id'];

/** What the ledger holds of a person: what is said of them, and what was written for them. */
export const ledgerPersonalData: readonly PersonalData[] = [
  {
    name: 'marks',
    table: 'marks',
    where: ofEnrollments,
    daily: 'section',
    key: byDay,
    columns: marks,
    erasure: { comment: erasedText('comment') },
  },
  {
    name: 'present',
    table: 'meetings',
    source: present,
    where: ofPerson,
    daily: 'section',
    key: ['enrollment_id', 'date'],
    columns: { section_id, enrollment_id, date, taken_at: 'when the roll was taken, ISO 8601' },
  },
  {
    name: 'presences',
    table: 'presences',
    where: ofEnrollments,
    daily: 'section',
    key: byDay,
    columns: presences,
  },
  {
    name: 'presences_told',
    table: 'presences',
    where: `${ofPerson} and held.enrollment_id not in ${enrollmentsOfPerson('id')}`,
    daily: 'section',
    key: byDay,
    columns: presences,
  },
  {
    name: 'journal',
    table: 'journal',
    where: `+${ofEnrollments}`, // by its section: the journal of a district is long
    daily: 'section',
    key: ['id'],
    columns: journal,
    erasure: { from_comment: erasedText('from_comment'), to_comment: erasedText('to_comment') },
  },
  {
    name: 'marks_made',
    table: 'marks',
    where: `${ofPerson} and held.enrollment_id not in ${enrollmentsOfPerson('id')}`,
    daily: 'section',
    key: byDay,
    columns: marks,
  },
  {
    name: 'acts',
    table: 'journal',
    where: `+${ofPerson}`,
    daily: 'section',
    key: ['id'],
    columns: journal,
  },
];

/** The last that the journal says of each entry. */
const last = `(select last.*
  from (
    select journal.district_id, journal.section_id, journal.date, journal.enrollment_id, max(journal.id) as id
    from journal
    where journal.enrollment_id is not null
    group by journal.district_id, journal.section_id, journal.date, journal.enrollment_id) as newest
  join journal as last on last.district_id = newest.district_id and last.id = newest.id and last.date = newest.date)`;

const sameEntry = (one: string, other: string): string =>
  ['district_id', 'section_id', 'date', 'enrollment_id'].map((key) => `${one}.${key} = ${other}.${key}`).join(' and ');

const sameMeeting = (table: string): string =>
  `meetings.district_id = ${table}.district_id and meetings.section_id = ${table}.section_id and meetings.date = ${table}.date`;

const entry = (table: string): string =>
  `${table}.district_id, ${table}.section_id, ${table}.date, ${table}.enrollment_id`;

const ofStudent = (table: string, what: string) => ({
  right: `${what} is of a student's enrollment in the same section and district.`,
  broken: `select ${entry(table)}, enrollments.section_id as enrollment_section, enrollments.admin as teacher
    from ${table}
    left join enrollments on enrollments.district_id = ${table}.district_id and enrollments.id = ${table}.enrollment_id
    where enrollments.id is null or enrollments.section_id <> ${table}.section_id or enrollments.admin`,
});

const inDays = (table: string, what: string) => ({
  right: `The enrollment of ${what} is active on its date.`,
  broken: `select ${entry(table)}, enrollments.begin_date, enrollments.end_date
    from ${table}
    join enrollments on enrollments.district_id = ${table}.district_id and enrollments.id = ${table}.enrollment_id
    where not ${enrolledOn('enrollments', `${table}.date`)}`,
});

const ofPresences: readonly Omit<Invariant, 'table' | 'level'>[] = [
  {
    name: 'presence_meeting',
    right: 'A presence is on a meeting whose roll is not taken: once it is, present is implied.',
    broken: `select ${entry('presences')}, meetings.taken_at
      from presences
      left join meetings on ${sameMeeting('presences')}
      where meetings.section_id is null or meetings.taken_at is not null`,
  },
  {
    name: 'presence_mark',
    right: 'A presence is of a student who has no mark on that date.',
    broken: `select ${entry('presences')}, marks.status
      from presences
      join marks on ${sameEntry('marks', 'presences')}`,
  },
  {
    name: 'presence_journaled',
    right: 'The last row of the journal of the same enrollment and date says present.',
    broken: `select ${entry('presences')}, last.id as journal_id, last.to_status as journal_status
      from presences
      left join ${last} as last on ${sameEntry('last', 'presences')}
      where last.to_status is distinct from 1`,
  },
  { name: 'presence_enrollment', ...ofStudent('presences', 'A presence') },
];

const ofMarks: readonly Omit<Invariant, 'table' | 'level'>[] = [
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
    name: 'mark_meeting',
    right: 'A mark is on a meeting.',
    broken: `select ${entry('marks')}
      from marks
      left join meetings on ${sameMeeting('marks')}
      where meetings.section_id is null`,
  },
  { name: 'mark_enrollment', ...ofStudent('marks', 'A mark') },
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
  ...ofMarks.map((invariant): Invariant => ({ ...invariant, table: 'marks', level: 'error' })),
  ...ofPresences.map((invariant): Invariant => ({ ...invariant, table: 'presences', level: 'error' })),
  // The roster may have been changed since.
  { name: 'mark_days', table: 'marks', level: 'warning', ...inDays('marks', 'a mark') },
  { name: 'presence_days', table: 'presences', level: 'warning', ...inDays('presences', 'a presence') },
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
    name: 'journal_present',
    table: 'journal',
    level: 'error',
    right:
      'An entry of which the journal says last that it is present, on a meeting that is not taken, has a presence.',
    broken: `select ${entry('last')}, last.id
      from ${last} as last
      join meetings on ${sameMeeting('last')} and meetings.taken_at is null
      left join presences on ${sameEntry('presences', 'last')}
      join enrollments on enrollments.district_id = last.district_id and enrollments.id = last.enrollment_id
        and ${enrolledOn('enrollments', 'last.date')}
      where last.to_status = 1 and presences.enrollment_id is null`,
  },
  {
    name: 'journal_enrollment',
    table: 'journal',
    level: 'error',
    right: 'The journal is of enrollments in the same section and district.',
    broken: `select journal.id, ${entry('journal')}
      from journal
      left join enrollments on enrollments.district_id = journal.district_id and enrollments.id = journal.enrollment_id
      where journal.enrollment_id is not null
        and (enrollments.id is null or enrollments.section_id <> journal.section_id)`,
  },
  {
    name: 'journal_meeting',
    table: 'journal',
    level: 'error',
    right:
      'What the journal tells happened at a meeting, but for notes of erasures and merges, which change no status.',
    broken: `select journal.id, ${entry('journal')}
      from journal
      left join meetings on ${sameMeeting('journal')}
      where meetings.section_id is null
        and (journal.enrollment_id is null or journal.from_status is not null or journal.to_status is not null)`,
  },
  {
    name: 'meeting_journaled',
    table: 'meetings',
    level: 'error',
    right: 'The journal says of each meeting whose roll is taken that it was, and of every other what happened at it.',
    broken: `select meetings.district_id, meetings.section_id, meetings.date, meetings.taken_at
      from meetings
      left join (
        select journal.district_id, journal.section_id, journal.date,
          max(case when journal.enrollment_id is null and journal.to_comment = '' then journal.id end) as taken,
          max(case when journal.enrollment_id is null and journal.to_comment = 'not taken' then journal.id end) as untaken
        from journal
        group by journal.district_id, journal.section_id, journal.date) as written on ${sameMeeting('written')}
      where written.section_id is null
        or (meetings.taken_at is not null and coalesce(written.taken, 0) <= coalesce(written.untaken, 0))
        or (meetings.taken_at is null and coalesce(written.taken, 0) > coalesce(written.untaken, 0))`,
  },
  {
    name: 'meeting_section',
    table: 'meetings',
    level: 'error',
    right: 'A meeting is of a section of the same district.',
    broken: `select meetings.district_id, meetings.section_id, meetings.date
      from meetings
      left join sections on sections.district_id = meetings.district_id and sections.id = meetings.section_id
      where sections.id is null`,
  },
  {
    name: 'section_revision',
    table: 'sections',
    level: 'error',
    right:
      'Each write raises the revision of its section: it is above 0 where the journal tells of one, and never below.',
    broken: `select sections.id, sections.district_id, sections.revision
      from sections
      where sections.revision < 0
        or (sections.revision = 0 and (sections.district_id, sections.id) in (
          select journal.district_id, journal.section_id from journal))`,
  },
];
