import { randomBytes } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '../world';
import { crashRounds } from './rounds';

/** A few rounds of what `npm run test:crash` does for longer. */
jest.setTimeout(120_000);

let world: TestDatabase;
beforeEach(async () => {
  world = await openTestDatabase();
});
afterEach(() => world.close());

test('what was acknowledged survives kill -9 with its journal row, and nothing is half there', async () => {
  const seed = randomBytes(4).readUInt32LE();
  const { rounds, acknowledged, faults } = await crashRounds({ url: world.url, rounds: 3, seed });
  expect({ seed, rounds, faults }).toEqual({ seed, rounds: 3, faults: [] });
  expect(acknowledged).toBeGreaterThan(0);
});
