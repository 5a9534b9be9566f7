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
