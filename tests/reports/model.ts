import type { Status } from '../../src/ledger/attendance';
import { isEnrolled } from '../../src/roster/enrolled';
import { changed, type Membership } from '../../src/roster/past';

/** The reports as their definitions have them, over plain maps: every question is answered from the first mark on. */
export interface Enrollment {
  readonly section: string;
  readonly student: string;
  /** As the SIS says. */
  readonly begin: string;
  /** Exclusive. */
  readonly end: string;
  /** Whether the SIS still lists it. */
  readonly listed: boolean;
  /** What it is by the last import; undefined before one. `tests/roster/frozen.test.ts` has the rule. */
  readonly is?: Membership;
}

/** It ends today, or never began; not later than it would have anyway. */
const endedOn = ({ begin_date, end_date }: Membership, today: string): string =>
  end_date <= today ? end_date : [begin_date, today].sort()[1]!;

type Kind = 'present' | 'absent' | 'excused' | 'late';

interface Day {
  readonly date: string;
  readonly kind: Kind;
  /** Away in some of the rolls, but in less than half of them. */
  readonly partial: boolean;
}

export class Model {
  /** Of each section, by its sourcedId; empty: in none. */
  readonly schools = new Map<string, string>();
  readonly enrollments = new Map<string, Enrollment>();
  /** `<enrollment> <date>` */
  readonly marks = new Map<string, Status>();
  /** `<section> <date>` */
  readonly taken = new Set<string>();
  /** `<school> <date>` */
  readonly calendar = new Map<string, boolean>();

  isOn(id: string, date: string): boolean {
    const { is } = this.enrollments.get(id)!;
    return is !== undefined && isEnrolled(date, is, is.kept);
  }

  /** What an import makes of what the SIS says: rolls that were taken before today stay as they are. */
  import(today: string): void {
    for (const [id, enrollment] of this.enrollments) {
      const { begin, end, listed, section, is } = enrollment;
      const taken = [...this.taken]
        .map((key) => key.split(' '))
        .filter(([at, date]) => at === section && date! < today);
      const asked = { begin_date: begin, end_date: end, inheritsBegin: false };
      const now = listed
        ? changed(is, asked, taken.map(([, date]) => date!).sort(), today)
        : { ...is!, end_date: endedOn(is!, today) };
      this.enrollments.set(id, {
        ...enrollment,
        is: { begin_date: now.begin_date, end_date: now.end_date, kept: now.kept },
      });
    }
  }

  statusOf(id: string, date: string): Status {
    return this.marks.get(`${id} ${date}`) ?? 1;
  }

  write(id: string, date: string, status: Status): void {
    this.taken.add(`${this.enrollments.get(id)!.section} ${date}`);
    if (status === 1) this.marks.delete(`${id} ${date}`);
    else this.marks.set(`${id} ${date}`, status);
  }

  isSchoolDay(school: string, date: string): boolean {
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
    return this.calendar.get(`${school} ${date}`) ?? (weekday !== 0 && weekday !== 6);
  }

  /** The statuses in the rolls that were taken for a student on a school day, in one school or in all. */
  rollsOf(student: string, date: string, school?: string): Status[] {
    return [...this.enrollments].flatMap(([id, enrollment]) => {
      const at = this.schools.get(enrollment.section)!;
      const counts =
        enrollment.student === student &&
        (school === undefined || school === at) &&
        this.isOn(id, date) &&
        this.taken.has(`${enrollment.section} ${date}`) &&
        this.isSchoolDay(at, date);
      return counts ? [this.statusOf(id, date)] : [];
    });
  }

  /** The student's days of these, in one school or in all. */
  daysOf(student: string, dates: readonly string[], school?: string): Day[] {
    return dates.flatMap((date): Day[] => {
      const statuses = this.rollsOf(student, date, school);
      const away = statuses.filter((status) => status === 2 || status === 4);
      if (statuses.length === 0) return [];
      if (away.length >= statuses.length / 2)
        return [{ date, kind: away.includes(2) ? 'absent' : 'excused', partial: false }];
      return [{ date, kind: statuses.includes(3) ? 'late' : 'present', partial: away.length > 0 }];
    });
  }

  /** Sums over the students and days, by a key of the school and the day. */
  absence(students: readonly string[], dates: readonly string[], keyOf: (school: string, date: string) => string) {
    const rows = new Map<
      string,
      { student_days: number; absent_days: number; excused_days: number; late_days: number; partial_days: number }
    >();
    for (const school of new Set(this.schools.values()))
      for (const date of dates) {
        const took = [...this.schools].some(([section, at]) => at === school && this.taken.has(`${section} ${date}`));
        if (!took || !this.isSchoolDay(school, date)) continue;
        const key = keyOf(school, date);
        const row = rows.get(key) ?? {
          student_days: 0,
          absent_days: 0,
          excused_days: 0,
          late_days: 0,
          partial_days: 0,
        };
        for (const student of students)
          for (const { kind, partial } of this.daysOf(student, [date], school)) {
            row.student_days++;
            if (kind === 'absent' || kind === 'excused') row.absent_days++;
            if (kind === 'excused') row.excused_days++;
            if (kind === 'late') row.late_days++;
            if (partial) row.partial_days++;
          }
        rows.set(key, row);
      }
    return rows;
  }

  /** Enrolled and absent days of who was absent on a tenth of them; a day in each of two schools is two. */
  chronic(
    students: readonly string[],
    dates: readonly string[],
    school: string | undefined,
    minDays: number,
    excused: boolean,
  ) {
    const schools = school === undefined ? [...new Set(this.schools.values())] : [school];
    const counted = students.map((student) => {
      const days = schools.flatMap((at) => this.daysOf(student, dates, at));
      const away = days.filter(({ kind }) => kind === 'absent' || (excused && kind === 'excused'));
      const partial_days = days.filter(({ partial }) => partial).length;
      return { student, enrolled_days: days.length, absent_days: away.length, partial_days };
    });
    const enrolled = counted.filter(({ enrolled_days }) => enrolled_days >= minDays);
    return { enrolled: enrolled.length, chronic: enrolled.filter((row) => row.absent_days * 10 >= row.enrolled_days) };
  }

  streaks(days: readonly Day[]) {
    const away = days.map(({ kind }) => kind === 'absent' || kind === 'excused');
    const runs = (asked: boolean) =>
      away
        .map((is) => (is === asked ? 'x' : ' '))
        .join('')
        .split(' ')
        .map(({ length }) => length);
    const streak = (asked: boolean) => ({ now: runs(asked).at(-1)!, longest: Math.max(...runs(asked)) });
    return { present: streak(false), absent: streak(true) };
  }
}
