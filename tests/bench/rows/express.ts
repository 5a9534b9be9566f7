import type { LoadResult } from '../load/load';
import { perSecond } from '../load/measure';
import { median } from '../rounds';
import { type Finding, ratio } from '../row';

export const rate = (results: readonly LoadResult[]): number => median(results.map(perSecond));

type Measured = readonly [rollbook: LoadResult[], plain: LoadResult[], fast: LoadResult[]];

/** rollbook beside Express as everybody starts it, and beside fast Express. */
export const besideExpress = (
  [rollbook, plain, fast]: Measured,
  atLeast: { plain: number; fast: number },
): Finding[] => [
  ratio(rate(rollbook), rate(plain), 'requests/s', { atLeast: atLeast.plain }),
  { ...ratio(rate(rollbook), rate(fast), 'requests/s', { atLeast: atLeast.fast }), beside: 'fast Express, the same' },
];
