import type { AttendanceColumns } from '../../../schemas/powerschool/attendance';
import type { Database } from '../../database/database';
import { idOn, idOnNoDay, madeOf } from '../../days';
import type { Actor } from '../../ledger/actor';
import { Status } from '../../ledger/attendance';
import { type Code, openCodes } from '../../ledger/codes';
import type { EntryRow } from '../../ledger/entries';
import type { Ledger } from '../../ledger/ledger';
import { scopeOf } from '../../roster/access';
import { periodsOf } from '../../roster/bell-schedules';
import { openSchoolYears, schoolYearOn } from '../../roster/school-years';
import { openStudents, type StudentEnrollment } from '../../roster/students';
import { type Part, partsSql, YEAR_ZERO } from './tables';

/*
 * ATTENDANCE as it is stored and read: the parts of a student's day, which of them decides, and what is shown where
 * another API has changed the mark since.
 */

/** The parts of each day, by the id of the entry; those of a day in the order they were posted. */
export type Days = Map<number, Part[]>;

export function byDay(parts: readonly Part[]): Days {
  const days: Days = new Map();
  for (const part of parts) {
    const key = idOn(part.enrollment_id, part.date);
    const day = days.get(key);
    if (day) day.push(part);
    else days.set(key, [part]);
  }
  return days;
}

/** Absent, then excused, then late. */
export const severity: Record<Status, number> = {
  [Status.absent]: 3,
  [Status.excused]: 2,
  [Status.late]: 1,
  [Status.present]: 0,
};

/**
 * The part that decides what the mark of the day is, of parts in the order they were posted: "the most severe of all that
 * stand for that enrollment and day"; of several the first that has a comment. The records of Time count together, as one.
 * Undefined where all are void.
 */
export function deciding(parts: readonly Part[]): Part | undefined {
  const time = decidingTime(parts);
  const candidates = parts.filter((part) => part.mode !== 'ATT_ModeTime' || part === time);
  const most = Math.max(...candidates.map(({ status }) => severity[status]));
  const severe = candidates.filter(({ status }) => severity[status] === most);
  return severe.find(({ comment }) => comment) ?? severe[0];
}

/** "0 minutes voids one": it says nothing of the day. With an Absent code 0 minutes mean just that. */
export const isVoid = ({ mode, total_minutes, status }: Part): boolean =>
  mode === 'ATT_ModeTime' && !total_minutes && status !== Status.absent && status !== Status.excused;

/** What a part says of the day, if it is not void. */
const effectOf = (part: Part, parts: readonly Part[]): Status =>
  part.mode === 'ATT_ModeTime' ? decidingTime(parts)!.status : part.status;

/**
 * "Several records a day add up; total 0 with an Absent code is absent; the code of the latest record with minutes decides
 * otherwise."
 */
function decidingTime(parts: readonly Part[]): Part | undefined {
  const times = parts.filter((part) => part.mode === 'ATT_ModeTime' && !isVoid(part));
  return times.findLast(({ total_minutes }) => total_minutes) ?? times.at(-1);
}

/** What the ledger says of a day: a mark, or the absence of one. */
export interface DayValue {
  readonly status: Status;
  readonly comment: string;
  /** The school's code by which it was written; null where there is none. */
  readonly code_id: number | null;
}

/** No attendance code: the school's first code of the status stands in. */
const NO_CODE = 0;
const codeOf = ({ code_id }: DayValue): number => code_id ?? NO_CODE;

/** A part as it is shown, and the comment of the mark that it stands for; empty where it stands for none. */
interface ShownPart {
  readonly part: Part;
  readonly markComment: string;
}

/**
 * The parts of a day as they are to be shown: each as it was posted. Where another API has changed the mark since, it stands
 * until something is posted for that day again, and "the status that was overruled is shown with the other API's code": that of
 * each part which says worse of the day than the mark, or else, where the mark is worse than any, of those that say the worst.
 */
function asPosted(parts: readonly Part[], value: DayValue): readonly ShownPart[] {
  const by = deciding(parts);
  const { comment: markComment } = value;
  if (!by || by.status === value.status)
    return parts.map((part) => ({ part, markComment: part === by ? markComment : '' }));
  const worst = Math.min(severity[by.status], severity[value.status] + 1);
  return parts.map((part) =>
    isVoid(part) || severity[effectOf(part, parts)] < worst
      ? { part, markComment: '' }
      : { part: { ...part, status: value.status, code_id: codeOf(value) }, markComment },
  );
}

/** The mark of a day of which no part was posted, as the one part of it. */
export const markAsPart = (
  { section_id, date, enrollment_id, ...value }: DayValue & Pick<Part, 'section_id' | 'date' | 'enrollment_id'>,
  mode: Part['mode'],
  period: string,
): Part => ({
  id: undefined,
  section_id,
  date,
  enrollment_id,
  part: '',
  mode,
  code_id: codeOf(value),
  status: value.status,
  comment: value.comment,
  period,
  program: '',
  calendar_day: '',
  att_interval: null,
  start_time: null,
  end_time: null,
  total_minutes: null,
  fingerprint: null,
  posted_at: null,
});

/** A record of ATTENDANCE as it stands: a part that was posted, or the mark that another API made of a whole day. */
export interface AttendanceRecord {
  readonly id: number;
  readonly part: Part;
  /** That of the mark for which the record stands; empty where it stands for none. */
  readonly markComment: string;
  readonly enrollment: StudentEnrollment;
  readonly year: number;
  /** Undefined where the school has no code for what stands. */
  readonly code: Code | undefined;
}

/** The days of students, both inclusive. */
export interface StudentDays {
  readonly students: readonly number[];
  readonly from: string;
  readonly to: string;
}

export type AttendanceRecords = ReturnType<typeof openAttendanceRecords>;

const PRESENT: DayValue = { status: Status.present, comment: '', code_id: null };

/** What PowerSchool's clients read: the posted parts, and the marks of days of which nothing was posted. */
export function openAttendanceRecords(database: Database, ledger: Ledger) {
  const sql = partsSql(database);
  const codes = openCodes(database);
  const { enrollments } = openStudents(database);
  const schoolYears = openSchoolYears(database);

  /** The records of the students' days that the actor may see, by enrollment and date. */
  async function records(actor: Actor, range: StudentDays): Promise<AttendanceRecord[]> {
    const [marks, posted] = [await marksOf(actor, range), await partsOf(actor, range)];
    const parts = await knownOf(actor, marks, posted);
    const enrolled = new Map((await enrollments(actor, range.students)).map((each) => [each.id, each]));
    const years = await schoolYears(actor.district);
    const codeOf = codesOf(actor);
    const shown: AttendanceRecord[] = [];
    for (const key of [...new Set([...marks.keys(), ...parts.keys()])].sort((one, other) => one - other))
      for (const { part, markComment } of partsShown(marks.get(key), parts.get(key), enrolled)) {
        const enrollment = enrolled.get(part.enrollment_id)!;
        const year = schoolYearOn(part.date, years);
        const code = await codeOf(enrollment.school_id, year, part);
        shown.push({ id: part.id === undefined ? key : idOnNoDay(part.id), part, markComment, enrollment, year, code });
      }
    return shown;
  }

  async function marksOf(actor: Actor, { students, from, to }: StudentDays): Promise<Map<number, EntryRow & DayValue>> {
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
    return new Map(marks.map((mark) => [idOn(mark.enrollment_id, mark.date), mark as EntryRow & DayValue]));
  }

  async function partsOf(actor: Actor, { students, from, to }: StudentDays): Promise<Days> {
    const asked = JSON.stringify(students.map((student) => [student]));
    return byDay(await database.all(sql.ofStudents, { ...scopeOf(actor), students: asked, from, to }));
  }

  /** The posted parts without those that said what has been taken back, so that nothing is known of their day. */
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
    return new Map([...posted].map(([key, parts]) => [key, gone.has(key) ? parts.filter(isVoid) : parts]));
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
      const ofDay = await records(actor, { students: [found.person_id], from: found.date, to: found.date });
      return ofDay.find((record) => record.id === id);
    },
  };
}

function partsShown(
  mark: (EntryRow & DayValue) | undefined,
  parts: readonly Part[] = [],
  enrolled: ReadonlyMap<number, StudentEnrollment>,
): readonly ShownPart[] {
  const shown = asPosted(parts, mark ?? PRESENT);
  if (!mark || !parts.every(isVoid)) return shown;
  const enrollment = enrolled.get(mark.enrollment_id)!;
  const periods = periodsOf(enrollment);
  const mode = enrollment.class_type === 'homeroom' ? 'ATT_ModeDaily' : 'ATT_ModeMeeting';
  return [
    ...shown,
    { part: markAsPart(mark, mode, periods.length === 1 ? periods[0]! : ''), markComment: mark.comment },
  ];
}

/** "all values strings"; what is not there is an empty one. */
export const text = (value: string | number | null | undefined): string => String(value ?? '');

/** A record of ATTENDANCE, every column as a string. */
export const attendanceColumns = ({ id, part, enrollment, year, code }: AttendanceRecord): AttendanceColumns => ({
  dcid: text(id),
  id: text(id),
  att_mode_code: part.mode,
  att_date: part.date,
  schoolid: text(enrollment.school_number),
  yearid: text(year - YEAR_ZERO),
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
