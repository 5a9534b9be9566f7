import fc from 'fast-check';
import { type Api, openApi } from '../api';
import { changes } from './bundles';
import { bundle, saidOf } from './doubled';
import { openRivers } from './school';
import { everything, runs } from './sequences';

/**
 * Students who are listed several times in a class, by rows that come and go in bulk files and deltas, in whichever chunks: what an
 * import leaves is what the same bundle makes of it again.
 */
const [FIRST, LAST] = [3, 26];
const dayOf = (number: number): string => `2025-09-${String(number).padStart(2, '0')}`;
const ago = fc.integer({ min: 0, max: 5 });
const at = fc.nat({ max: 9 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('import' as const), bundle }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), ago, at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tell' as const), ago, at, status: fc.constantFrom(1, 2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('setting' as const),
      of: fc.constantFrom('s', 't'),
      untaken: fc.constantFrom('present', 'present', 'unknown'),
    }),
  },
);
/** One service for all runs: each has a district of its own. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

test('a bundle that lists students twice in a class changes nothing the second time, whatever was imported, taken and said before', async () => {
  await fc.assert(
    fc.asyncProperty(bundle, fc.array(step, { minLength: 3, maxLength: 10 }), async (first, steps) => {
      const rivers = await openRivers(api);
      const { knex } = rivers.api.world.database;
      const { ledger, actor: by } = rivers.api.world;
      const actor = { ...by, district: rivers.district };
      const of = (table: string) => knex(table).where({ district_id: rivers.district }).orderBy('id');
      let today = FIRST;
      for (const one of [{ do: 'import' as const, bundle: { ...first, deleted: null } }, ...steps]) {
        if (one.do === 'wait') today = Math.min(today + one.days, LAST);
        else if (one.do === 'setting')
          await of('schools').clearOrder().where({ sourced_id: one.of }).update({ untaken: one.untaken });
        else if (one.do === 'import') {
          const { rowsAtOnce } = one.bundle;
          const imported = () =>
            rivers.import(saidOf(one.bundle, today), dayOf(today), {
              allowEnding: 99,
              ...(rowsAtOnce && { rowsAtOnce }),
            });
          const { refused } = await imported();
          // It ends before its class begins.
          expect(refused.filter(({ column }) => column !== 'endDate')).toEqual([]);
          const stands = await everything(rivers);
          const again = await imported();
          expect([changes(again), again.kept, again.delayed, await everything(rivers)]).toEqual([0, [], [], stands]);
        } else {
          const date = dayOf(Math.max(1, today - one.ago));
          await ledger.open(async (transaction) => {
            if (one.do === 'take') {
              const sections = await of('sections').pluck('id');
              const section = sections[one.at % (sections.length || 1)];
              return section && transaction.take({ section, date }, actor).catch(() => false); // nobody is in it
            }
            const enrolled = await of('enrollments').where({ admin: false });
            if (enrolled.length === 0) return undefined;
            const marks = [{ enrollment: enrolled[one.at % enrolled.length].id, date, status: one.status }];
            return transaction.record(marks, actor, { roll: 'never' }); // refused of who is not in it that day
          });
        }
      }
      await rivers.close();
    }),
    runs,
  );
}, 240_000);
