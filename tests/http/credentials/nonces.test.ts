import fc from 'fast-check';
import { nonceMemory } from '../../../src/http/credentials/nonces';

const WINDOW = 300;
const START = 1_700_000_000;

test('a nonce is used once by a client with a timestamp', () => {
  const nonces = nonceMemory(WINDOW);
  expect(nonces.use(1, `${START}`, 'n', START)).toBe(true);
  expect(nonces.use(1, `${START}`, 'n', START)).toBe(false);
  expect(nonces.use(2, `${START}`, 'n', START)).toBe(true);
  expect(nonces.use(1, `${START + 1}`, 'n', START)).toBe(true);
  expect(nonces.use(1, `${START}`, 'm', START)).toBe(true);
});

test('it is remembered for as long as its timestamp is taken, whatever comes in between', () => {
  const pauses = fc.array(fc.nat(WINDOW), { maxLength: 12 });
  fc.assert(
    fc.property(fc.nat(3 * WINDOW), fc.integer({ min: -WINDOW, max: WINDOW }), pauses, (wait, off, steps) => {
      const nonces = nonceMemory(WINDOW);
      nonces.use(2, `${START}`, 'first', START);
      let now = START + wait;
      const timestamp = now + off;
      expect(nonces.use(1, `${timestamp}`, 'n', now)).toBe(true);
      for (const step of steps) {
        now += step;
        if (Math.abs(timestamp - now) > WINDOW) break;
        nonces.use(2, `${now}`, `${now}`, now);
        expect(nonces.use(1, `${timestamp}`, 'n', now)).toBe(false);
      }
    }),
  );
});

test('it is forgotten once its timestamp is long stale', () => {
  const nonces = nonceMemory(WINDOW);
  nonces.use(1, `${START}`, 'n', START);
  for (const now of [START + 2 * WINDOW, START + 4 * WINDOW]) nonces.use(2, `${now}`, 'm', now);
  expect(nonces.use(1, `${START}`, 'n', START + 4 * WINDOW)).toBe(true);
});
