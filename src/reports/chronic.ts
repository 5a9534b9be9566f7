import type { Counted, Span } from './counted';
import { type DayCounts, tally } from './year-line';

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
  /** Those who miss most first. */
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
  absentees.sort((one, other) => other.rate - one.rate || one.person_id - other.person_id);
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
