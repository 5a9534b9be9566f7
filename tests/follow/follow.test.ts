import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openTestDatabase, type TestDatabase } from '../world';
import { follow } from './follow';

/** A few seconds of what `npm run test:follow` does for longer. */
jest.setTimeout(120_000);

let world: TestDatabase;
beforeEach(async () => {
  world = await openTestDatabase();
});
afterEach(() => world.close());

test('a second rollbook that is filled by snapshot and feed has what the first has, though that was killed', async () => {
  const [seed, folder] = [randomBytes(4).readUInt32LE(), mkdtempSync(join(process.env.TEST_DATABASES!, 'follow-'))];
  const { changes, kills, faults } = await follow({ url: world.url, folder, seconds: 1, seed, writing: 1 });
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  expect(Math.min(changes, kills)).toBeGreaterThan(0);
});
