import fc from 'fast-check';
import type { Status } from '../../src/ledger/attendance';
import { runs } from '../runs';
import { openWorld, type World } from '../world';

/** Writing what stands changes nothing. That any writes leave what they should is held in `tests/fuzz/model`. */
const students = ['ada', 'grace', 'alan', 'katherine'] as const;
const dates = ['2025-10-05', '2025-10-06', '2025-10-09', '2025-10-10'] as const;
const item = fc.record({
  student: fc.constantFrom(...students),
  date: fc.constantFrom(...dates),
  status: fc.constantFrom<Status>(1, 2, 3, 4),
  comment: fc.option(fc.constantFrom('', 'ill', 'bus'), { nil: undefined }),
});

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const clear = async () => {
  for (const table of ['journal', 'marks', 'presences', 'meetings']) await world.database.knex(table).delete();
};

test('the same sequence twice in a row changes nothing the second time', async () => {
  const filter = { district: world.districts.larkspur };
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(item, { minLength: 1, maxLength: 8, selector: ({ student, date }) => student + date }),
      async (items) => {
        await clear();
        const marks = items.map(({ student, ...rest }) => ({ ...rest, enrollment: world.enrollments[student] }));
        await world.ledger.record(marks, world.actor);
        const before = await world.ledger.history(filter);
        await world.ledger.record(marks, world.actor);
        expect(await world.ledger.history(filter)).toEqual(before);
      },
    ),
    { numRuns: runs(30) },
  );
});
