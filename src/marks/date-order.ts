import { type Proof, proofOfOrder } from '../written-days';
import { columnNamed } from './columns';
import type { SentRow } from './row';

/** Holds the day of a row against those before it. */
export function addDay(proof: ReturnType<typeof proofOfOrder>, row: SentRow): void {
  for (const [heading, value] of Object.entries(row))
    if (typeof value === 'string' && columnNamed(heading) === 'date') proof.add(value, row.line ?? 0);
}

/** What the days of some rows prove of the order in which all of them are written. */
export function orderOfRows(rows: readonly SentRow[]): Proof | undefined {
  const proof = proofOfOrder();
  for (const [index, row] of rows.entries()) addDay(proof, { line: index + 1, ...row });
  return proof.get();
}
