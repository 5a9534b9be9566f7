export type Random = ReturnType<typeof randomFrom>;

/** The same choices for the same seed (mulberry32). */
export function randomFrom(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** A whole number from `least` to `most`. */
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    of: <T>(list: readonly T[]): T => list[between(0, list.length - 1)]!,
    /** Choices of its own, whatever becomes of these. */
    apart: () => randomFrom(between(0, 2 ** 32 - 1)),
  };
}
