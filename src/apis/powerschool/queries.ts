import type { AttendanceColumns, Mode } from '../../../schemas/powerschool/attendance';
import { PageQuery } from '../../../schemas/powerschool/lists';
import {
  type CodeColumns,
  CodesBody,
  CodesReply,
  DailyTemplateBody,
  DetailBody,
  DetailReply,
  MeetingTemplateBody,
  StudentMapBody,
  StudentMapReply,
  type TemplateColumns,
  TemplatesReply,
  TimeTemplateBody,
} from '../../../schemas/powerschool/queries';
import type { Database } from '../../database/database';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Status } from '../../ledger/attendance';
import { type Code, openCodes } from '../../ledger/codes';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import type { Roster } from '../../roster/roster';
import { openSchoolYears, yearIdOn } from '../../roster/school-years';
import { openSchoolNumbers } from '../../roster/schools';
import { deciding, effectOf, type Part, severity } from './parts';
import { modes } from './posts';
import { type Column, columns, isAbsent, textOf, type Values } from './records';
import { pageOf } from './resources';
import type { AttendanceRecord, AttendanceRecords, Templates } from './templates';

/** The arguments of a query, of these names, as sent: texts, numbers, lists. Names come in any case. */
type Arguments<Name extends string> = { readonly [Each in Name]?: unknown };

/** How many students one query takes. */
const MAX_STUDENTS = 1_000;

/** An argument that a query cannot do without, read as the column of that name. */
function argument<Name extends keyof Values>(sent: Arguments<Name>, name: Name): Required<Values>[Name] {
  const value = sentAs(sent, name);
  if (isAbsent(value)) throw wrong(name, 'Missing', `${name} is missing; the query needs it`);
  return read(name, columns[name] as Column<Required<Values>[Name]>, value);
}

/** A day that bounds a query; without it, there is no bound. */
const bound = <Name extends string>(sent: Arguments<Name>, name: Name, end: 'first' | 'last'): string => {
  const value = sentAs(sent, name);
  if (isAbsent(value)) return end === 'first' ? FIRST_DAY : LAST_DAY;
  return read(name, columns.att_date, value);
};

/** A list of students: `students_dcid`, a list or one of them, or comma-separated. */
function students(sent: Arguments<'students_dcid'>): number[] {
  const list = listOf(sent, 'students_dcid');
  if (list.length === 0) throw wrong('students_dcid', 'Missing', 'students_dcid is missing; the query needs it');
  if (list.length > MAX_STUDENTS)
    throw wrong('students_dcid', 'TooMany', `at most ${MAX_STUDENTS} students, ${list.length} sent`);
  return list.map((value) => read('students_dcid', columns.studentid, value));
}

/** The modes asked for; all of them where none is. */
function modesOf(sent: Arguments<'attendance_att_mode_code'>): readonly Mode[] {
  const list = listOf(sent, 'attendance_att_mode_code');
  const unknown = list.find((mode) => !(modes as readonly unknown[]).includes(mode));
  if (unknown !== undefined)
    throw wrong('attendance_att_mode_code', 'InvalidValue', `some of ${modes.join(', ')}, not ${preview(unknown)}`);
  return list.length > 0 ? (list as Mode[]) : modes;
}

function listOf<Name extends string>(sent: Arguments<Name>, name: Name): unknown[] {
  return [sentAs(sent, name)]
    .flat()
    .flatMap((value) => (typeof value === 'string' ? value.split(',').map((each) => each.trim()) : [value]))
    .filter((value) => !isAbsent(value));
}

function sentAs<Name extends string>(sent: Arguments<Name>, name: Name): unknown {
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
export const attendanceColumns = ({ id, part, enrollment, year, code }: AttendanceRecord): AttendanceColumns => ({
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
});

/** "tardies are Present codes in a tardy category; excused is a category, not a column" */
const codeColumns = (code: Code | undefined): CodeColumns => ({
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
  /** "POST /ws/schema/query/<name>" */
  const query = <const Name extends string>(name: Name) =>
    ({ method: 'POST', path: `/schema/query/com.pearson.core.${name}`, scope: 'attendance:read' }) as const;

  return [
    endpoint({
      ...query('attendance.attendance_code_by_school_date'),
      schemas: { query: PageQuery, body: CodesBody, reply: CodesReply },
      async handle({ body, caller, query }) {
        const number = argument(body, 'schoolid');
        const year = yearIdOn(argument(body, 'att_date'), await schoolYears(caller.district));
        const school = (await schoolNumbers(caller.district, [number])).get(number);
        const all = school === undefined ? [] : await codes.of(caller.district, school, year);
        const rows = all.map((code) => ({ id: code.id, tables: { attendance_code: codeColumns(code) } }));
        return answer('attendance_code', rows, query);
      },
    }),
    endpoint({
      ...query('attendance.daily_attendance_template'),
      schemas: { query: PageQuery, body: DailyTemplateBody, reply: TemplatesReply },
      async handle({ body, caller, query }) {
        const [student, date] = [argument(body, 'studentid'), argument(body, 'att_date')];
        return answer('attendance', asRows(await templates.daily(caller, student, date)), query);
      },
    }),
    endpoint({
      ...query('attendance.time_attendance_template'),
      schemas: { query: PageQuery, body: TimeTemplateBody, reply: TemplatesReply },
      async handle({ body, caller, query }) {
        const dcid = argument(body, 'dcid');
        const [student, date] = [argument(body, 'studentid'), argument(body, 'att_date')];
        return answer('attendance', asRows(await templates.time(caller, student, date, dcid)), query);
      },
    }),
    endpoint({
      ...query('attendance.meeting_interval_attendance_template'),
      schemas: { query: PageQuery, body: MeetingTemplateBody, reply: TemplatesReply },
      async handle({ body, caller, query }) {
        const [student, date] = [argument(body, 'studentid'), argument(body, 'att_date')];
        const school = argument(body, 'schoolid');
        return answer('attendance', asRows(await templates.meetings(caller, student, date, school)), query);
      },
    }),
    endpoint({
      ...query('attendance.student_attendance_detail'),
      schemas: { query: PageQuery, body: DetailBody, reply: DetailReply },
      async handle({ body, caller, query }) {
        const stretch = {
          students: students(body),
          from: bound(body, 'attendance_att_date_start', 'first'),
          to: bound(body, 'attendance_att_date_end', 'last'),
        };
        const asked = modesOf(body);
        const records = await standing.records(caller, stretch);
        const rows = records
          .filter(({ part }) => asked.includes(part.mode))
          .map((record) => ({
            id: record.id,
            tables: { attendance: attendanceColumns(record), attendance_code: codeColumns(record.code) },
          }));
        return answer('attendance', rows, query);
      },
    }),
    endpoint({
      ...query('student.student_dcid_id_map'),
      scope: 'roster:read',
      schemas: { query: PageQuery, body: StudentMapBody, reply: StudentMapReply },
      async handle({ body, caller, query }) {
        const ids = JSON.stringify(students(body).map((id) => [id]));
        const everyone = { offset: 0, limit: MAX_STUDENTS };
        const { rows } = await roster.list('studentsAmong', caller, { ids }, everyone);
        // Both numbers are the same here.
        const found = rows.map(({ id }) => ({
          id,
          dcid: id,
          tables: { students: { id: String(id), dcid: String(id) } },
        }));
        return answer('students', found, query);
      },
    }),
  ];
}

/** A page of the records that were found; the first table of each names them. */
function answer<const Table extends string, Row extends object>(table: Table, all: readonly Row[], query: PageQuery) {
  const record = pageOf(all, query).map((row) => ({ ...row, name: table }));
  return { status: 200, body: { name: table, ...(query.count === 'true' && { count: all.length }), record } };
}

const asRows = (templates: readonly TemplateColumns[]) =>
  templates.map((attendance, index) => ({ id: index + 1, tables: { attendance } }));
