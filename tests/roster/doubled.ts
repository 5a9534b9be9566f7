import fc from 'fast-check';
import type { Said } from './builder';

/* Random bundles in which students are listed several times in a class. */

const students = ['ada', 'ada', 'grace'];
const dayOf = (number: number): string => `2025-09-${String(number).padStart(2, '0')}`;
const [FIRST_DAY, LAST_DAY] = [1, 30];
const within = (day: number): number => Math.min(Math.max(day, FIRST_DAY), LAST_DAY);

const row = fc.record({
  student: fc.constantFrom(...students),
  class: fc.constantFrom('k', 'k', 'l'),
  /** Blank, or so many days after the import, or before it. */
  begin: fc.option(fc.integer({ min: -15, max: 5 }), { freq: 2 }),
  end: fc.option(fc.integer({ min: -10, max: 15 }), { freq: 2 }),
  /** Whether the SIS has made a new row of it. */
  isNew: fc.constantFrom(false, false, false, true),
  isDeleted: fc.constantFrom(false, false, false, true),
});

export const bundle = fc.record({
  rows: fc.array(fc.option(row, { freq: 4 }), { minLength: 5, maxLength: 5 }),
  mode: fc.constantFrom('bulk' as const, 'delta' as const),
  isReversed: fc.boolean(),
  /** How many of the rows are read together. */
  rowsAtOnce: fc.constantFrom(1, 2, undefined),
  /** Whether the SIS calls the first class otherwise. */
  isRenamed: fc.constantFrom(false, false, false, true),
  /** The school of the first class, which moves; and its terms. */
  school: fc.constantFrom('s', 's', 's', 't'),
  terms: fc.constantFrom(['year'], ['year'], ['year'], ['fall', 'spring'], ['spring'], []),
  yearBegins: fc.constantFrom(1, 1, 1, 4),
  /** When the first term ends, and the second one begins. */
  fallEnds: fc.integer({ min: 5, max: 14 }),
  springBegins: fc.integer({ min: 10, max: 24 }),
  /** Who is no longer there. */
  deleted: fc.constantFrom(null, null, null, null, 'ada'),
});
export type DoubledBundle = typeof bundle extends fc.Arbitrary<infer One> ? One : never;

/** What it says on a day of September. */
export const saidOf = ({ rows, mode, isReversed, isRenamed, ...of }: DoubledBundle, today: number): Said => {
  const k = isRenamed ? 'k-new' : 'k';
  const enrollments = rows.flatMap((each, index) => {
    if (!each) return [];
    const begins = each.begin === null ? null : within(today + each.begin);
    const ends = each.end === null ? null : within(Math.max(today + each.end, begins ?? of.yearBegins));
    return [
      {
        id: `e${index}${each.isNew ? `-${today}` : ''}`,
        class: each.class === 'k' ? k : each.class,
        person: each.student,
        begin: begins === null ? '' : dayOf(begins),
        end: ends === null ? '' : dayOf(ends),
        status: mode === 'delta' && each.isDeleted ? 'tobedeleted' : '',
      },
    ];
  });
  return {
    schools: ['s', 't'].map((id) => ({ id, name: `School ${id}`, number: id })),
    sessions: [
      { id: 'year', type: 'schoolYear', begin: dayOf(of.yearBegins), end: '2025-10-01' },
      { id: 'fall', begin: dayOf(of.yearBegins), end: dayOf(of.fallEnds) },
      { id: 'spring', begin: dayOf(of.springBegins), end: '2025-10-01' },
    ],
    classes: [{ id: k, school: of.school, terms: of.terms }, { id: 'l' }],
    people: ['ada', 'grace', 'joan'].map((id) => ({ id, status: id === of.deleted ? 'tobedeleted' : '' })),
    modes: { enrollments: mode },
    enrollments: [
      { id: 'joan', class: 'l', person: 'joan' }, // so that a file never lists nothing, and each day of the year counts
      ...(isReversed ? enrollments.reverse() : enrollments),
    ],
  };
};
