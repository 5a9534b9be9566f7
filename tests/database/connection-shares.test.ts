import fc from 'fast-check';
import { connectionShares } from '../../src/database/connection-shares';

/** What is handed out to whom, and what may be. */
const LONG = 1_000_000;

test('a district that has connections leaves one to the others, and whoever waits has one in the end', async () => {
  const step = fc.record({ district: fc.integer({ min: 1, max: 4 }), leaves: fc.boolean(), which: fc.nat() });
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 8 }),
    fc.array(step, { maxLength: 40 }),
    async (most, steps) => {
      const shares = connectionShares(most);
      const inside: { district: number; leave: () => void }[] = [];
      const entered: Promise<void>[] = [];
      const of = (district: number) => inside.filter((one) => one.district === district).length;
      for (const { district, leaves, which } of steps) {
        if (leaves) inside.splice(which % (inside.length || 1), 1)[0]?.leave();
        else
          entered.push(
            shares.enter(district, LONG).then((leave) => {
              const [own, free] = [of(district), most - inside.length];
              expect(free).toBeGreaterThan(0);
              if (own > 0) expect([free > 1, own < 2 * free]).toEqual([true, true]);
              inside.push({ district, leave });
            }),
          );
        await new Promise(setImmediate);
        const waits = shares.waiting();
        // Nobody waits beside a free one but those of districts that have some.
        if (waits > 0 && inside.length < most) expect(inside.length).toBeGreaterThan(0);
      }
      while (inside.length > 0) {
        inside.pop()!.leave();
        await new Promise(setImmediate);
      }
      await Promise.all(entered);
      expect(shares.waiting()).toBe(0);
    },
  );
  await fc.assert(property, { numRuns: 100 });
});

test('who waits too long is told so, and takes none afterwards', async () => {
  const shares = connectionShares(1);
  const leave = await shares.enter(1, 20);
  await expect(shares.enter(2, 20)).rejects.toMatchObject({ code: '53300' });
  leave();
  (await shares.enter(3, 20))();
  expect(shares.waiting()).toBe(0);
});
