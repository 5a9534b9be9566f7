import fc from 'fast-check';
import type { ImportReport } from '../../src/roster/oneroster/report';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** How many sequences a test plays: few, since each is many imports; `ROSTER_RUNS` says another number. */
export const runs = {
  numRuns: Number(process.env.ROSTER_RUNS ?? (process.env.ENGINE === 'sqlite' ? 2 : 1)),
  endOnFailure: true,
};

/* Random sequences of imports, days, rolls and statuses, in a small school. */

const students = ['ada', 'grace'];
const classes = ['k', 'l'];
const [FIRST, LAST] = [5, 28];
const dayOf = (number: number): string => `2025-09-${String(number).padStart(2, '0')}`;

const row = fc.record({
  student: fc.constantFrom(...students),
  class: fc.constantFrom('k', 'k', 'l'),
  begin: fc.option(fc.integer({ min: 1, max: LAST }), { freq: 2 }),
  length: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 2 }),
  isDeleted: fc.boolean(),
});
type Row = typeof row extends fc.Arbitrary<infer One> ? One : never;
const rows = fc.array(fc.option(row, { freq: 4 }), { minLength: 4, maxLength: 4 });
const section = fc.constantFrom(...classes);
/** Of the class `k`: it moves. */
const school = fc.constantFrom('s', 's', 't');
/** Who is no longer there. */
const deleted = fc.constantFrom(null, null, null, ...students);
const ago = fc.integer({ min: 0, max: 5 });
export const step = fc.oneof(
  fc.record({
    do: fc.constant('import' as const),
    rows,
    at: school,
    deleted,
    mode: fc.constantFrom('bulk' as const, 'delta' as const),
  }),
  fc.record({ do: fc.constant('import' as const), rows, at: school, deleted, mode: fc.constant('bulk' as const) }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('take' as const), section, ago }),
  fc.record({ do: fc.constant('tell' as const), section, ago, status: fc.constantFrom(1, 2) }),
  fc.record({
    do: fc.constant('setting' as const),
    of: fc.constantFrom('s', 't'),
    untaken: fc.constantFrom('present', 'unknown'),
  }),
);

interface Listed {
  readonly rows: readonly (Row | null)[];
  readonly at: string;
  readonly deleted: string | null;
  readonly mode: 'bulk' | 'delta';
}

const saidOf = ({ rows: listed, at, deleted, mode }: Listed): Said => ({
  schools: ['s', 't'].map((id) => ({ id, name: `School ${id}`, number: id })),
  sessions: [{ id: 'year', type: 'schoolYear', begin: '2025-09-01', end: '2025-10-01' }],
  classes: classes.map((id) => ({ id, school: id === 'k' ? at : 's' })),
  people: students.map((id) => ({ id, status: id === deleted ? 'tobedeleted' : '' })),
  modes: { enrollments: mode },
  enrollments: [
    ...listed.flatMap((each, index) => {
      if (!each) return [];
      const begin = each.begin === null ? '' : dayOf(each.begin);
      const end = each.length === null ? '' : dayOf(Math.min((each.begin ?? 1) + each.length, 30));
      const status = mode === 'delta' && each.isDeleted ? 'tobedeleted' : '';
      return [{ id: `e${index}`, class: each.class, person: each.student, begin, end, status }];
    }),
    { id: 'teacher', class: 'k', person: 'ada', role: 'aide' }, // so that a file never lists nothing
  ],
});

const tables = [
  'schools',
  'terms',
  'courses',
  'sections',
  'people',
  'person_aliases',
  'enrollments',
  'kept_days',
  'enrollment_aliases',
  'enrollment_rows',
  'marks',
  'presences',
  'journal',
  'recounts',
  'former_schools',
  'former_terms',
  'corrections',
  'corrected_rolls',
  'meetings',
];
/** Everything that imports fill. */
export const everything = async ({ api, district }: Rivers): Promise<object[][]> => {
  const { knex } = api.world.database;
  const of = (table: string) => knex(table).where({ district_id: district }).orderBy(1).orderBy(2).orderBy(3);
  return Promise.all([
    ...tables.map(of),
    knex('districts').where({ id: district }),
    knex('section_terms').whereIn('section_id', of('sections').clearOrder().select('id')).orderBy(1).orderBy(2),
  ]);
};

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What was imported. */
export interface Imported {
  readonly rivers: Rivers;
  readonly today: string;
  readonly report: ImportReport;
  /** Imports the same bundle once more. */
  again(): Promise<ImportReport>;
}

/** Closes what a failure has left open. */
let left: Rivers | undefined;
export const closeLeft = (): Promise<void> | undefined => left?.close();

/** Does some steps one after the other, in a district of its own. */
export async function play(steps: readonly Step[], onImported: (imported: Imported) => Promise<void>): Promise<void> {
  const rivers = await openRivers();
  left = rivers;
  const { knex } = rivers.api.world.database;
  const { ledger, actor: by } = rivers.api.world;
  const actor = { ...by, district: rivers.district };
  let today = FIRST;
  const imported = (listed: Listed) => rivers.import(saidOf(listed), dayOf(today), { allowEnding: 99 });
  await imported({ rows: [], at: 's', deleted: null, mode: 'bulk' });
  for (const one of steps) {
    if (one.do === 'wait') today = Math.min(today + one.days, LAST);
    else if (one.do === 'setting') await knex('schools').where({ sourced_id: one.of }).update({ untaken: one.untaken });
    else if (one.do === 'import') {
      const report = await imported(one);
      const again = () => imported(one);
      await onImported({ rivers, today: dayOf(today), report, again });
    } else {
      const date = dayOf(Math.max(1, today - one.ago));
      const id = await rivers.section(one.section);
      const enrolled = await knex('enrollments').where({ section_id: id, admin: false });
      await ledger.open(async (transaction) => {
        if (one.do === 'take') return transaction.take({ section: id, date }, actor).catch(() => false); // nobody is in it
        const marks = enrolled.map((each) => ({ enrollment: each.id, date, status: one.status }));
        return transaction.record(marks, actor, { roll: 'never' }); // refused of who is not in it that day
      });
    }
  }
  expect((await rivers.findings()).filter((finding) => !finding.startsWith('kept_days_counted'))).toEqual([]);
  left = undefined;
  await rivers.close();
}
