import { sharedNonces } from '../../src/service/workers/nonces';
import { sharedSpending } from '../../src/service/workers/spending';

/** A worker and the process that supervises it, as far as one sees the other. */
const told: { id: number; spent?: unknown[] }[] = [];
const real = process.send;
const sending = (send: unknown) => Object.assign(process, { send });
beforeEach(() => {
  told.length = 0;
  sending((message: (typeof told)[number]) => Boolean(told.push(message)));
});
afterEach(() => {
  sending(real);
  process.removeAllListeners('message');
});
const answers = (id: number, verdict: string) => process.emit('message', { id, verdict }, undefined);
/** Nobody is left waiting by a test. */
const settled = async (asked: Promise<unknown>[]) => (await Promise.allSettled(asked)).map(({ status }) => status);

test('a question is answered by what comes back under its number', async () => {
  const nonces = sharedNonces();
  const asked = [nonces.use(1, 100, 'a'), nonces.use(1, 100, 'b')];
  answers(told[1]!.id, 'used');
  answers(told[0]!.id, 'new');
  expect(await Promise.all(asked)).toEqual(['new', 'used']);
});

test('one that is not answered is not let in, but can be asked again, and nothing is left of it', async () => {
  const nonces = sharedNonces(20);
  await expect(nonces.use(1, 100, 'a')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    retryAfter: 1,
  });
  answers(told[0]!.id, 'new'); // too late for anybody
  const again = nonces.use(1, 100, 'a');
  answers(told[1]!.id, 'new');
  expect(await again).toBe('new');
});

test('one that cannot be asked at all fails at once', async () => {
  sending((_message: unknown, _handle: unknown, _options: unknown, done: (error: Error) => void) => {
    done(new Error('ERR_IPC_CHANNEL_CLOSED'));
    return false;
  });
  await expect(sharedNonces().use(1, 100, 'a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('so many questions may be open, and one more is refused', async () => {
  const nonces = sharedNonces(50);
  const asked = Array.from({ length: 10_000 }, (_, index) => Promise.resolve(nonces.use(1, 100, String(index))));
  await expect(nonces.use(1, 100, 'more')).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(new Set(await settled(asked))).toEqual(new Set(['rejected']));
});

test('what many addresses spend is told before it fills the memory, and none of it twice', () => {
  const { tell } = sharedSpending();
  for (let address = 0; address < 2_500; address++) tell('refused', `192.0.2.${address}`, 1);
  const spent = told.flatMap(({ spent }) => spent ?? []);
  expect([told.length, spent.length, new Set(spent.map(String)).size]).toEqual([2, 2_000, 2_000]);
});
