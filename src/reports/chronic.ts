import type { Band } from '../../schemas/rollbook/reports';
import type { Status } from '../ledger/attendance';
import type { Counted, Span } from './counted';
import type { Day } from './rule';

/** Attendance Works calls less than a fifth moderate, from there on severe, from a half extreme; two steps of the first two. */
const bounds = [0.1, 0.15, 0.2, 0.35, 0.5, 1];

/** Counts chronically absent students by how much they miss; who misses all of it is in the last band. */
export const bandsOf = (absentees: readonly Pick<Absentee, 'rate'>[]): Band[] =>
  bounds.slice(1).map((to, index) => {
    const from = bounds[index]!;
    const isIn = ({ rate }: Pick<Absentee, 'rate'>) => rate >= from && (rate < to || to === 1);
    return { from, to, students: absentees.filter(isIn).length };
  });

/** As a roll book has it; small where the student was away in some of the day's classes, but in less than half of them. */
const letters: Readonly<Record<Status, string>> = { 1: 'P', 2: 'A', 3: 'L', 4: 'E' };
/** A day of which nothing is known. */
export const NONE = '.';
const letterOf = ({ status, partial }: Day): string => (partial ? letters[status].toLowerCase() : letters[status]);
const code = (letter: string): number => letter.charCodeAt(0);
const [ABSENT, EXCUSED, UNKNOWN] = [code(letters[2]), code(letters[4]), code(NONE)];
const partials = new Set(['p', 'l'].map(code));

/** The school year that the day is in, by the year it starts in, in July. */
export const yearOfDay = (date: string): number => Number(date.slice(0, 4)) - (date.slice(5, 7) < '07' ? 1 : 0);

/** Where the day is in the lines of its school year, from 0. */
export const placeOf = (date: string): number =>
  (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${yearOfDay(date)}-07-01T00:00:00Z`)) / 86_400_000;

/** The line with another day, or without it where nothing is known of it. */
export const withDay = (line: string, place: number, day: Day | undefined): string =>
  day === undefined && place >= line.length
    ? line
    : line.padEnd(place, NONE).slice(0, place) + (day ? letterOf(day) : NONE) + line.slice(place + 1);

/** Days of a student of which something is known. */
export interface DayCounts {
  enrolled: number;
  /** Away, excused or not. */
  absent: number;
  excused: number;
  partial: number;
}

/** What the days at these places come to. */
export function tally(line: string, places: readonly number[]): DayCounts {
  const days = { enrolled: 0, absent: 0, excused: 0, partial: 0 };
  for (const place of places) {
    const letter = line.charCodeAt(place);
    if (Number.isNaN(letter) || letter === UNKNOWN) continue;
    days.enrolled++;
    if (letter === ABSENT || letter === EXCUSED) days.absent++;
    if (letter === EXCUSED) days.excused++;
    if (partials.has(letter)) days.partial++;
  }
  return days;
}

/** Who misses a tenth of school is chronically absent, excused or not (Attendance Works; U.S. Department of Education). */
const CHRONIC = 0.1;
/** Of who was there for fewer days a rate says nothing (Attendance Works). */
export const MIN_DAYS = 10;

/** What counts. */
export interface ChronicRule {
  /** Students with fewer counted days are left out. */
  readonly minDays: number;
  /** Whether excused days count as missed. */
  readonly excused: boolean;
}

/** A student who was absent. */
export interface Absentee {
  readonly person_id: number;
  /** The school in which something is known of them last. */
  readonly school: number;
  /** School days of which something is known of them, those of several schools together. */
  readonly enrolled_days: number;
  /** Without excused days, where these do not count. */
  readonly absent_days: number;
  readonly partial_days: number;
  readonly rate: number;
}

interface Tally extends DayCounts {
  school: number;
  last: string;
}

/** Who is chronically absent, of how many. */
export interface Chronic {
  /** In no order. */
  readonly absentees: Absentee[];
  /** Of whom enough days are known. */
  readonly students: number;
  /** Whether students who are not marked count as present on some of the days. */
  readonly assumed: boolean;
}

/** Finds the chronically absent students. */
export async function chronicIn(
  counted: Counted,
  span: Span,
  { minDays, excused: isMissed }: ChronicRule,
): Promise<Chronic> {
  const { tallies, assumed } = await talliesOf(counted, span);
  const absentees: Absentee[] = [];
  let students = 0;
  for (const [person_id, { school, enrolled, absent, excused, partial }] of tallies) {
    if (enrolled < minDays) continue;
    students++;
    const missed = isMissed ? absent : absent - excused;
    const rate = missed / enrolled;
    if (rate >= CHRONIC)
      absentees.push({
        person_id,
        school,
        enrolled_days: enrolled,
        absent_days: missed,
        partial_days: partial,
        rate,
      });
  }
  return { absentees, students, assumed };
}

async function talliesOf(counted: Counted, span: Span): Promise<{ tallies: Map<number, Tally>; assumed: boolean }> {
  const tallies = new Map<number, Tally>();
  let isAssumed = false;
  for await (const { school, places, last, assumed, lines } of counted.years(span)) {
    isAssumed ||= assumed;
    for (const { person, line } of lines) {
      const days = tally(line, places);
      if (days.enrolled === 0) continue;
      const known = tallies.get(person) ?? { school, last, enrolled: 0, absent: 0, excused: 0, partial: 0 };
      for (const count of ['enrolled', 'absent', 'excused', 'partial'] as const) known[count] += days[count];
      if (last > known.last) Object.assign(known, { school, last });
      tallies.set(person, known);
    }
  }
  return { tallies, assumed: isAssumed };
}
