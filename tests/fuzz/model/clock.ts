/**
 * Half past seven in the evening of the 9th in Chicago, where the small school is: in London the 10th has begun, which
 * is yet to come for the district.
 */
const NOW = Date.parse('2025-10-10T00:30:00Z');
export const TODAY = '2025-10-09';

/** Sets the clock of this process to that evening, from where it goes on; gives what sets it back. */
export function setClock(): () => void {
  const real = globalThis.Date;
  const shift = NOW - real.now();
  const now = () => real.now() + shift;
  globalThis.Date = new Proxy(real, {
    construct: (target, values, type) => Reflect.construct(target, values.length > 0 ? values : [now()], type),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  return () => {
    globalThis.Date = real;
  };
}
