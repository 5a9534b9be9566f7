import fc from 'fast-check';
import type { Said } from './builder';
import { changes } from './bundles';
import { openRivers, type Rivers } from './school';

/** Whatever was imported, taken and said before: the same bundle once more changes nothing, and breaks no promise. */
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
const ago = fc.integer({ min: 0, max: 5 });
const step = fc.oneof(
  fc.record({
    do: fc.constant('import' as const),
    rows,
    at: school,
    mode: fc.constantFrom('bulk' as const, 'delta' as const),
  }),
  fc.record({ do: fc.constant('import' as const), rows, at: school, mode: fc.constant('bulk' as const) }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('take' as const), section, ago }),
  fc.record({ do: fc.constant('tell' as const), section, ago, status: fc.constantFrom(1, 2) }),
  fc.record({
    do: fc.constant('setting' as const),
    of: fc.constantFrom('s', 't'),
    untaken: fc.constantFrom('present', 'unknown'),
  }),
);

const saidOf = (listed: readonly (Row | null)[], at: string, mode: 'bulk' | 'delta', today: string): Said => ({
  schools: ['s', 't'].map((id) => ({ id, name: `School ${id}`, number: id })),
  sessions: [{ id: 'year', type: 'schoolYear', begin: '2025-09-01', end: '2025-10-01' }],
  classes: classes.map((id) => ({ id, school: id === 'k' ? at : 's' })),
  people: students.map((id) => ({ id })),
  modes: { enrollments: mode },
  enrollments: [
    ...listed.flatMap((each, index) => {
      if (!each) return [];
      const begin = each.begin === null ? '' : dayOf(each.begin);
      const end = each.length === null ? '' : dayOf(Math.min((each.begin ?? 1) + each.length, 30));
      const status = mode === 'delta' && each.isDeleted ? 'tobedeleted' : '';
      // Of several rows of one enrollment a delta forgets the one whose end has come: the next one has it anew.
      if (mode === 'delta' && end !== '' && end <= today) return [];
      return [{ id: `e${index}`, class: each.class, person: each.student, begin, end, status }];
    }),
    { id: 'teacher', class: 'k', person: 'ada', role: 'aide' }, // so that a file never lists nothing
  ],
});

const tables = [
  'people',
  'enrollments',
  'kept_days',
  'enrollment_aliases',
  'marks',
  'presences',
  'journal',
  'recounts',
  'former_schools',
  'former_terms',
  'corrections',
];
const everything = ({ api, district }: Rivers): Promise<object[][]> =>
  Promise.all(
    tables.map((table) =>
      api.world.database.knex(table).where({ district_id: district }).orderBy(1).orderBy(2).orderBy(3),
    ),
  );

/** Closes what a failure has left open. */
let left: Rivers | undefined;
afterEach(() => left?.close());

test('the same bundle twice changes nothing the second time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const rivers = await openRivers();
      left = rivers;
      const { knex } = rivers.api.world.database;
      const { ledger, actor: by } = rivers.api.world;
      const actor = { ...by, district: rivers.district };
      let today = FIRST;
      const imported = (listed: readonly (Row | null)[], at: string, mode: 'bulk' | 'delta') =>
        rivers.import(saidOf(listed, at, mode, dayOf(today)), dayOf(today), { allowEnding: 99 });
      await imported([], 's', 'bulk');
      for (const one of steps) {
        if (one.do === 'wait') today = Math.min(today + one.days, LAST);
        else if (one.do === 'setting')
          await knex('schools').where({ sourced_id: one.of }).update({ untaken: one.untaken });
        else if (one.do === 'import') {
          const { refused } = await imported(one.rows, one.at, one.mode);
          expect(refused).toEqual([]);
          const stands = await everything(rivers);
          const again = await imported(one.rows, one.at, one.mode);
          expect([changes(again), again.kept, again.delayed, await everything(rivers)]).toEqual([0, [], [], stands]);
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
    }),
    { numRuns: Number(process.env.ROSTER_RUNS ?? 12), endOnFailure: true },
  );
}, 240_000);
