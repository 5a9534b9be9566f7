import type { Database } from '../../database/database';
import { FIRST_DAY, LAST_DAY } from '../../days';
import type { Call, Endpoint } from '../../http/endpoint';
import type { Actor } from '../../ledger/actor';
import { Status } from '../../ledger/attendance';
import { type Code, openCodes } from '../../ledger/codes';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import type { Roster } from '../../roster/roster';
import { openSchoolYears, yearIdOn } from '../../roster/school-years';
import { openSchoolNumbers } from '../../roster/schools';
import { deciding, effectOf, type Part, severity } from './parts';
import { type Mode, modes } from './posts';
import { type Column, columns, isAbsent, textOf, type Values } from './records';
import { type PageQuery, pageOf } from './resources';
import type { AttendanceRecord, AttendanceRecords, Templates } from './templates';

/** The arguments of a query, as sent: texts, numbers, lists. Names come in any case. */
export type Arguments = Readonly<Record<string, unknown>>;

/** How many students one query takes. */
const MAX_STUDENTS = 1_000;

/** An argument that a query cannot do without, read as the column of that name. */
export function argument<Name extends keyof Values>(sent: Arguments, name: Name): Required<Values>[Name] {
  const value = sentAs(sent, name);
  if (isAbsent(value)) throw wrong(name, 'Missing', `${name} is missing; the query needs it`);
  return read(name, columns[name] as Column<Required<Values>[Name]>, value);
}

/** A day that bounds a query; without it, there is no bound. */
export const bound = (sent: Arguments, name: string, end: 'first' | 'last'): string => {
  const value = sentAs(sent, name);
  if (isAbsent(value)) return end === 'first' ? FIRST_DAY : LAST_DAY;
  return read(name, columns.att_date, value);
};

/** A list of students: `students_dcid`, a list or one of them, or comma-separated. */
export function students(sent: Arguments): number[] {
  const list = listOf(sent, 'students_dcid');
  if (list.length === 0) throw wrong('students_dcid', 'Missing', 'students_dcid is missing; the query needs it');
  if (list.length > MAX_STUDENTS)
    throw wrong('students_dcid', 'TooMany', `at most ${MAX_STUDENTS} students, ${list.length} sent`);
  return list.map((value) => read('students_dcid', columns.studentid, value));
}

/** The modes asked for; all of them where none is. */
export function modesOf(sent: Arguments): readonly Mode[] {
  const list = listOf(sent, 'attendance_att_mode_code');
  const unknown = list.find((mode) => !(modes as readonly unknown[]).includes(mode));
  if (unknown !== undefined)
    throw wrong('attendance_att_mode_code', 'InvalidValue', `some of ${modes.join(', ')}, not ${preview(unknown)}`);
  return list.length > 0 ? (list as Mode[]) : modes;
}

function listOf(sent: Arguments, name: string): unknown[] {
  return [sentAs(sent, name)]
    .flat()
    .flatMap((value) => (typeof value === 'string' ? value.split(',').map((each) => each.trim()) : [value]))
    .filter((value) => !isAbsent(value));
}

function sentAs(sent: Arguments, name: string): unknown {
  return Object.entries(sent).find(([key]) => key.toLowerCase() === name)?.[1];
}

function read<Value>(name: string, { right, read }: Column<Value>, value: unknown): Value {
  const text = textOf(value);
  const result = text === undefined ? undefined : read(text);
  if (result === undefined) throw wrong(name, 'InvalidValue', `${name} must be ${right}, not ${preview(value)}`);
  return result;
}

const wrong = (field: string, rule: string, message: string) =>
  new Problem('BODY_INVALID', message, { violations: [{ field, rule, message }] });

/** "all values strings"; what is not there is an empty one. */
const text = (value: string | number | null | undefined): string => String(value ?? '');

/** A record of ATTENDANCE, every column as a string. */
export function attendanceColumns({ id, part, enrollment, year, code }: AttendanceRecord) {
  return {
    dcid: text(id),
    id: text(id),
    att_mode_code: part.mode,
    att_date: part.date,
    schoolid: text(enrollment.school_number),
    yearid: text(year),
    studentid: text(enrollment.person_id),
    ccid: text(enrollment.id),
    periodid: part.period,
    attendance_codeid: text(code?.id),
    att_comment: part.comment,
    att_interval: text(part.att_interval),
    start_time: text(part.start_time),
    end_time: text(part.end_time),
    total_minutes: text(part.total_minutes),
    programid: part.program,
    calendar_dayid: part.calendar_day,
  };
}

/** "tardies are Present codes in a tardy category; excused is a category, not a column" */
export const codeColumns = (code: Code | undefined) => ({
  att_code: text(code?.code),
  attendance_codeid: text(code?.id),
  yearid: text(code?.year_id),
  description: text(code?.description),
  presence_status_cd: code?.status === Status.absent || code?.status === Status.excused ? 'Absent' : 'Present',
});

/** What the ledger says of a day: a mark, or the absence of one. */
export interface Said {
  readonly status: Status;
  readonly comment: string;
  /** The school's code by which it was written; null where there is none. */
  readonly code_id: number | null;
}

/** No attendance code: the school's first code of the status stands in. */
const NO_CODE = 0;
const codeOf = ({ code_id }: Said): number => code_id ?? NO_CODE;

/**
 * The parts of a day as they are to be shown: each as it was posted. Where another API has changed the mark since, it stands
 * until something is posted for that day again, and "the status that was overruled is shown with the other API's code": that of
 * each part which says worse of the day than the mark, or else, where the mark is worse than any, of those that say the worst.
 * A part that decides and has no comment of its own shows the mark's: a client that posts it back as it was read clears none.
 */
export function asPosted(parts: readonly Part[], said: Said): readonly Part[] {
  const { part: name, status } = deciding(parts);
  if (status === said.status)
    return parts.map((part) =>
      part.part === name && part.comment === '' && status !== Status.present
        ? { ...part, comment: said.comment }
        : part,
    );
  const worst = Math.min(severity[status], severity[said.status] + 1);
  return parts.map((part) =>
    severity[effectOf(part, parts)] < worst ? part : { ...part, status: said.status, code_id: codeOf(said) },
  );
}

/** The mark of a day of which no part was posted, as the one part of it. */
export const markAsPart = (
  { section_id, date, enrollment_id, ...said }: Said & Pick<Part, 'section_id' | 'date' | 'enrollment_id'>,
  mode: Part['mode'],
  period: string,
): Part => ({
  id: undefined,
  section_id,
  date,
  enrollment_id,
  part: '',
  mode,
  code_id: codeOf(said),
  status: said.status,
  comment: said.comment,
  period,
  program: '',
  calendar_day: '',
  att_interval: null,
  start_time: null,
  end_time: null,
  total_minutes: null,
});

/** One record of the answer: the columns of its tables, and the id of what it is about. */
interface Row {
  readonly id: number;
  readonly tables: Readonly<Record<string, object>>;
}

type QueryCall = Call<object, PageQuery, Arguments>;

/** The named queries by which a plugin looks up what it needs before it posts. */
export function queryEndpoints(
  database: Database,
  roster: Roster,
  standing: AttendanceRecords,
  templates: Templates,
): Endpoint[] {
  const codes = openCodes(database);
  const schoolNumbers = openSchoolNumbers(database);
  const schoolYears = openSchoolYears(database);

  /** "POST /ws/schema/query/<name>": the first table of its records names them. */
  const query = (
    name: string,
    table: string,
    scope: Endpoint['scope'],
    rows: (sent: Arguments, actor: Actor) => Promise<readonly Row[]>,
  ): Endpoint<QueryCall> => ({
    method: 'POST',
    path: `/schema/query/com.pearson.core.${name}`,
    scope: scope!,
    schemas: { query: 'powerschool/list.query', body: 'powerschool/query.body', reply: 'powerschool/query.reply' },
    async handle(call) {
      const all = await rows(call.body, call.caller);
      const record = pageOf(all, call.query).map((row) => ({ ...row, name: table }));
      return { status: 200, body: { name: table, ...(call.query.count === 'true' && { count: all.length }), record } };
    },
  });

  return [
    query('attendance.attendance_code_by_school_date', 'attendance_code', 'attendance:read', async (sent, actor) => {
      const number = argument(sent, 'schoolid');
      const year = yearIdOn(argument(sent, 'att_date'), await schoolYears(actor.district));
      const school = (await schoolNumbers(actor.district, [number])).get(number);
      const all = school === undefined ? [] : await codes.of(actor.district, school, year);
      return all.map((code) => ({ id: code.id, tables: { attendance_code: codeColumns(code) } }));
    }),
    query('attendance.daily_attendance_template', 'attendance', 'attendance:read', async (sent, actor) =>
      asRows(await templates.daily(actor, argument(sent, 'studentid'), argument(sent, 'att_date'))),
    ),
    query('attendance.time_attendance_template', 'attendance', 'attendance:read', async (sent, actor) => {
      const dcid = argument(sent, 'dcid');
      return asRows(await templates.time(actor, argument(sent, 'studentid'), argument(sent, 'att_date'), dcid));
    }),
    query('attendance.meeting_interval_attendance_template', 'attendance', 'attendance:read', async (sent, actor) => {
      const [student, date] = [argument(sent, 'studentid'), argument(sent, 'att_date')];
      return asRows(await templates.meetings(actor, student, date, argument(sent, 'schoolid')));
    }),
    query('attendance.student_attendance_detail', 'attendance', 'attendance:read', async (sent, actor) => {
      const stretch = {
        students: students(sent),
        from: bound(sent, 'attendance_att_date_start', 'first'),
        to: bound(sent, 'attendance_att_date_end', 'last'),
      };
      const asked = modesOf(sent);
      const records = await standing.records(actor, stretch);
      return records
        .filter(({ part }) => asked.includes(part.mode))
        .map((record) => ({
          id: record.id,
          tables: { attendance: attendanceColumns(record), attendance_code: codeColumns(record.code) },
        }));
    }),
    query('student.student_dcid_id_map', 'students', 'roster:read', async (sent, actor) => {
      const ids = JSON.stringify(students(sent).map((id) => [id]));
      const { rows } = await roster.list<{ id: number }>('studentsAmong', actor, { ids }, { offset: 0, limit: 1_000 });
      // Both numbers are the same here.
      return rows.map(({ id }) => ({ id, dcid: id, tables: { students: { id: String(id), dcid: String(id) } } }));
    }),
  ];
}

const asRows = (templates: readonly object[]): Row[] =>
  templates.map((attendance, index) => ({ id: index + 1, tables: { attendance } }));
