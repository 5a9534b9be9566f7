import type { Mode } from '../../../schemas/powerschool/attendance';
import type { Engine } from '../../database/database';
import type { Invariant } from '../../database/invariants';
import { erasedText, ofEnrollments, type PersonalData, usual } from '../../database/personal-data';
import { text } from '../../database/query';
import { day, instant, integer, nullable, oneOf, type RowOf, string } from '../../database/rows';
import { status } from '../../ledger/attendance';
import { mayReadOn } from '../../roster/access';
import { extensionOfEntries } from '../extension-tables';

/** A `yearid` is the year in which the school year starts, less this one: 2025-26 is 35. */
export const YEAR_ZERO = 1990;

export const modes: readonly Mode[] = ['ATT_ModeDaily', 'ATT_ModeTime', 'ATT_ModeMeeting', 'ATT_ModeInterval'];

/** A part of a student's day in a section, as it was posted and is stored. */
const partRow = {
  id: integer,
  section_id: integer,
  date: day,
  enrollment_id: integer,
  /** Which part of the day, by the key of its mode. */
  part: string,
  mode: oneOf(...modes),
  code_id: integer,
  status,
  comment: string,
  period: string,
  program: string,
  calendar_day: string,
  att_interval: nullable(integer),
  /** Seconds since midnight. */
  start_time: nullable(integer),
  end_time: nullable(integer),
  total_minutes: nullable(integer),
  /** Of the post that made it, where that can be tried again: by it and the time, such a post is known. */
  fingerprint: nullable(string),
  posted_at: nullable(instant),
};
type PartRow = RowOf<typeof partRow>;

/** The same; undefined is the id of one that is not stored yet. */
export type Part = Omit<PartRow, 'id'> & { readonly id: number | undefined };

/** The columns of a part, in the order of `Part`, without its id. */
const columns = {
  section_id: 'bigint',
  date: 'date',
  enrollment_id: 'bigint',
  part: 'text',
  mode: 'text',
  code_id: 'bigint',
  status: 'smallint',
  comment: 'text',
  period: 'text',
  program: 'text',
  calendar_day: 'text',
  att_interval: 'bigint',
  start_time: 'bigint',
  end_time: 'bigint',
  total_minutes: 'bigint',
  fingerprint: 'text',
  posted_at: 'timestamptz',
} as const;
const names = Object.keys(columns) as (keyof typeof columns)[];

/** A row of a list of parts. */
export const rowOf = (part: { readonly [Name in keyof typeof columns]: string | number | null }) =>
  names.map((name) => part[name]);

/** The statements of this api's side table. */
export function partsSql(engine: Engine) {
  const { knex } = engine;
  const selected = ['id', ...names].map((name) => `parts.${name}`).join(', ');
  return {
    ofDays: text(
      knex,
      `select ${selected}
      from ${engine.rows('days', { section_id: 'bigint', date: 'date', enrollment_id: 'bigint' })} as asked
      cross join powerschool_attendance as parts
      where parts.section_id = asked.section_id and parts.date = asked.date
        and parts.enrollment_id = asked.enrollment_id and parts.district_id = :district
      order by parts.id`,
      partRow,
    ),
    ofStudents: text(
      knex,
      `select ${selected}
      from ${engine.rows('students', { person_id: 'bigint' })} as asked
      cross join enrollments
      join powerschool_attendance as parts on parts.district_id = enrollments.district_id
        and parts.section_id = enrollments.section_id and parts.enrollment_id = enrollments.id
      where enrollments.person_id = asked.person_id and +enrollments.district_id = :district
        and parts.date >= :from and parts.date <= :to
        and ${mayReadOn('enrollments.section_id', 'parts.date')}
      order by parts.id`,
      partRow,
    ),
    dayOfPart: text(
      knex,
      `select enrollments.person_id, parts.date
      from powerschool_attendance as parts
      join enrollments on enrollments.district_id = parts.district_id and enrollments.id = parts.enrollment_id
      where parts.id = :id and parts.district_id = :district`,
      { person_id: integer, date: day },
    ),
    studentOfEnrollment: text(
      knex,
      `select enrollments.person_id
      from enrollments
      where enrollments.id = :id and enrollments.district_id = :district`,
      { person_id: integer },
    ),
    put: text(
      knex,
      `insert into powerschool_attendance (district_id, ${names.join(', ')})
      select :district, ${names.join(', ')}
      from ${engine.rows('parts', columns)} as posted
      where true
      on conflict (district_id, section_id, date, enrollment_id, part) do update set
        ${names
          .slice(4)
          .map((name) => `${name} = excluded.${name}`)
          .join(', ')}
      returning id, enrollment_id, date, part`,
      { id: integer, enrollment_id: integer, date: day, part: string },
    ),
  };
}

const { id, district_id, section_id, enrollment_id, date } = usual;

/** The parts of days. */
export const powerschoolPersonalData: readonly PersonalData[] = [
  {
    name: 'powerschool_attendance',
    table: 'powerschool_attendance',
    where: ofEnrollments,
    daily: 'section',
    key: ['id'],
    columns: {
      id,
      district_id,
      section_id,
      date,
      enrollment_id,
      part: 'which part of the day',
      mode: 'Daily, Time, Meeting or Interval',
      code_id: "the school's attendance code",
      status: '1 present, 2 absent, 3 late, 4 excused',
      comment: 'what was said of it',
      period: 'the period, as posted',
      program: 'the program, as posted',
      calendar_day: 'the calendar day, as posted',
      att_interval: 'number of the interval',
      start_time: 'seconds since midnight',
      end_time: 'seconds since midnight',
      total_minutes: 'minutes',
      fingerprint: 'SHA-256 of the post that made it, by which the post is known when it is tried again',
      posted_at: 'when that was, ISO 8601',
    },
    // A comment could be guessed by the fingerprint.
    erasure: { comment: erasedText('comment'), fingerprint: 'null' },
  },
];

const part = `powerschool_attendance.id, powerschool_attendance.district_id, powerschool_attendance.section_id,
  powerschool_attendance.date, powerschool_attendance.enrollment_id`;

/**
 * Of the parts of a day. That the mark is what they come to cannot be asked: another API may have changed it since,
 * and it then stands until a part of that day is posted again.
 */
export const powerschoolInvariants: readonly Invariant[] = [
  extensionOfEntries('powerschool_attendance'),
  {
    name: 'powerschool_attendance_section',
    table: 'powerschool_attendance',
    level: 'error',
    right: 'A part is in the section of its enrollment.',
    broken: `select ${part}, enrollments.section_id as enrollment_section
      from powerschool_attendance
      join enrollments on enrollments.district_id = powerschool_attendance.district_id
        and enrollments.id = powerschool_attendance.enrollment_id
      where enrollments.section_id <> powerschool_attendance.section_id`,
  },
  {
    name: 'powerschool_attendance_code',
    table: 'powerschool_attendance',
    level: 'error',
    right: 'The code of a part is one of its district.',
    broken: `select ${part}, powerschool_attendance.code_id
      from powerschool_attendance
      left join attendance_codes on attendance_codes.id = powerschool_attendance.code_id
        and attendance_codes.district_id = powerschool_attendance.district_id
      where attendance_codes.id is null`,
  },
  {
    name: 'powerschool_attendance_posted',
    table: 'powerschool_attendance',
    level: 'error',
    right: 'Of a post that is known when it is tried again it is known when it was made.',
    broken: `select ${part}
      from powerschool_attendance
      where powerschool_attendance.fingerprint is not null and powerschool_attendance.posted_at is null`,
  },
];
