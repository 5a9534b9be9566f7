import { openLease } from '../../src/webhooks/lease';
import { later, rightClock } from '../clock';
import { openTestDatabase, type TestDatabase } from '../world';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

let opened: TestDatabase;
beforeEach(async () => {
  opened = await openTestDatabase({ reuse: true });
});
afterEach(async () => {
  rightClock();
  await opened.close();
});

test('a process holds the lease as long as it says so, and another takes over four seconds after it has stopped to', async () => {
  const [one, other] = [openLease(opened.database), openLease(opened.database)];
  expect([await one.hold(), await other.hold()]).toEqual([true, false]);
  for (let seconds = 0; seconds < 9; seconds += 3) {
    later(3);
    expect([await one.hold(), await other.hold()]).toEqual([true, false]);
  }
  // It hangs, or was killed.
  later(2);
  expect(await other.hold()).toBe(false);
  later(1);
  expect(await other.hold()).toBe(false);
  later(2);
  expect(await other.hold()).toBe(true);
  // It goes on, and learns that it is late.
  expect([await one.hold(), await other.hold()]).toEqual([false, true]);
});

test('a process that is stopped in order leaves the lease to the next at once', async () => {
  const [one, other] = [openLease(opened.database), openLease(opened.database)];
  expect(await one.hold()).toBe(true);
  await one.release();
  expect([await other.hold(), await one.hold()]).toEqual([true, false]);
});
