import type { AttendanceColumns, Mode } from '../../../schemas/powerschool/attendance';
import type { TemplateColumns } from '../../../schemas/powerschool/queries';
import type { Database } from '../../database/database';
import { idOn, idOnNoDay, madeOf } from '../../days';
import type { Actor } from '../../ledger/actor';
import { Status } from '../../ledger/attendance';
import { type Code, openCodes } from '../../ledger/codes';
import type { EntryRow } from '../../ledger/entries';
import type { Ledger } from '../../ledger/ledger';
import { yesterday } from '../../roster/access';
import { openSchoolYears, yearIdOn } from '../../roster/school-years';
import { openStudents, type StudentEnrollment } from '../../roster/students';
import { byDay, type Days, type Part } from './parts';
import { asPosted, attendanceColumns, markAsPart, type Said } from './queries';
import { isActive, periodsOf } from './records';
import { partsSql } from './tables';

/** A record of ATTENDANCE as it stands: a part that was posted, or the mark that another API made of a whole day. */
export interface AttendanceRecord {
  readonly id: number;
  readonly part: Part;
  readonly enrollment: StudentEnrollment;
  readonly year: number;
  /** Undefined where the school has no code for what stands. */
  readonly code: Code | undefined;
}

/** The days of students, both inclusive. */
export interface Stretch {
  readonly students: readonly number[];
  readonly from: string;
  readonly to: string;
}

export type AttendanceRecords = ReturnType<typeof openAttendanceRecords>;

const PRESENT: Said = { status: Status.present, comment: '', code_id: null };

/** What PowerSchool's clients read: the posted parts, and the marks of days of which nothing was posted. */
export function openAttendanceRecords(database: Database, ledger: Ledger) {
  const sql = partsSql(database);
  const codes = openCodes(database);
  const { enrollments } = openStudents(database);
  const schoolYears = openSchoolYears(database);

  /** The records of the students' days that the actor may see, by enrollment and date. */
  async function records(actor: Actor, stretch: Stretch): Promise<AttendanceRecord[]> {
    const [marks, posted] = [await marksOf(actor, stretch), await partsOf(actor, stretch)];
    const parts = await knownOf(actor, marks, posted);
    const enrolled = new Map((await enrollments(actor, stretch.students)).map((each) => [each.id, each]));
    const years = await schoolYears(actor.district);
    const codeOf = codesOf(actor);
    const standing: AttendanceRecord[] = [];
    for (const key of [...new Set([...marks.keys(), ...parts.keys()])].sort((one, other) => one - other))
      for (const part of partsShown(marks.get(key), parts.get(key), enrolled)) {
        const enrollment = enrolled.get(part.enrollment_id)!;
        const year = yearIdOn(part.date, years);
        const code = await codeOf(enrollment.school_id, year, part);
        standing.push({ id: part.id === undefined ? key : idOnNoDay(part.id), part, enrollment, year, code });
      }
    return standing;
  }

  async function marksOf(actor: Actor, { students, from, to }: Stretch): Promise<Map<number, EntryRow & Said>> {
    const condition = {
      all: [
        { column: 'person_id', in: students },
        { column: 'status', in: [Status.absent, Status.late, Status.excused] },
        { column: 'date', is: 'ge', value: from },
        { column: 'date', is: 'le', value: to },
      ],
    } as const;
    const order = [{ column: 'enrollment_id' }, { column: 'date' }];
    const marks = await ledger.query({ actor, condition, order, limit: Number.MAX_SAFE_INTEGER });
    return new Map(marks.map((mark) => [idOn(mark.enrollment_id, mark.date), mark as EntryRow & Said]));
  }

  async function partsOf({ district, person }: Actor, { students, from, to }: Stretch): Promise<Days> {
    const asked = JSON.stringify(students.map((student) => [student]));
    const scope = { district, person, yesterday: yesterday() };
    return byDay(await database.all(sql.ofStudents, { ...scope, students: asked, from, to }));
  }

  /** The posted days without those of which what was said has been taken back, so that nothing is known of them. */
  async function knownOf(actor: Actor, marks: ReadonlyMap<number, unknown>, posted: Days): Promise<Days> {
    const keys = [...posted].flatMap(([key, [part]]) => (marks.has(key) ? [] : [[part!.enrollment_id, part!.date]]));
    if (keys.length === 0) return posted;
    const condition = {
      all: [
        { columns: ['enrollment_id', 'date'], in: keys },
        { column: 'status', is: 'eq', value: null },
      ],
    } as const;
    const order = [{ column: 'enrollment_id' }, { column: 'date' }];
    const unknown = await ledger.query({ actor, condition, order, limit: keys.length });
    const gone = new Set(unknown.map(({ enrollment_id, date }) => idOn(enrollment_id, date)));
    return new Map([...posted].filter(([key]) => !gone.has(key)));
  }

  /** The school's code that the part was posted with; else its first one for what stands. */
  function codesOf({ district }: Actor) {
    const met = new Map<string, Promise<Code[]>>();
    return async (school: number | null, year: number, { code_id, status }: Part): Promise<Code | undefined> => {
      if (school === null) return undefined;
      const key = `${school} ${year}`;
      if (!met.has(key)) met.set(key, codes.of(district, school, year));
      const all = await met.get(key)!;
      return all.find(({ id }) => id === code_id) ?? all.find((code) => code.status === status);
    };
  }

  return {
    records,

    /** The record with this id, if there is one that the actor may see. */
    async record(actor: Actor, id: number): Promise<AttendanceRecord | undefined> {
      const { id: made, date } = madeOf(id);
      const values = { district: actor.district, id: made };
      const [found] =
        date === undefined
          ? await database.all(sql.dayOfPart, values)
          : (await database.all(sql.studentOfEnrollment, values)).map((row) => ({ ...row, date }));
      if (!found) return undefined;
      const standing = await records(actor, { students: [found.person_id], from: found.date, to: found.date });
      return standing.find((record) => record.id === id);
    },
  };
}

function partsShown(
  mark: (EntryRow & Said) | undefined,
  parts: readonly Part[] | undefined,
  enrolled: ReadonlyMap<number, StudentEnrollment>,
): readonly Part[] {
  if (parts) return asPosted(parts, mark ?? PRESENT);
  const enrollment = enrolled.get(mark!.enrollment_id)!;
  const periods = periodsOf(enrollment);
  const mode = enrollment.class_type === 'homeroom' ? 'ATT_ModeDaily' : 'ATT_ModeMeeting';
  return [markAsPart(mark!, mode, periods.length === 1 ? periods[0]! : '')];
}

export type Templates = ReturnType<typeof openTemplates>;

interface StudentDay {
  readonly date: string;
  readonly enrollments: readonly StudentEnrollment[];
  readonly records: readonly AttendanceRecord[];
  /** What is known of the day, by enrollment. */
  readonly entries: ReadonlyMap<number, EntryRow>;
}

const equal = (column: string, value: string | number | null) => ({ column, is: 'eq', value }) as const;

/** Records that a plugin fills and posts: what stands on the day, else what is known of it beforehand. */
export function openTemplates(database: Database, ledger: Ledger, standing: AttendanceRecords) {
  const codes = openCodes(database);
  const students = openStudents(database);
  const schoolYears = openSchoolYears(database);

  /** Where the student is enrolled on the day, as far as the actor may see it, and what stands there. */
  async function dayOf(actor: Actor, student: number, date: string): Promise<StudentDay> {
    const enrollments = await students.enrollments(actor, [student]);
    const records = await standing.records(actor, { students: [student], from: date, to: date });
    const condition = { all: [equal('person_id', student), equal('date', date), { not: equal('status', null) }] };
    const order = [{ column: 'enrollment_id' }, { column: 'date' }];
    const entries = await ledger.query({ actor, condition, order, limit: Number.MAX_SAFE_INTEGER });
    return {
      date,
      enrollments: enrollments.filter((each) => each.permitted && isActive(each, date)),
      records,
      entries: new Map(entries.map((entry) => [entry.enrollment_id, entry])),
    };
  }

  /** A record of no part yet: with the code of what is known, else with one to be filled. */
  async function blank(
    { district }: Actor,
    { date, entries }: StudentDay,
    at: StudentEnrollment,
    mode: Mode,
    period = '',
  ) {
    const year = yearIdOn(date, await schoolYears(district));
    const entry = entries.get(at.id);
    const known = entry ? await codes.of(district, at.school_id!, year) : [];
    const code = known.find(({ id }) => id === entry?.code_id) ?? known.find(({ status }) => status === entry?.status);
    const { status, comment, code_id } = entry ?? { status: Status.present, comment: '', code_id: null };
    const said = { section_id: at.section_id, date, enrollment_id: at.id, status: status!, comment, code_id };
    return attendanceColumns({ id: 0, part: markAsPart(said, mode, period), enrollment: at, year, code });
  }

  async function homeroomOf(actor: Actor, student: number, date: string) {
    const day = await dayOf(actor, student, date);
    const homeroom = day.enrollments.find((each) => each.class_type === 'homeroom' && each.school_id !== null);
    return { day, homeroom, records: day.records.filter(({ enrollment }) => enrollment.id === homeroom?.id) };
  }

  const ofClass = async (actor: Actor, day: StudentDay, enrollment: StudentEnrollment) => {
    const parts = day.records.filter((record) => record.enrollment.id === enrollment.id && isOfMeeting(record));
    if (parts.length > 0) return parts.map(attendanceColumns);
    const periods = periodsOf(enrollment);
    const blanks = (periods.length > 0 ? periods : ['']).map((period) =>
      blank(actor, day, enrollment, 'ATT_ModeMeeting', period),
    );
    return Promise.all(blanks);
  };

  return {
    async daily(actor: Actor, student: number, date: string): Promise<TemplateColumns[]> {
      const { day, homeroom, records } = await homeroomOf(actor, student, date);
      if (!homeroom) return [];
      const record = records.find(({ part }) => part.mode === 'ATT_ModeDaily');
      return [dailyOf(record ? attendanceColumns(record) : await blank(actor, day, homeroom, 'ATT_ModeDaily'))];
    },

    /** `dcid` 0 is a new record, whose minutes and code are to be filled. */
    async time(actor: Actor, student: number, date: string, dcid: number): Promise<TemplateColumns[]> {
      const { day, homeroom, records } = await homeroomOf(actor, student, date);
      if (!homeroom) return [];
      if (dcid === 0)
        return [
          timeOf({ ...(await blank(actor, day, homeroom, 'ATT_ModeTime')), attendance_codeid: '', att_comment: '' }),
        ];
      return records
        .filter(({ id, part }) => id === dcid && part.mode === 'ATT_ModeTime')
        .map((record) => timeOf(attendanceColumns(record)));
    },

    /** One for each class of the day in the school; one for each period of a class, or each part that was posted. */
    async meetings(actor: Actor, student: number, date: string, school: string): Promise<TemplateColumns[]> {
      const day = await dayOf(actor, student, date);
      const classes = day.enrollments.filter(
        ({ school_id, school_number }) => school_id !== null && school_number === school,
      );
      const all = await Promise.all(classes.map((each) => ofClass(actor, day, each)));
      return all.flat().map(meetingOf);
    },
  };
}

const isOfMeeting = ({ part }: AttendanceRecord): boolean =>
  part.mode === 'ATT_ModeMeeting' || part.mode === 'ATT_ModeInterval';

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
