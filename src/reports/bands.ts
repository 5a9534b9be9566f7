import type { Absentee } from './chronic';

/** How many students miss at least `from` of school, and less than `to`. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly students: number;
}

/** Attendance Works calls less than a fifth moderate, from there on severe, from a half extreme; two steps of the first two. */
const bounds = [0.1, 0.15, 0.2, 0.35, 0.5, 1];

/** Counts chronically absent students by how much they miss; who misses all of it is in the last band. */
export const bandsOf = (absentees: readonly Pick<Absentee, 'rate'>[]): Band[] =>
  bounds.slice(1).map((to, index) => {
    const from = bounds[index]!;
    const isIn = ({ rate }: Pick<Absentee, 'rate'>) => rate >= from && (rate < to || to === 1);
    return { from, to, students: absentees.filter(isIn).length };
  });
