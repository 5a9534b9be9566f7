import type { Counted, Span } from './counted';
import { tally } from './year-line';

/** Who misses a tenth of school is chronically absent, excused or not (Attendance Works; U.S. Department of Education). */
const CHRONIC = 0.1;

/** A student who was absent. */
export interface Absentee {
  readonly person_id: number;
  /** The school in which they were enrolled last. */
  readonly school: number;
  /** School days on which a roll was taken for them, those of several schools together. */
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

/** The chronically absent students, those who miss most first; of whom there are `students` who were enrolled at all. */
export async function chronicIn(counted: Counted, span: Span): Promise<{ absentees: Absentee[]; students: number }> {
  const tallies = await talliesOf(counted, span);
  const absentees: Absentee[] = [];
  for (const [person_id, { school, enrolled, absent }] of tallies) {
    const rate = absent / enrolled;
    if (rate >= CHRONIC) absentees.push({ person_id, school, enrolled_days: enrolled, absent_days: absent, rate });
  }
  absentees.sort((one, other) => other.rate - one.rate || one.person_id - other.person_id);
  return { absentees, students: tallies.size };
}

async function talliesOf(counted: Counted, span: Span): Promise<Map<number, Tally>> {
  const tallies = new Map<number, Tally>();
  for await (const { school, places, last, lines } of counted.years(span))
    for (const { person, line } of lines) {
      const { enrolled, absent } = tally(line, places);
      if (enrolled === 0) continue;
      const known = tallies.get(person) ?? { school, last, enrolled: 0, absent: 0 };
      known.enrolled += enrolled;
      known.absent += absent;
      if (last > known.last) Object.assign(known, { school, last });
      tallies.set(person, known);
    }
  return tallies;
}
