import fc from 'fast-check';
import { nonceMemory } from '../../../src/http/credentials/nonces';

const WINDOW = 300;
const START = 1_700_000_000;

/** The monotonic clock, in seconds. */
let now: number;
beforeEach(() => {
  now = 1_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now * 1_000);
});
afterEach(() => jest.restoreAllMocks());

test('a nonce is used once by a client', () => {
  const nonces = nonceMemory();
  expect(nonces.use(1, START, 'n')).toBe('new');
  expect(nonces.use(1, START, 'n')).toBe('used');
  expect(nonces.use(2, START, 'n')).toBe('new');
  expect(nonces.use(1, START, 'm')).toBe('new');
});

test('it is remembered for as long as its timestamp is taken, whatever comes in between', () => {
  const pauses = fc.array(fc.nat(WINDOW), { maxLength: 12 });
  fc.assert(
    fc.property(fc.nat(3 * WINDOW), fc.integer({ min: -WINDOW, max: WINDOW }), pauses, (wait, off, steps) => {
      const nonces = nonceMemory();
      let wall = START;
      const pass = (seconds: number) => {
        now += seconds;
        wall += seconds;
      };
      nonces.use(2, wall, 'first');
      pass(wait);
      const second = wall + off;
      expect(nonces.use(1, second, 'n')).toBe('new');
      for (const step of steps) {
        pass(step);
        if (Math.abs(second - wall) > WINDOW) break;
        nonces.use(2, wall, `${wall}`);
        expect(nonces.use(1, second, 'n')).toBe('used');
      }
    }),
  );
});

test('all is forgotten once its timestamps are long stale', () => {
  const nonces = nonceMemory();
  for (let client = 1; client <= 100; client++) nonces.use(client, START, 'n');
  now += 3 * WINDOW + 1;
  nonces.use(101, START + 3 * WINDOW + 1, 'm');
  expect(nonces.size).toBe(1);
});

test('whatever clients send, no more is remembered of one, nor of all together, and no nonce is taken twice', () => {
  const [ofAClient, altogether] = [20, 50];
  const request = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -5, max: 5 }), fc.nat(40), fc.nat(3));
  fc.assert(
    fc.property(fc.array(request, { minLength: 100, maxLength: 400 }), (requests) => {
      const nonces = nonceMemory({ ofAClient, altogether });
      const taken = new Set<string>();
      let wall = START;
      for (const [client, off, nonce, pause] of requests) {
        now += pause;
        wall += pause;
        const used = `${client} ${wall + off} ${nonce}`;
        const verdict = nonces.use(client, wall + off, used);
        if (taken.has(used)) expect(verdict).not.toBe('new');
        if (verdict === 'new') taken.add(used);
        expect(nonces.size).toBeLessThanOrEqual(altogether);
      }
      const alone = nonceMemory({ ofAClient, altogether });
      for (const [, off, nonce] of requests) alone.use(1, START + off, String(nonce));
      expect(alone.size).toBeLessThanOrEqual(ofAClient);
    }),
  );
});

test('a client with right clocks never notices the bound, however long it goes on', () => {
  const nonces = nonceMemory({ ofAClient: 1_000, altogether: 5_000 });
  for (let second = 0; second < 400; second++, now++)
    for (let nonce = 0; nonce < 50; nonce++) {
      // Two machines, one of them five seconds behind.
      expect(nonces.use(1, START + second - (nonce % 2) * 5, `${second} ${nonce}`)).toBe('new');
    }
  expect(nonces.size).toBeLessThanOrEqual(1_000);
});

test('who fills the memory loses their own, not those of others', () => {
  const nonces = nonceMemory({ ofAClient: 1_000, altogether: 1_500 });
  expect(nonces.use(1, START - 200, 'of one who sends little')).toBe('new');
  for (let nonce = 0; nonce < 5_000; nonce++) nonces.use(2 + (nonce % 2), START + (nonce % 300), String(nonce));
  expect(nonces.use(1, START - 200, 'of one who sends little')).toBe('used');
  expect(nonces.use(1, START - 201, 'another')).toBe('new');
});
