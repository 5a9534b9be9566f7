import fc from 'fast-check';
import { runs } from '../runs';
import { openWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const students = ['ada', 'grace', 'alan', 'katherine', 'noether', 'adaInBiology'] as const;
const item = fc.record({
  student: fc.constantFrom(...students),
  date: fc.constantFrom('2025-10-09', '2025-10-10'),
  status: fc.constantFrom(1, 2, 3, 4, 5),
  comment: fc.option(fc.constantFrom('', 'ill'), { nil: undefined }),
});
const requests = fc.array(fc.array(item, { minLength: 1, maxLength: 5 }), { maxLength: 5 });
const rolls = fc.constantFrom('always', 'complete', 'never');

const tables = ['journal', 'marks', 'presences', 'meetings'] as const;
const contents = () =>
  Promise.all([...tables, 'sections'].map((table) => world.database.knex(table).orderByRaw('1, 2, 3, 4')));

test('a dryRun answers what the writing then does, and leaves everything as it was', async () => {
  await fc.assert(
    fc.asyncProperty(requests, requests, rolls, async (before, sequence, roll) => {
      for (const table of tables) await world.database.knex(table).delete();
      const marksOf = (items: (typeof sequence)[number]) =>
        items.map(({ student, ...rest }) => ({ ...rest, enrollment: world.enrollments[student] }));
      for (const items of before) await world.ledger.record(marksOf(items), world.actor);

      const stood = await contents();
      const rehearse = world.ledger.dryRun();
      const rehearsed = [];
      for (const items of sequence) rehearsed.push(await rehearse(marksOf(items), world.actor, { roll }));
      expect(await contents()).toEqual(stood);

      const written = [];
      for (const items of sequence) written.push(await world.ledger.record(marksOf(items), world.actor, { roll }));
      expect(rehearsed).toEqual(written);
    }),
    { numRuns: runs(30) },
  );
});
