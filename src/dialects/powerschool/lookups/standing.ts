import type { Actor } from '../../../actor';
import type { Database } from '../../../database/database';
import { idOn, idOnNoDay, madeOf } from '../../../days';
import { Status } from '../../../ledger/attendance';
import { type Code, openCodes } from '../../../ledger/codes';
import type { Ledger } from '../../../ledger/ledger';
import type { EntryRow } from '../../../ledger/query';
import { openSchoolYears, yearIdOn } from '../../../roster/school-years';
import { openStudents, type StudentEnrollment } from '../../../roster/students';
import { yesterday } from '../../../roster/teaches';
import { byDay, type Days, type Part } from '../parts';
import { periodsOf } from '../posts/placing';
import { partsSql } from '../sql';
import { markAsPart, type Said, shown } from './showing';

/** A record of ATTENDANCE as it stands: a part that was posted, or the mark that another API made of a whole day. */
export interface StandingRecord {
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

export type Standing = ReturnType<typeof openStanding>;

const PRESENT: Said = { status: Status.present, comment: '', code_id: null };

/** What PowerSchool's clients read: the posted parts, and the marks of days of which nothing was posted. */
export function openStanding(database: Database, ledger: Ledger) {
  const sql = partsSql(database);
  const codes = openCodes(database);
  const { enrollments } = openStudents(database);
  const schoolYears = openSchoolYears(database);

  /** The records of the students' days that the actor may see, by enrollment and date. */
  async function records(actor: Actor, stretch: Stretch): Promise<StandingRecord[]> {
    const [marks, posted] = [await marksOf(actor, stretch), await partsOf(actor, stretch)];
    const parts = await knownOf(actor, marks, posted);
    const enrolled = new Map((await enrollments(actor, stretch.students)).map((each) => [each.id, each]));
    const years = await schoolYears(actor.district);
    const codeOf = codesOf(actor);
    const standing: StandingRecord[] = [];
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
    return byDay(await database.all<Part>(sql.ofStudents, { ...scope, students: asked, from, to }));
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
    async record(actor: Actor, id: number): Promise<StandingRecord | undefined> {
      const { id: made, date } = madeOf(id);
      const query = date === undefined ? sql.dayOfPart : sql.studentOfEnrollment;
      const values = { district: actor.district, id: made };
      const [found] = await database.all<{ person_id: number; date?: string }>(query, values);
      const day = date ?? found?.date;
      if (!found || !day) return undefined;
      const standing = await records(actor, { students: [found.person_id], from: day, to: day });
      return standing.find((record) => record.id === id);
    },
  };
}

function partsShown(
  mark: (EntryRow & Said) | undefined,
  parts: readonly Part[] | undefined,
  enrolled: ReadonlyMap<number, StudentEnrollment>,
): readonly Part[] {
  if (parts) return shown(parts, mark ?? PRESENT);
  const enrollment = enrolled.get(mark!.enrollment_id)!;
  const periods = periodsOf(enrollment);
  const mode = enrollment.class_type === 'homeroom' ? 'ATT_ModeDaily' : 'ATT_ModeMeeting';
  return [markAsPart(mark!, mode, periods.length === 1 ? periods[0]! : '')];
}
