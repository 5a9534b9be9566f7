import type { Engine } from '../database/database';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { enrolledOn } from '../roster/enrolled';
import { entryRow, exception, journalRow, markRow, meetingRow } from './attendance';

/** SQL for a column of the student's presence; null where there is none. */
export const presenceOf = (column: string, meetings: string, enrollment: string): string => `(
  select ${column} from presences
  where presences.district_id = ${meetings}.district_id and presences.section_id = ${meetings}.section_id
    and presences.date = ${meetings}.date and presences.enrollment_id = ${enrollment})`;

/** SQL for the known status: the mark's; present where the roll is taken, or where there is a presence; else null. */
export const knownStatus = (meetings: string, enrollment: string): string => `case
  when marks.status is not null then marks.status
  when ${meetings}.taken_at is not null then 1
  else ${presenceOf('1', meetings, enrollment)} end`;

/** The rows of one section in a range of days, after a place in the order (date, enrollment). */
const inRange = (table: string) => `
  ${table}.district_id = :district and ${table}.section_id = :section
  and ${table}.date >= :from and ${table}.date <= :to`;

const ofEnrollment = (column: string) =>
  `(cast(:enrollment as bigint) is null or ${column} = cast(:enrollment as bigint))`;

/** The statements that read attendance, compiled once for an engine. */
export function readSql({ knex }: Engine) {
  return {
    // The one that front ends ask all day: one range of the key, nothing to decide row by row.
    firstMarks: text(
      knex,
      `select marks.enrollment_id, marks.date, marks.status, marks.comment
      from marks
      where ${inRange('marks')}
      order by marks.date, marks.enrollment_id
      limit :limit`,
      markRow,
    ),
    marks: text(
      knex,
      `select marks.enrollment_id, marks.date, marks.status, marks.comment
      from marks
      where ${inRange('marks')}
        and (marks.date, marks.enrollment_id) > (:after_date, :after_enrollment)
        and ${ofEnrollment('marks.enrollment_id')}
      order by marks.date, marks.enrollment_id
      limit :limit offset :offset`,
      markRow,
    ),
    totals: text(
      knex,
      `select marks.status, count(*) as count
      from marks
      where ${inRange('marks')} and ${ofEnrollment('marks.enrollment_id')}
      group by marks.status
      order by marks.status`,
      { status: exception, count: integer },
    ),
    meetings: text(
      knex,
      `select meetings.section_id, meetings.date, meetings.taken_at
      from meetings
      where ${inRange('meetings')}
      order by meetings.date`,
      meetingRow,
    ),
    // A mark is shown even where the SIS has since moved the enrollment's days away from it.
    entries: text(
      knex,
      `select enrollments.id as enrollment_id, enrollments.person_id, meetings.date,
        ${knownStatus('meetings', 'enrollments.id')} as status,
        coalesce(marks.comment, '') as comment
      from meetings
      join enrollments on +enrollments.district_id = meetings.district_id
        and enrollments.section_id = meetings.section_id and not enrollments.admin
      left join marks on marks.district_id = meetings.district_id and marks.section_id = meetings.section_id
        and marks.date = meetings.date and marks.enrollment_id = enrollments.id
        and marks.date >= :from and marks.date <= :to
      where ${inRange('meetings')}
        and (meetings.date, enrollments.id) > (:after_date, :after_enrollment)
        and ${ofEnrollment('enrollments.id')}
        and (marks.status is not null
          or ${enrolledOn('enrollments', 'meetings.date')})
      order by meetings.date, enrollments.id
      limit :limit offset :offset`,
      entryRow,
    ),
    history: text(knex, history(''), journalRow),
    sectionHistory: text(
      knex,
      history(`and journal.section_id = :section and ${ofEnrollment('journal.enrollment_id')}`),
      journalRow,
    ),
  };
}

/** Journal rows of a district, newest first, so that a reader who wants the last ones reads no others. */
const history = (scope: string) => `
  select journal.id, journal.section_id, journal.date, journal.enrollment_id, journal.at, journal.api,
    journal.client_id, journal.person_id,
    journal.from_status, journal.from_comment, journal.to_status, journal.to_comment, journal.code_id
  from journal
  where +journal.district_id = :district and journal.id < :before and journal.at >= :since ${scope}
  order by journal.id desc
  limit :limit`;
