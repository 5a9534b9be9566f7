import type { Warning } from './report';

/** How many kinds of warnings a report holds. */
const MOST = 1_000;

/** Says what was taken in though it may be meant otherwise: once for all rows of a file of which the same is to be said. */
export function warningsInto(warnings: Warning[]) {
  const known = new Map<string, { rows: number }>();
  return (where: Pick<Warning, 'file' | 'line' | 'column'>, reason: string, what = reason): void => {
    const key = `${where.file} ${where.column} ${what}`;
    const before = known.get(key);
    if (before) before.rows++;
    else if (known.size < MOST) {
      const warning = { ...where, reason, rows: 1 };
      known.set(key, warning);
      warnings.push(warning);
    }
  };
}

/** Warns of a row; `what` is the same for all rows of which one warning is to be given. */
export type Warn = ReturnType<typeof warningsInto>;
