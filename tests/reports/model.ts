import { FIRST_DAY, LAST_DAY } from '../../src/days';
import type { Status } from '../../src/ledger/attendance';
import { commonDays, type Days, isEnrolled } from '../../src/roster/enrolled';
import { changed, dayAfter, type Membership } from '../../src/roster/past';

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

/** It ends on this day, or never began; not later than it would have anyway. */
const endedOn = ({ begin_date, end_date }: Membership, day: string): string =>
  end_date <= day ? end_date : [begin_date, day].sort()[1]!;

type Kind = 'present' | 'absent' | 'excused' | 'late';

interface Day {
  readonly date: string;
  readonly kind: Kind;
  /** Away in some of the classes, but in less than half of them. */
  readonly partial: boolean;
}

/** A class of a student on a day, on which something is known of them, or counts as present though nothing is. */
interface Lesson {
  readonly status: Status;
  readonly isHomeroom: boolean;
  readonly isAssumed: boolean;
}

interface AbsenceRow {
  rolls_taken: number;
  assumed: boolean;
  student_days: number;
  absent_days: number;
  excused_days: number;
  late_days: number;
  partial_days: number;
}
const nothing: AbsenceRow = {
  rolls_taken: 0,
  assumed: false,
  student_days: 0,
  absent_days: 0,
  excused_days: 0,
  late_days: 0,
  partial_days: 0,
};

/** The section that is a homeroom; the others are classes of a period. */
export const HOMEROOM = 'k1';

export class Model {
  /** Of each section, by its sourcedId, as the SIS says; empty: in none. */
  readonly schools = new Map<string, string>();
  /** The same by the last import, and where it was before: until which day, exclusive. */
  private readonly present = new Map<string, string>();
  private readonly former = new Map<string, { school: string; until: string }[]>();
  readonly enrollments = new Map<string, Enrollment>();
  /** `<enrollment> <date>` */
  readonly marks = new Map<string, Status>();
  /** `<enrollment> <date>`: somebody said that the student was present, on a roll that is not taken. */
  readonly told = new Set<string>();
  /** `<section> <date>` */
  readonly taken = new Set<string>();
  /** `<school> <date>` */
  readonly calendar = new Map<string, boolean>();
  /** Schools in which students who are not marked count as present. */
  readonly assuming = new Set<string>();

  /** @param today the district's */
  constructor(readonly today: string) {}

  isOn(id: string, date: string): boolean {
    const { is } = this.enrollments.get(id)!;
    return is !== undefined && isEnrolled(date, is, is.kept);
  }

  /** What an import makes of what the SIS says: what is known of days up to today stays so. */
  import(today: string): void {
    const counted = this.countedBefore(today);
    for (const [section, school] of this.schools) this.place(section, school, today);
    for (const [id, enrollment] of this.enrollments) {
      const { begin, end, listed, section, is } = enrollment;
      const days = (keys: Iterable<string>, of: string) =>
        [...keys].map((key) => key.split(' ')).flatMap(([at, date]) => (at === of && date! <= today ? [date!] : []));
      const asked = { begin_date: begin, end_date: end, inheritsBegin: false };
      const told = [...days(this.marks.keys(), id), ...days(this.told, id)];
      // Of a row that says what it said before nothing changes, whatever has become of the rolls meanwhile.
      if (listed && is && is.begin_date === begin && is.end_date === end) continue;
      const isKnownToday = told.includes(today) || this.taken.has(`${section} ${today}`);
      const known = {
        ...{ taken: days(this.taken, section).sort(), told },
        ...{ assumed: this.assumedIn(section), counted: { days: this.assumedIn(section, counted), since: FIRST_DAY } },
      };
      const now = listed
        ? changed(is, asked, known, today)
        : { ...is!, end_date: endedOn(is!, isKnownToday ? dayAfter(today) : today) };
      this.enrollments.set(id, {
        ...enrollment,
        is: { begin_date: now.begin_date, end_date: now.end_date, kept: now.kept },
      });
    }
  }

  /** Where something is known of a section, it leaves its past in the school in which it was. */
  private place(section: string, school: string, today: string): void {
    const was = this.present.get(section);
    if (was === undefined || was === school) {
      this.present.set(section, school);
      return;
    }
    const told = [...this.marks.keys(), ...this.told].map((key) => key.split(' '));
    const known = [
      ...[...this.taken].map((key) => key.split(' ') as [string, string]),
      ...told.map(([id, date]) => [this.enrollments.get(id!)!.section, date!] as const),
    ].filter(([, date]) => date <= today);
    // Once its day has begun there, all classes of the school stay in it until tomorrow.
    const isDayBegun = known.some(([of, date]) => date === today && this.schoolOn(of, today) === was);
    const until = isDayBegun ? dayAfter(today) : today;
    this.present.set(section, school);
    const former = this.former.get(section) ?? [];
    const last = former.at(-1);
    if (last && last.until >= until) {
      if (last.school === school) former.pop();
    } else if (last || known.some(([of]) => of === section) || this.assuming.has(was) || this.assuming.has(school))
      former.push({ school: was, until });
    this.former.set(section, former);
  }

  /** The days on which a section was in a school in which students who are not marked count as present, or some of these. */
  private assumedIn(section: string, some?: ReadonlyMap<string, readonly Days[]>): Days[] {
    const former = this.former.get(section) ?? [];
    return [...former, { school: this.present.get(section)!, until: LAST_DAY }].flatMap(({ school, until }, at) => {
      const days = { begin_date: former[at - 1]?.until ?? FIRST_DAY, end_date: until };
      return this.assuming.has(school) ? commonDays([days], some?.get(school) ?? (some ? [] : [days])) : [];
    });
  }

  /** The days before an import on which anybody counts as present in a school. */
  private countedBefore(today: string): Map<string, Days[]> {
    const counted = new Map<string, Days[]>();
    for (const school of this.assuming) {
      const over = new Map([[school, [{ begin_date: FIRST_DAY, end_date: today }]]]);
      const days = [...this.enrollments.values()].flatMap(({ section, is }) =>
        is ? commonDays([is, ...is.kept], this.assumedIn(section, over)) : [],
      );
      counted.set(school, days);
    }
    return counted;
  }

  /** The school of a section on a day. */
  schoolOn(section: string, date: string): string {
    const former = this.former.get(section) ?? [];
    return former.find(({ until }) => date < until)?.school ?? this.present.get(section)!;
  }

  /** The schools in which any section is, or was. */
  private everySchool(): Set<string> {
    return new Set([...this.present.values(), ...[...this.former.values()].flat().map(({ school }) => school)]);
  }

  isTaken(id: string, date: string): boolean {
    return this.taken.has(`${this.enrollments.get(id)!.section} ${date}`);
  }

  /** What is known of a student's status; undefined: nothing. */
  known(id: string, date: string): Status | undefined {
    const mark = this.marks.get(`${id} ${date}`);
    if (mark) return mark;
    return this.isOn(id, date) && (this.isTaken(id, date) || this.told.has(`${id} ${date}`)) ? 1 : undefined;
  }

  /** Whether something is known of a student on a roll that is not taken. */
  isMarkedAhead(id: string, date: string): boolean {
    return !this.isTaken(id, date) && this.known(id, date) !== undefined;
  }

  private onRoll(section: string, date: string): string[] {
    return [...this.enrollments.keys()].filter(
      (id) => this.enrollments.get(id)!.section === section && this.isOn(id, date),
    );
  }

  /** @param takes whether whoever writes says that the roll is taken by it */
  write(id: string, date: string, status: Status, takes: boolean): void {
    const { section } = this.enrollments.get(id)!;
    const isNews = this.known(id, date) !== status;
    this.marks.delete(`${id} ${date}`);
    this.told.delete(`${id} ${date}`);
    if (status !== 1) this.marks.set(`${id} ${date}`, status);
    else if (!this.isTaken(id, date)) this.told.add(`${id} ${date}`);
    if (takes || (isNews && this.onRoll(section, date).every((each) => this.known(each, date))))
      this.take(section, date);
  }

  /** A day that has not come is taken by nobody, a roll without students neither. */
  take(section: string, date: string): void {
    if (date > this.today || this.onRoll(section, date).length === 0) return;
    this.taken.add(`${section} ${date}`);
    for (const id of this.enrollments.keys())
      if (this.enrollments.get(id)!.section === section) this.told.delete(`${id} ${date}`);
  }

  isSchoolDay(school: string, date: string): boolean {
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
    return this.calendar.get(`${school} ${date}`) ?? (weekday !== 0 && weekday !== 6);
  }

  /** A student's classes on a school day, in one school or in all. */
  lessonsOf(student: string, date: string, school?: string): Lesson[] {
    return [...this.enrollments].flatMap(([id, enrollment]): Lesson[] => {
      const at = this.schoolOn(enrollment.section, date);
      const isAsked =
        enrollment.student === student &&
        (school === undefined || school === at) &&
        this.isOn(id, date) &&
        this.isSchoolDay(at, date);
      if (!isAsked) return [];
      const isHomeroom = enrollment.section === HOMEROOM;
      const status = this.known(id, date);
      if (status) return [{ status, isHomeroom, isAssumed: false }];
      return this.assuming.has(at) && date < this.today ? [{ status: 1, isHomeroom, isAssumed: true }] : [];
    });
  }

  /** The student's days of these, in one school or in all. */
  daysOf(student: string, dates: readonly string[], school?: string): Day[] {
    return dates.flatMap((date): Day[] => {
      const lessons = this.lessonsOf(student, date, school);
      // Who is away from homeroom is so from the other classes in which nobody says otherwise.
      const isAway = lessons.some(({ status, isHomeroom }) => isHomeroom && (status === 2 || status === 4));
      const statuses = lessons.filter(({ isAssumed }) => !(isAssumed && isAway)).map(({ status }) => status);
      const away = statuses.filter((status) => status === 2 || status === 4);
      if (statuses.length === 0) return [];
      if (away.length >= statuses.length / 2)
        return [{ date, kind: away.includes(2) ? 'absent' : 'excused', partial: false }];
      return [{ date, kind: statuses.includes(3) ? 'late' : 'present', partial: away.length > 0 }];
    });
  }

  /** Sums over the students and days, by a key of the school and the day. */
  absence(students: readonly string[], dates: readonly string[], keyOf: (school: string, date: string) => string) {
    const rows = new Map<string, AbsenceRow>();
    for (const school of this.everySchool())
      for (const date of dates) {
        if (!this.isSchoolDay(school, date)) continue;
        const sections = [...this.present.keys()].filter((section) => this.schoolOn(section, date) === school);
        const rolls = sections.filter((section) => this.taken.has(`${section} ${date}`)).length;
        const found = students.flatMap((student) => this.daysOf(student, [date], school));
        if (rolls === 0 && found.length === 0) continue;
        const key = keyOf(school, date);
        const row = rows.get(key) ?? { ...nothing };
        row.rolls_taken += rolls;
        row.assumed ||= this.assuming.has(school) && date < this.today;
        row.student_days += found.length;
        row.absent_days += found.filter(({ kind }) => kind === 'absent' || kind === 'excused').length;
        row.excused_days += found.filter(({ kind }) => kind === 'excused').length;
        row.late_days += found.filter(({ kind }) => kind === 'late').length;
        row.partial_days += found.filter(({ partial }) => partial).length;
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
    const schools = school === undefined ? [...this.everySchool()] : [school];
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
