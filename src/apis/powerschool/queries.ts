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
import { readOf } from '../../audit/read';
import type { Database } from '../../database/database';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import type { Actor } from '../../ledger/actor';
import { Status } from '../../ledger/attendance';
import { type Code, openCodes } from '../../ledger/codes';
import type { EntryRow } from '../../ledger/entries';
import type { Ledger } from '../../ledger/ledger';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { openBellSchedules, type Period, periodsOf } from '../../roster/bell-schedules';
import { openSchoolYears, schoolYearOn } from '../../roster/school-years';
import { openSchoolNumbers } from '../../roster/schools';
import { type EnrollmentOfDay, openStudents, type StudentEnrollment } from '../../roster/students';
import type { Dependencies } from '../dependencies';
import { type AttendanceRecord, type AttendanceRecords, attendanceColumns, markAsPart, text } from './attendance';
import { type Column, columns, isAbsent, textOf, type Values } from './records';
import { modes, type Part, YEAR_ZERO } from './tables';

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

/** "tardies are Present codes in a tardy category; excused is a category, not a column" */
const codeColumns = (code: Code | undefined): CodeColumns => ({
  att_code: text(code?.code),
  attendance_codeid: text(code?.id),
  yearid: text(code && code.year - YEAR_ZERO),
  description: text(code?.description),
  presence_status_cd: code?.status === Status.absent || code?.status === Status.excused ? 'Absent' : 'Present',
});

/** The named queries by which a plugin looks up what it needs before it posts. */
export function queryEndpoints(
  { database, ledger, roster }: Pick<Dependencies, 'database' | 'ledger' | 'roster'>,
  attendance: AttendanceRecords,
): Endpoint[] {
  const templates = openTemplates(database, ledger, attendance);
  const codes = openCodes(database);
  const schoolNumbers = openSchoolNumbers(database);
  const schoolYears = openSchoolYears(database);
  /** "POST /ws/schema/query/<name>" */
  const query = <const Name extends string>(name: Name, summary: string) =>
    ({ method: 'POST', path: `/schema/query/com.pearson.core.${name}`, summary, scope: 'attendance:read' }) as const;

  return [
    endpoint({
      ...query('attendance.attendance_code_by_school_date', 'Queries the attendance codes of a school'),
      schemas: { query: PageQuery, body: CodesBody, reply: CodesReply },
      async handle({ body, caller }) {
        const number = argument(body, 'schoolid');
        const year = schoolYearOn(argument(body, 'att_date'), await schoolYears(caller.district));
        const school = (await schoolNumbers(caller.district, [number])).get(number);
        const all = school === undefined ? [] : await codes.of(caller.district, school, year);
        const rows = all.map((code) => ({ id: code.id, tables: { attendance_code: codeColumns(code) } }));
        return answer('attendance_code', rows);
      },
    }),
    endpoint({
      ...query('attendance.daily_attendance_template', 'Queries what to post for a student’s day'),
      schemas: { query: PageQuery, body: DailyTemplateBody, reply: TemplatesReply },
      async handle({ body, caller }) {
        const [student, date] = [argument(body, 'studentid'), argument(body, 'att_date')];
        return ofStudent(student, date, await templates.daily(caller, student, date));
      },
    }),
    endpoint({
      ...query('attendance.time_attendance_template', 'Queries what to post for times of a student’s day'),
      schemas: { query: PageQuery, body: TimeTemplateBody, reply: TemplatesReply },
      async handle({ body, caller }) {
        const dcid = argument(body, 'dcid');
        const [student, date] = [argument(body, 'studentid'), argument(body, 'att_date')];
        return ofStudent(student, date, await templates.time(caller, student, date, dcid));
      },
    }),
    endpoint({
      ...query(
        'attendance.meeting_interval_attendance_template',
        'Queries what to post for a student’s classes of a day',
      ),
      schemas: { query: PageQuery, body: MeetingTemplateBody, reply: TemplatesReply },
      async handle({ body, caller }) {
        const [student, date] = [argument(body, 'studentid'), argument(body, 'att_date')];
        const school = argument(body, 'schoolid');
        return ofStudent(student, date, await templates.meetings(caller, student, date, school));
      },
    }),
    endpoint({
      ...query('attendance.student_attendance_detail', 'Queries the attendance of students'),
      schemas: { query: PageQuery, body: DetailBody, reply: DetailReply },
      async handle({ body, caller }) {
        const range = {
          students: students(body),
          from: bound(body, 'attendance_att_date_start', 'first'),
          to: bound(body, 'attendance_att_date_end', 'last'),
        };
        const asked = modesOf(body);
        const records = await attendance.records(caller, range);
        const found = records.filter(({ part }) => asked.includes(part.mode));
        const rows = found.map((record) => ({
          id: record.id,
          tables: { attendance: attendanceColumns(record), attendance_code: codeColumns(record.code) },
        }));
        const people = found.map(({ enrollment }) => enrollment.person_id);
        return { ...answer('attendance', rows), reads: readOf(people, { from: range.from, to: range.to }) };
      },
    }),
    endpoint({
      ...query('student.student_dcid_id_map', 'Queries the ids of students'),
      scope: 'roster:read',
      schemas: { query: PageQuery, body: StudentMapBody, reply: StudentMapReply },
      async handle({ body, caller }) {
        const ids = JSON.stringify(students(body).map((id) => [id]));
        const everyone = { offset: 0, limit: MAX_STUDENTS };
        const { rows } = await roster.list('studentsAmong', caller, { ids }, everyone);
        // Both numbers are the same here.
        const found = rows.map(({ id }) => ({
          id,
          dcid: id,
          tables: { students: { id: String(id), dcid: String(id) } },
        }));
        return { ...answer('students', found), reads: readOf(rows.map(({ id }) => id)) };
      },
    }),
  ];
}

/** All records that were found; the first table of each names them. `powerQuery` makes pages of them. */
const answer = <const Table extends string, Row extends object>(table: Table, found: readonly Row[]) => ({
  status: 200,
  body: { name: table, record: found.map((row) => ({ ...row, name: table })) },
});

/** The records of a student on a day, where there are any. */
function ofStudent(student: number, date: string, templates: readonly TemplateColumns[]) {
  const rows = templates.map((attendance, index) => ({ id: index + 1, tables: { attendance } }));
  const people = templates.map(() => student);
  return { ...answer('attendance', rows), reads: readOf(people, { from: date, to: date }) };
}

interface StudentDay {
  readonly date: string;
  readonly enrollments: readonly EnrollmentOfDay[];
  readonly records: readonly AttendanceRecord[];
  /** What is known of the day, by enrollment. */
  readonly entries: ReadonlyMap<number, EntryRow>;
}

const equal = (column: string, value: string | number | null) => ({ column, is: 'eq', value }) as const;

/** Records that a plugin fills and posts: what stands on the day, else what is known of it beforehand. */
function openTemplates(database: Database, ledger: Ledger, attendance: AttendanceRecords) {
  const codes = openCodes(database);
  const students = openStudents(database);
  const schoolYears = openSchoolYears(database);
  const bells = openBellSchedules(database);

  /** Where the student is enrolled on the day, as far as the actor may see it, and what stands there. */
  async function dayOf(actor: Actor, student: number, date: string): Promise<StudentDay> {
    const enrollments = await students.enrollmentsOn(actor, student, date);
    const records = await attendance.records(actor, { students: [student], from: date, to: date });
    const condition = { all: [equal('person_id', student), equal('date', date), { not: equal('status', null) }] };
    const order = [{ column: 'enrollment_id' }, { column: 'date' }];
    const entries = await ledger.query({ actor, condition, order, limit: Number.MAX_SAFE_INTEGER });
    return {
      date,
      enrollments,
      records,
      entries: new Map(entries.map((entry) => [entry.enrollment_id, entry])),
    };
  }

  /** A record of no part yet: with the code of what is known, where an entry says it, else with one to be filled. */
  async function blank(
    { district }: Actor,
    date: string,
    at: StudentEnrollment,
    mode: Mode,
    entry: EntryRow | undefined,
    period = '',
  ) {
    const year = schoolYearOn(date, await schoolYears(district));
    const known = entry ? await codes.of(district, at.school_id!, year) : [];
    const code = known.find(({ id }) => id === entry?.code_id) ?? known.find(({ status }) => status === entry?.status);
    const { status, comment, code_id } = entry ?? { status: Status.present, comment: '', code_id: null };
    const value = { section_id: at.section_id, date, enrollment_id: at.id, status: status!, comment, code_id };
    const part = markAsPart(value, mode, period);
    return attendanceColumns({ id: 0, part, markComment: comment, enrollment: at, year, code });
  }

  async function homeroomOf(actor: Actor, student: number, date: string) {
    const day = await dayOf(actor, student, date);
    const homeroom = day.enrollments.find((each) => each.class_type === 'homeroom' && each.school_id !== null);
    return { day, homeroom, records: day.records.filter(({ enrollment }) => enrollment.id === homeroom?.id) };
  }

  /**
   * A record for each period of the class, and beside them those that are of none of its periods, or of an interval. What
   * another API says of the day fills them where no record of the class was posted.
   */
  async function ofClass(actor: Actor, day: StudentDay, at: StudentEnrollment): Promise<AttendanceColumns[]> {
    const posted = day.records.filter(({ part, enrollment }) => enrollment.id === at.id && isOfMeeting(part));
    const meetings = posted.filter(({ part }) => part.mode === 'ATT_ModeMeeting');
    const known = posted.length > 0 ? undefined : day.entries.get(at.id);
    const toFill = (period: string) => blank(actor, day.date, at, 'ATT_ModeMeeting', known, period);
    const templates: AttendanceColumns[] = [];
    const periods = periodsOf(at);
    for (const period of new Set(periods)) {
      const ofPeriod = meetings.find(({ part }) => part.period === period);
      templates.push(ofPeriod ? templateColumns(ofPeriod) : await toFill(period));
    }
    const others = meetings.filter(({ part }) => !periods.includes(part.period));
    if (periods.length === 0 && others.length === 0) templates.push(await toFill(''));
    const intervals = posted.filter(({ part }) => part.mode === 'ATT_ModeInterval');
    return [...templates, ...[...others, ...intervals].map(templateColumns)];
  }

  return {
    async daily(actor: Actor, student: number, date: string): Promise<TemplateColumns[]> {
      const { day, homeroom, records } = await homeroomOf(actor, student, date);
      if (!homeroom) return [];
      const record = records.find(({ part }) => part.mode === 'ATT_ModeDaily');
      const known = day.entries.get(homeroom.id);
      return [dailyOf(record ? templateColumns(record) : await blank(actor, date, homeroom, 'ATT_ModeDaily', known))];
    },

    /** `dcid` 0 is a new record, whose minutes and code are to be filled. */
    async time(actor: Actor, student: number, date: string, dcid: number): Promise<TemplateColumns[]> {
      const { homeroom, records } = await homeroomOf(actor, student, date);
      if (!homeroom) return [];
      if (dcid === 0) return [timeOf(await blank(actor, date, homeroom, 'ATT_ModeTime', undefined))];
      return records
        .filter(({ id, part }) => id === dcid && part.mode === 'ATT_ModeTime')
        .map((record) => timeOf(templateColumns(record)));
    },

    /** Of each class of the day in the school; of one that is between its terms only where something is known of it. */
    async meetings(actor: Actor, student: number, date: string, school: string): Promise<TemplateColumns[]> {
      const day = await dayOf(actor, student, date);
      const isKnown = ({ id }: StudentEnrollment) =>
        day.entries.has(id) || day.records.some(({ enrollment }) => enrollment.id === id);
      const classes = day.enrollments.filter(
        (each) => each.school_id !== null && each.school_number === school && (each.meets || isKnown(each)),
      );
      const year = schoolYearOn(date, await schoolYears(actor.district));
      // The SIS may give one number to several schools.
      const schools = new Map<number | null, readonly Period[]>();
      for (const { school_id: id } of classes) if (!schools.has(id)) schools.set(id, await bells.of(actor, id!, year));
      const all = await Promise.all(
        classes.map(async (each) =>
          (await ofClass(actor, day, each)).map((columns) => timed(columns, schools.get(each.school_id)!)),
        ),
      );
      return all.flat().map(meetingOf);
    },
  };
}

/**
 * A record to be posted again. One without a comment has that of the mark for which it stands: a plugin that posts the
 * template as it was read would clear what another API has said.
 */
const templateColumns = (record: AttendanceRecord): AttendanceColumns => ({
  ...attendanceColumns(record),
  att_comment: record.part.comment || record.markComment,
});

/** Posted, of a meeting or an interval; the mark of another API is of no period, but of the whole day. */
const isOfMeeting = ({ id, mode }: Part): boolean =>
  id !== undefined && (mode === 'ATT_ModeMeeting' || mode === 'ATT_ModeInterval');

/** A meeting that says no times has those of its period in the bell schedule. */
function timed(columns: AttendanceColumns, bells: readonly Period[]): AttendanceColumns {
  const { att_mode_code, start_time, end_time, periodid } = columns;
  const bell = bells.find(({ period }) => period === periodid);
  if (!bell || att_mode_code !== 'ATT_ModeMeeting' || start_time !== '' || end_time !== '') return columns;
  return { ...columns, start_time: text(bell.start_time), end_time: text(bell.end_time) };
}

/** What the address takes that the template is for, and no other column. */
function dailyOf({
  dcid,
  id,
  ccid,
  periodid,
  att_interval,
  start_time,
  end_time,
  total_minutes,
  ...rest
}: AttendanceColumns) {
  return rest;
}

function timeOf({ id, ccid, periodid, att_interval, start_time, end_time, ...rest }: AttendanceColumns) {
  return rest;
}

function meetingOf({ dcid, id, total_minutes, calendar_dayid, programid, ...rest }: AttendanceColumns) {
  return rest;
}
