import type { Counted, Span } from './counted';
import { tally } from './year-line';

/** Who misses a tenth of school is chronically absent, excused or not (Attendance Works; U.S. Department of Education). */
const CHRONIC = 0.1;

/** A student who was absent. */
export interface Absentee {
  readonly person_id: number;
  /** The school in which they were enrolled last. */
  readonly school: number;
  /** School days of which something is known of them, those of several schools together. */
  readonly enrolled_days: number;
  readonly absent_days: number;
  readonly rate: number;
}

interface Tally {
  school: number;
  last: string;
  enrolled: number;
  absent: number;
}

/** Who is chronically absent, of how many. */
export interface Chronic {
  /** Those who miss most first. */
  readonly absentees: Absentee[];
  /** Of whom anything is known. */
  readonly students: number;
  /** Whether students who are not marked count as present on some of the days. */
  readonly assumed: boolean;
}

/** Finds the chronically absent students. */
export async function chronicIn(counted: Counted, span: Span): Promise<Chronic> {
  const { tallies, assumed } = await talliesOf(counted, span);
  const absentees: Absentee[] = [];
  for (const [person_id, { school, enrolled, absent }] of tallies) {
    const rate = absent / enrolled;
    if (rate >= CHRONIC) absentees.push({ person_id, school, enrolled_days: enrolled, absent_days: absent, rate });
  }
  absentees.sort((one, other) => other.rate - one.rate || one.person_id - other.person_id);
  return { absentees, students: tallies.size, assumed };
}

async function talliesOf(counted: Counted, span: Span): Promise<{ tallies: Map<number, Tally>; assumed: boolean }> {
  const tallies = new Map<number, Tally>();
  let isAssumed = false;
  for await (const { school, places, last, assumed, lines } of counted.years(span)) {
    isAssumed ||= assumed;
    for (const { person, line } of lines) {
      const { enrolled, absent } = tally(line, places);
      if (enrolled === 0) continue;
      const known = tallies.get(person) ?? { school, last, enrolled: 0, absent: 0 };
      known.enrolled += enrolled;
      known.absent += absent;
      if (last > known.last) Object.assign(known, { school, last });
      tallies.set(person, known);
    }
  }
  return { tallies, assumed: isAssumed };
}
