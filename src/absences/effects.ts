import type { Database, Executor } from '../database/database';
import { idOn } from '../days';
import type { Actor } from '../ledger/actor';
import { Status } from '../ledger/attendance';
import { openCodes } from '../ledger/codes';
import { type EntryValue, same, unknown } from '../ledger/resolve';
import { preview } from '../lib/preview';
import { Problem } from '../lib/problem';
import { openNamed } from '../reports/named';
import { type Period, periodsOf } from '../roster/bell-schedules';
import { calledName } from '../roster/names';
import { type Lesson, type Stretch, secondsIn } from './concerned';
import { type AbsenceKind, absencesSql, fromValue, type SaidRow, toValue } from './sql';
import { openStanding, type Standing } from './standing';

/** What is to be said of students, and when. */
export interface AbsenceAsked extends Stretch {
  /** Absent, late or excused, or a code of each school concerned. */
  readonly meaning: { readonly status: Status } | { readonly code: string };
  /** Undefined: a comment that stands stays. */
  readonly comment: string | undefined;
  /** Whether it also takes the place of what is said already. */
  readonly overrule: boolean;
  /** Whether students came late or left early, at a time, which is where the part of the day ends, or begins. */
  readonly kind: AbsenceKind;
}

/** What an absence does in a class: it changes something, that stands already, or something else was said, which is left. */
export type Effect = 'changed' | 'unchanged' | 'left';

/** A class of a student that an absence concerns. */
export interface Concerned {
  readonly lesson: Lesson;
  readonly before: Standing;
  /** What it is, or would be, by the absence; where something else is left, what the absence would have said. */
  readonly after: EntryValue;
  readonly effect: Effect;
}

/** What the status or code of an absence means in a school and year. */
export type Meanings = (of: Pick<Lesson, 'school' | 'year'>) => Meaning;
interface Meaning {
  readonly status: Status;
  /** The id of the school's code; undefined where it is said by a status. */
  readonly code: number | undefined;
}
const LATE: Meaning = { status: Status.late, code: undefined };

/** Says what an absence does, class by class. */
export function openEffects(database: Database) {
  const sql = absencesSql(database);
  const standing = openStanding(database);
  const codes = openCodes(database);
  const { schools: schoolNames } = openNamed(database);

  /** @param isKept whether a school without codes begins to have the usual ones */
  async function meanings(
    { district }: Actor,
    { meaning }: AbsenceAsked,
    lessons: readonly Lesson[],
    isKept: boolean,
  ): Promise<Meanings> {
    if ('status' in meaning) return () => ({ status: meaning.status, code: undefined });
    const found = new Map<string, Meaning>();
    for (const { school, year, student, title } of lessons) {
      const key = `${school} ${year}`;
      if (found.has(key)) continue;
      const stored = school === 0 ? [] : await codes.stored(district, school, year);
      const missing = school !== 0 && stored.length === 0;
      const list = !missing ? stored : isKept ? await codes.of(district, school, year) : codes.offered(school, year);
      const code = list.find((each) => each.code === meaning.code && each.status !== Status.present);
      if (!code) {
        const others = list.filter(({ status }) => status !== Status.present).map((each) => each.code);
        const name = (await schoolNames(district)).get(school) ?? '';
        throw unknownCode(meaning.code, others, `${calledName(student)} has ${title} ${name && `at ${name}`}`.trim());
      }
      found.set(key, { status: code.status, code: code.id });
    }
    return ({ school, year }) => found.get(`${school} ${year}`)!;
  }

  /** What absences that stand say of each entry, the last that was entered first. */
  async function saidByAbsences(executor: Executor, { district }: Actor, lessons: readonly Lesson[]) {
    const keys = JSON.stringify(lessons.map(({ enrollment, date }) => [enrollment, date]));
    const rows = lessons.length > 0 ? await executor.all(sql.said, { district, keys }) : [];
    const byEntry = new Map<number, SaidRow[]>();
    for (const row of rows) {
      const entry = idOn(row.enrollment, row.date);
      byEntry.set(entry, [...(byEntry.get(entry) ?? []), row]);
    }
    return ({ enrollment, date }: Lesson) => byEntry.get(idOn(enrollment, date)) ?? [];
  }

  /** Since when each student who comes back was away: the time of the early dismissal that was entered of them, if one was. */
  async function awaySince(executor: Executor, { district }: Actor, { kind, students, from, part }: AbsenceAsked) {
    if (kind === 'absence' || !part || 'periods' in part) return () => 0;
    if (kind === 'early_dismissal') return () => part.from_time;
    const asked = JSON.stringify(students.map(({ id }) => [id]));
    const passes = await executor.all(sql.passesOf, { district, date: from, students: asked });
    return (student: number): number => {
      const times = passes
        .filter(({ person }) => person === student)
        .map((pass) => ({ ...pass, time: timeOfPass(pass) }))
        .filter(({ time }) => time < part.to_time)
        .sort((one, other) => one.time - other.time);
      const last = times.at(-1);
      return last?.kind === 'early_dismissal' ? last.time : 0;
    };
  }

  /** @param lessons of late arrivals and early dismissals all of the day */
  async function of(
    executor: Executor,
    actor: Actor,
    asked: AbsenceAsked,
    lessons: readonly Lesson[],
    meaningOf: Meanings,
  ): Promise<Concerned[]> {
    const [standsOf, saidOf, since] = await Promise.all([
      standing(executor, actor, lessons),
      asked.kind === 'absence' ? () => [] : saidByAbsences(executor, actor, lessons),
      awaySince(executor, actor, asked),
    ]);
    return lessons.flatMap((lesson): Concerned[] => {
      const place = placeOf(lesson, asked, since(lesson.student.id));
      if (!place) return [];
      const before = standsOf(lesson);
      const said = saidOf(lesson);
      const without = withoutBegun(before.said, said, (each) => hasBegun(each, lesson, lessons, asked));
      const isBegun = !same(before.said, without);
      if (place === 'after') {
        if (!isAway(before.status)) return [];
        if (isBegun) return [{ lesson, before, after: without, effect: 'changed' }];
        const isAhead = said[0] !== undefined && same(before.said, toValue(said[0]));
        return isAhead ? [] : [{ lesson, before, after: unknown, effect: 'left' }];
      }
      // Who comes back has missed these by the early dismissal, which says so.
      if (place === 'missed' && isBegun && since(lesson.student.id) > 0 && asked.kind === 'late_arrival')
        return [{ lesson, before, after: before.said, effect: 'unchanged' }];
      const after = valueAfter(asked, place === 'late' ? LATE : meaningOf(lesson), before);
      if (same(before, after)) return [{ lesson, before, after, effect: 'unchanged' }];
      const isChanged = before.status === null || asked.overrule || isBegun || isExplained(before, asked);
      return [{ lesson, before, after, effect: isChanged ? 'changed' : 'left' }];
    });
  }

  return { of, meanings };
}

/** When somebody came, or left, in seconds since midnight. */
export const timeOfPass = (pass: { kind: AbsenceKind; from_time: number | null; to_time: number | null }): number =>
  (pass.kind === 'late_arrival' ? pass.to_time : pass.from_time) ?? 0;

function valueAfter({ comment }: AbsenceAsked, { status, code }: Meaning, before: Standing): EntryValue {
  const keepsComment = comment === undefined && before.status !== null && before.status !== Status.present;
  return {
    status,
    comment: keepsComment ? before.comment : (comment ?? ''),
    code: code ?? (before.status === status ? before.code : null),
  };
}

/**
 * Where a class lies for who is away from it: `missed` is half of it or more, `late` less than half of its beginning,
 * `after` a class that begins once the student has come. Undefined: it is not concerned.
 */
function placeOf(
  { held = [] }: Lesson,
  { kind, part }: AbsenceAsked,
  since: number,
): 'missed' | 'late' | 'after' | undefined {
  if (kind === 'absence' || !part || 'periods' in part) return 'missed';
  if (held.length === 0) return undefined;
  const sum = (seconds: readonly number[]) => seconds.reduce((total, each) => total + Math.max(0, each), 0);
  const away = sum(held.map((period) => secondsIn({ from_time: since, to_time: part.to_time }, period)));
  if (away > 0 && 2 * away >= sum(held.map(({ start_time, end_time }) => end_time - start_time))) return 'missed';
  // Who leaves before the end of a class was there, as long as it was for more than half of it.
  if (kind === 'early_dismissal') return undefined;
  if (away > 0) return 'late';
  return startOf(held) >= part.to_time ? 'after' : undefined;
}

const startOf = (held: readonly Period[]): number => Math.min(...held.map(({ start_time }) => start_time));

/** What would stand if the absences that have begun were taken back, the last that was entered first. */
function withoutBegun(stands: EntryValue, said: readonly SaidRow[], isBegun: (said: SaidRow) => boolean): EntryValue {
  let value = stands;
  for (const each of said) {
    if (!same(value, toValue(each)) || !isBegun(each)) break;
    value = fromValue(each);
  }
  return value;
}

/**
 * Whether an absence of the office had begun by the time at which the student came, or left: it is over then. One of
 * later periods, or of a later time, is not.
 */
function hasBegun(
  said: SaidRow,
  { student }: Lesson,
  lessons: readonly Lesson[],
  { kind, part }: AbsenceAsked,
): boolean {
  if (kind === 'absence' || !part || 'periods' in part) return false;
  const time = kind === 'late_arrival' ? part.to_time : part.from_time;
  if (said.periods === null) return (said.from_time ?? 0) < time;
  const periods: readonly string[] = JSON.parse(said.periods);
  return lessons.some(
    (other) =>
      other.student.id === student.id &&
      other.held?.some(({ start_time }) => start_time < time) &&
      periodsOf(other).some((period) => periods.includes(period)),
  );
}

const isAway = (status: Status | null): boolean => status === Status.absent || status === Status.excused;

/** Whoever was marked absent, and is known to have come late or left early now, is what that makes of the class. */
const isExplained = ({ status }: Standing, { kind }: AbsenceAsked): boolean =>
  kind !== 'absence' && status === Status.absent;

function unknownCode(sent: string, known: readonly string[], where: string): Problem {
  const right =
    known.length > 0 ? `one of the school's codes, ${known.join(', ')}` : 'left out: the class is of no school';
  const message = `must be ${right}, not ${preview(sent)}: ${where}`;
  return new Problem('BODY_INVALID', `code ${message}.`, { violations: [{ field: 'code', message }] });
}
