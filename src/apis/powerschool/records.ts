import {
  BatchDailyTimeBody,
  DailyTimeBody,
  DailyTimeColumns,
  MeetingIntervalBody,
  MeetingIntervalColumns,
  type Mode,
  NeededColumns,
  type PostBody,
} from '../../../schemas/powerschool/attendance';
import type { Database } from '../../database/database';
import { isSchoolDay } from '../../days';
import type { Actor } from '../../ledger/actor';
import { type Code, openCodes } from '../../ledger/codes';
import { commentFault } from '../../ledger/placed';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { periodsOf } from '../../roster/bell-schedules';
import { isEnrolled } from '../../roster/enrolled';
import { openSchoolYears, type SchoolYear, schoolYearOn } from '../../roster/school-years';
import { openSchoolNumbers } from '../../roster/schools';
import { type Attending, attendingKey, openStudents, type StudentEnrollment } from '../../roster/students';
import { namedTwice } from './columns';
import { type Fault, invalid, missing, noAccess, noHomeroom } from './errors';
import { YEAR_ZERO } from './tables';

/** One of the addresses that attendance is posted to. */
export interface PostKind {
  readonly path: string;
  readonly summary: string;
  readonly modes: readonly Mode[];
  readonly columns: readonly string[];
  readonly atMost: number;
  /** Whether all records are to be of one student and one day. */
  readonly oneDay?: boolean;
  readonly body: typeof BatchDailyTimeBody | typeof DailyTimeBody | typeof MeetingIntervalBody;
}

const neededColumns = Object.keys(NeededColumns.properties);
const dailyTime = {
  modes: ['ATT_ModeDaily', 'ATT_ModeTime'],
  columns: Object.keys(DailyTimeColumns.properties),
} as const;

export const posts: readonly PostKind[] = [
  {
    path: '/attendance/batch_daily_time',
    summary: 'Posts up to 200 records of days and times',
    ...dailyTime,
    atMost: 200,
    body: BatchDailyTimeBody,
  },
  {
    path: '/attendance/daily_time',
    summary: 'Posts a record of a day or of a time',
    ...dailyTime,
    atMost: 1,
    body: DailyTimeBody,
  },
  {
    path: '/attendance/meeting_interval',
    summary: 'Posts records of classes and intervals of a day',
    modes: ['ATT_ModeMeeting', 'ATT_ModeInterval'],
    columns: Object.keys(MeetingIntervalColumns.properties),
    atMost: 1_000,
    oneDay: true,
    body: MeetingIntervalBody,
  },
];

const required: Record<Mode, readonly string[]> = {
  ATT_ModeDaily: neededColumns,
  ATT_ModeTime: neededColumns,
  ATT_ModeMeeting: [...neededColumns, 'start_time', 'end_time'],
  ATT_ModeInterval: [...neededColumns, 'att_interval'],
};

/**
 * The columns that a record must have; without a mode, those of every mode. "Empty `start_time`/`end_time` must be accepted
 * where `ccid` and `periodid` name the class": a template has none where nobody has said when the period is.
 */
function requiredIn(values: Values): readonly string[] {
  if (isUntimed(values)) return [...neededColumns, 'ccid'];
  return values.att_mode_code === undefined ? neededColumns : required[values.att_mode_code];
}

const isUntimed = ({ att_mode_code, start_time, end_time }: Values): boolean =>
  att_mode_code === 'ATT_ModeMeeting' && start_time === undefined && end_time === undefined;

/** A column as it is sent and as it is meant. */
export interface Column<Value> {
  /** What would be right. */
  readonly right: string;
  /** The value; undefined where it is wrong. */
  read(text: string): Value | undefined;
}

const whole = (least: number, most: number): Column<number> => ({
  right: `a whole number from ${least} to ${most}`,
  read: (text) => (/^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
});
const id: Column<number> = {
  right: 'an id, a whole number from 1',
  read: (text) => (/^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : undefined),
};
const word: Column<string> = {
  right: 'a word of up to 24 characters',
  read: (text) => (/^[\p{L}\p{N}\p{P}\p{S} ]{1,24}$/u.test(text) ? text : undefined),
};
/** `YYYY-MM-DD`; its sister APIs take `MM/DD/YYYY` too. */
const day: Column<string> = {
  right: 'a day, YYYY-MM-DD or MM/DD/YYYY',
  read(text) {
    const date = text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$1-$2');
    return isSchoolDay(date) ? date : undefined;
  },
};
const comment: Column<string> = {
  right: 'text of up to 2000 characters that XML can carry',
  read: (text) => (commentFault(text) ? undefined : text),
};
const mode: Column<Mode> = { right: 'a mode', read: (text) => text as Mode };
const MIDNIGHT = 86_400;

/** Every column of ATTENDANCE that is read here. */
export const columns = {
  studentid: id,
  att_date: day,
  schoolid: word,
  yearid: whole(-21, 300),
  att_mode_code: mode,
  attendance_codeid: id,
  calendar_dayid: word,
  att_comment: comment,
  programid: word,
  total_minutes: whole(0, 1_440),
  dcid: { ...id, right: 'the id of a record, or 0 for a new one', read: whole(0, Number.MAX_SAFE_INTEGER).read },
  ccid: id,
  periodid: word,
  att_interval: whole(0, 9_999),
  start_time: whole(0, MIDNIGHT),
  end_time: whole(0, MIDNIGHT),
} satisfies Record<string, Column<unknown>>;

export type Values = {
  -readonly [Name in keyof typeof columns]?: NonNullable<ReturnType<(typeof columns)[Name]['read']>>;
};
type Needed = 'studentid' | 'att_date' | 'schoolid' | 'yearid' | 'att_mode_code' | 'attendance_codeid';

/** A record whose columns are what they should be; whether they fit the roster is not yet known. */
export type Attendance = Readonly<Values & Required<Pick<Values, Needed>>>;

/** "Every value may be a string, numbers too; `""` and null mean absent", but for a comment, which they clear. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || textOf(value) === '';

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined;

/** Reads the columns of one record, or says which is wrong, what was sent, and what would be right. */
export function attendanceOf(sent: Readonly<Record<string, unknown>>): Attendance | Fault {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(sent)) {
    if (isAbsent(value)) {
      if (name === 'att_comment') values.att_comment = ''; // "empty clears it"
      continue;
    }
    const { right, read }: Column<unknown> = columns[name as keyof typeof columns];
    const text = textOf(value);
    values[name] = text === undefined ? undefined : read(text);
    if (values[name] === undefined) return invalid(name, `${name} must be ${right}, not ${preview(value)}.`);
  }
  const attendance = values as Attendance;
  const lacking = requiredIn(values as Values).find((name) => values[name] === undefined);
  if (lacking === 'ccid') return missing(lacking, 'ATT_ModeMeeting without start_time and end_time');
  if (lacking) return missing(lacking, attendance.att_mode_code);
  return timeFault(attendance) ?? attendance;
}

/** Start and end may be equal: that occurs. */
function timeFault({ start_time: start, end_time: end }: Attendance): Fault | undefined {
  if (start === undefined || end === undefined || start <= end) return undefined;
  return invalid('end_time', `end_time ${end} is before start_time ${start}; both are seconds since midnight.`);
}

/** Whether the record is of a class, rather than of the student's day in the school. */
export const isOfClass = ({ att_mode_code }: Attendance): boolean =>
  att_mode_code === 'ATT_ModeMeeting' || att_mode_code === 'ATT_ModeInterval';

/** A record as sent, its columns in lower case. */
export interface SentRecord {
  /** "the record's own where it sent one, else its position from 1" */
  readonly uid: string;
  /** What the client calls it; undefined where it does not say. */
  readonly name: string | undefined;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The records of a request; throws BODY_INVALID where the request as a whole is not what the address takes. */
export function recordsOf({ record }: PostBody, post: PostKind): SentRecord[] {
  checkCount(record.length, post.atMost);
  const records = record.map(({ client_uid, tables }, index) => ({
    uid: textOf(client_uid)?.slice(0, 100) || String(index + 1),
    name: textOf(client_uid) || undefined,
    columns: lowerCased(tableIn(tables, index), post, index),
  }));
  records.forEach((sent, index) => {
    checkMode(sent.columns.att_mode_code, post, index);
  });
  if (post.oneDay) for (const column of ['studentid', 'att_date'] as const) checkOne(column, records);
  return records;
}

function checkCount(count: number, atMost: number): void {
  if (count === 0) throw refusedWhole('record', 'TooFew', 'at least 1 record, 0 sent');
  if (count > atMost)
    throw refusedWhole('record', 'TooMany', `at most ${atMost} record${atMost === 1 ? '' : 's'}, ${count} sent`);
}

/** The columns of the one table that is written here, whose name comes in any case: `ATTENDANCE` too. */
function tableIn(tables: object, index: number): object {
  const field = `record.${index}.tables`;
  const named = Object.entries(tables);
  const other = named.find(([name]) => name.toLowerCase() !== 'attendance');
  if (other) throw refusedWhole(`${field}.${other[0].slice(0, 60)}`, 'UnknownTable', 'the table here is attendance');
  if (named.length > 1) throw refusedWhole(field, 'TooMany', `one table attendance, ${named.length} sent`);
  const [[name, columns] = []] = named;
  if (name === undefined) throw refusedWhole(`${field}.attendance`, 'Missing', 'it is missing');
  if (typeof columns === 'object' && columns !== null && !Array.isArray(columns)) return columns;
  throw refusedWhole(`${field}.${name}`, 'InvalidType', `must be object, not ${preview(columns)}`);
}

/** "column names in lower case, any case tolerated; an unknown column is 400" */
function lowerCased(sent: object, { columns: known, path }: PostKind, index: number): Record<string, unknown> {
  const named = Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value] as const);
  const unknown = named.find(([name]) => !known.includes(name));
  if (unknown)
    throw refusedWhole(
      unknown[0].slice(0, 60),
      'UnknownColumn',
      `record ${index + 1}: no column of ${path}, which has ${known.join(', ')}`,
    );
  const twice = namedTwice(sent);
  if (twice) throw refusedWhole(twice.name, 'TooMany', `record ${index + 1}: one ${twice.name}, not ${twice.sent}`);
  return Object.fromEntries(named);
}

function checkMode(mode: unknown, { modes, path }: PostKind, index: number): void {
  if (isAbsent(mode) || (modes as readonly unknown[]).includes(textOf(mode))) return;
  const right = `${path} takes ${modes.join(' and ')}`;
  throw refusedWhole('att_mode_code', 'InvalidValue', `record ${index + 1}: ${right}, not ${preview(mode)}`);
}

function checkOne(column: 'studentid' | 'att_date', records: readonly SentRecord[]): void {
  const meant = (value: unknown) => columns[column].read(textOf(value) ?? '') ?? textOf(value);
  const sent = records.map((record) => record.columns[column]).filter((value) => !isAbsent(value));
  const different = new Set(sent.map(meant)).size;
  if (different > 1) throw refusedWhole(column, 'NotTheSame', `one student and one day a request, ${different} sent`);
}

const refusedWhole = (field: string, rule: string, message: string) =>
  new Problem('BODY_INVALID', `${field}: ${message}`, { violations: [{ field, rule, message }] });

/** What the roster and the codes say of the records of a request. */
export interface Known {
  /** By number. */
  readonly schools: ReadonlyMap<string, number>;
  readonly years: readonly SchoolYear[];
  readonly codes: ReadonlyMap<number, Code>;
  /** By `attendingKey`. */
  readonly homerooms: ReadonlyMap<string, StudentEnrollment>;
  /** Of every student whose record is not simply of their homeroom. */
  readonly enrollments: readonly StudentEnrollment[];
}

/** Looks up, in as many queries as there are kinds of things, all that records have to fit. */
export function openKnown(database: Database) {
  const codes = openCodes(database);
  const students = openStudents(database);
  const schoolNumbers = openSchoolNumbers(database);
  const schoolYears = openSchoolYears(database);

  return async (actor: Actor, records: readonly Attendance[]): Promise<Known> => {
    const schools = await schoolNumbers(
      actor.district,
      records.map(({ schoolid }) => schoolid),
    );
    const attending = records.flatMap((record) => attendingOf(record, schools));
    const homerooms = await students.homerooms(actor, attending);
    const rest = records.filter((record) => {
      const [day] = attendingOf(record, schools);
      return isOfClass(record) || (day !== undefined && !homerooms.has(attendingKey(day)));
    });
    return {
      schools,
      homerooms,
      years: await schoolYears(actor.district),
      codes: await codes.named(
        actor.district,
        records.map(({ attendance_codeid }) => attendance_codeid),
      ),
      enrollments: await students.enrollments(
        actor,
        rest.map(({ studentid }) => studentid),
      ),
    };
  };
}

/** Whom a record of a homeroom is about, where there is its school. */
function attendingOf(record: Attendance, schools: ReadonlyMap<string, number>): Attending[] {
  const school = schools.get(record.schoolid);
  if (school === undefined || isOfClass(record)) return [];
  return [{ student: record.studentid, date: record.att_date, school }];
}

/** A record that fits the roster. */
export interface Placed extends Attendance {
  readonly enrollment: StudentEnrollment;
  readonly code: Code;
}

/** Finds the enrollment and the code of a record, or says why there is none. */
export function place(attendance: Attendance, known: Known): Placed | Fault {
  const school = known.schools.get(attendance.schoolid);
  if (school === undefined) return invalid('schoolid', `There is no school with the number ${attendance.schoolid}.`);
  const code = codeOf(attendance, school, known);
  if ('fault' in code) return code;
  const enrollment = isOfClass(attendance)
    ? classOf(attendance, school, known.enrollments)
    : homeroomOf(attendance, school, known);
  if ('fault' in enrollment) return enrollment;
  // Without a period, that of a class which has none is meant.
  if (isUntimed(attendance) && attendance.periodid === undefined && periodsOf(enrollment).length > 0)
    return missing('start_time', 'ATT_ModeMeeting without a periodid');
  return { ...attendance, enrollment, code };
}

/** "ATTENDANCE_CODE belongs to one school and one year"; "yearid must fit att_date" */
function codeOf(attendance: Attendance, school: number, { years, codes }: Known): Code | Fault {
  const { att_date: date, schoolid, yearid, attendance_codeid: id } = attendance;
  const year = schoolYearOn(date, years);
  if (yearid !== year - YEAR_ZERO)
    return invalid('yearid', `The yearid of ${date} is ${year - YEAR_ZERO}, not ${yearid}.`);
  const code = codes.get(id);
  if (code?.school_id === school && code.year === year) return code;
  return invalid('attendance_codeid', `School ${schoolid} has no attendance code ${id} in year ${yearid}.`);
}

/** "Daily: the student's enrollment in a `homeroom` section of that school active on the date" */
function homeroomOf(attendance: Attendance, school: number, known: Known): StudentEnrollment | Fault {
  const { studentid: student, att_date: date, schoolid } = attendance;
  const homeroom = known.homerooms.get(attendingKey({ student, date, school }));
  if (homeroom) return homeroom.writable ? homeroom : noAccess(student);
  const enrolled = inSchool(attendance, school, known.enrollments);
  if ('fault' in enrolled) return enrolled;
  const another = enrolled.find(({ class_type }) => class_type === 'homeroom');
  if (another) return outside(date, another);
  return noHomeroom(`Student ${student} has no homeroom section in school ${schoolid}.`);
}

/** "ccid must be the student's, in that school, active that day"; without one, the only class with that period. */
function classOf(
  attendance: Attendance,
  school: number,
  enrollments: readonly StudentEnrollment[],
): StudentEnrollment | Fault {
  const { ccid, att_date: date, studentid, schoolid } = attendance;
  const named = enrollments.find(({ id, person_id }) => id === ccid && person_id === studentid);
  if (named && !named.writable) return noAccess(studentid);
  const enrolled = inSchool(attendance, school, enrollments);
  if ('fault' in enrolled) return enrolled;
  if (ccid === undefined) return byPeriod(attendance, enrolled);
  const enrollment = enrolled.find(({ id }) => id === ccid);
  if (!enrollment) return invalid('ccid', `Student ${studentid} has no enrollment ${ccid} in school ${schoolid}.`);
  return isActive(enrollment, date) ? enrollment : outside(date, enrollment);
}

function byPeriod(
  { periodid, studentid, att_date: date }: Attendance,
  enrolled: readonly StudentEnrollment[],
): StudentEnrollment | Fault {
  if (periodid === undefined) return invalid('ccid', 'ccid is missing, and so is a periodid to find it by.');
  const classes = enrolled.filter((each) => isActive(each, date) && periodsOf(each).includes(periodid));
  if (classes.length === 1) return classes[0]!;
  const found = `Student ${studentid} has ${classes.length} classes in period ${periodid} on ${date}`;
  return invalid('periodid', `${found}; without a ccid there must be one.`);
}

/** The student's enrollments there, of those that the person acted for teaches still. */
function inSchool(
  { studentid, att_date: date, schoolid }: Attendance,
  school: number,
  enrollments: readonly StudentEnrollment[],
): StudentEnrollment[] | Fault {
  const enrolled = enrollments.filter(({ person_id, school_id }) => person_id === studentid && school_id === school);
  const writable = enrolled.filter((enrollment) => enrollment.writable);
  if (writable.length > 0) return writable;
  return enrolled.length > 0
    ? noAccess(studentid)
    : invalid('studentid', `No student ${studentid} in school ${schoolid} on ${date}.`);
}

export const isActive = (enrollment: StudentEnrollment, date: string): boolean =>
  isEnrolled(date, enrollment, enrollment.kept);

/** "An enrollment's last day is exclusive." */
const outside = (date: string, { id, begin_date, end_date }: StudentEnrollment): Fault =>
  invalid('att_date', `Enrollment ${id} runs from ${begin_date} until before ${end_date}; ${date} is outside of it.`);
