import fc from 'fast-check';
import { validTracestate } from '../../src/service/tracestate';

const key = fc.stringMatching(/^[a-z][a-z0-9_*/-]{0,8}$|^[a-z0-9][a-z0-9_*/-]{0,8}@[a-z][a-z0-9_*/-]{0,5}$/);
const value = fc.stringMatching(/^[ !-+\--<>-~]{0,5}[!-+\--<>-~]$/).filter((text) => !text.startsWith(' '));
const members = (count: number) =>
  fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, minLength: 1, maxLength: count });
const written = (all: readonly (readonly [string, string])[], between = ',') =>
  all.map((pair) => pair.join('=')).join(between);

test('a tracestate of up to 32 members and 512 characters is handed on as it is, but for space between members', () => {
  fc.assert(
    fc.property(members(15), fc.constantFrom(',', ' ,', ',\t', ', ,'), (all, between) => {
      fc.pre(written(all, between).length <= 512);
      expect(validTracestate(written(all, between))).toBe(written(all));
    }),
  );
  const most = Array.from({ length: 32 }, (_, index) => `k${index}=v`).join(',');
  expect(validTracestate(most)).toBe(most);
  const longest = `rojo=${'x'.repeat(256)},congo=${'y'.repeat(244)}`;
  expect([longest.length, validTracestate(longest)]).toEqual([512, longest]);
});

test('one that is longer, or of which a member is none, is dropped as a whole, and nothing fails', () => {
  const most = Array.from({ length: 33 }, (_, index) => `k${index}=v`).join(',');
  const one = [most, `rojo=${'x'.repeat(256)},congo=${'y'.repeat(245)}`, 'rojo', 'rojo=', '=1', 'Rojo=1', '1rojo=1'];
  const two = ['rojo=a=b', 'rojo=é', 'rojo=a\tb', 'rojo=1,rojo=2', 'a@B=1', '@a=1', 'a b=1', `k${'x'.repeat(256)}=1`];
  for (const wrong of [...one, ...two, '', ' ', ',']) {
    expect([wrong, validTracestate(wrong)]).toEqual([wrong, undefined]);
    expect([wrong, validTracestate(`congo=1,${wrong}`)]).toEqual([
      wrong,
      /^[ ,]*$/.test(wrong) ? 'congo=1' : undefined,
    ]);
  }
  expect(validTracestate(undefined)).toBe(undefined);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const known = validTracestate(text);
      expect(known === undefined || known.length <= 512).toBe(true);
    }),
  );
});
