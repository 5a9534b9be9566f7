/** All that can be faked but the date: `jest.useFakeTimers({ now, doNotFake: [...clockless] })`. */
export const clockless = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

const monotonic = performance.now.bind(performance);
let passed = 0;

/** Sets the clock of the machine, as far as `Date` tells it, by so many seconds; no time passes. */
export const setClock = (seconds: number): void =>
  void jest.useFakeTimers({ now: Date.now() + seconds * 1_000, doNotFake: [...clockless] });

/** Lets so many seconds pass, by the clock that can be set and by the one that cannot; `rightClock` ends it. */
export function later(seconds: number): void {
  setClock(seconds);
  passed += seconds * 1_000;
  jest.spyOn(performance, 'now').mockImplementation(() => monotonic() + passed);
}

/** The time that it is. */
export function rightClock(): void {
  jest.useRealTimers();
  jest.restoreAllMocks();
}
