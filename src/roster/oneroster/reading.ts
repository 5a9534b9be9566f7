import type { BundleFile } from './bundle';
import { type Row, rowsOf } from './csv';
import type { FileSpec, Reading } from './files';
import { FileError, ValueError, type Warn } from './report';
import { type DateOrder, isInDoubt, orderOf, provenBy } from './values';

/** By what the days of a file are read; the file is looked through for their order once that is in doubt. */
export function readingOf(
  { dates = [] }: FileSpec,
  file: BundleFile,
  { today, timeZone = 'UTC' }: { readonly today: string; readonly timeZone?: string },
  warn: Warn,
): Reading & { prepare: Prepare } {
  let order: DateOrder | undefined;
  return {
    today,
    timeZone,
    get order() {
      return order ?? 'unproven';
    },
    moved(row, column, day) {
      const reason = `It is an instant, and in ${timeZone} another day than the one that is written: ${day} was taken.`;
      warn({ file: file.name, line: row.line, column }, reason, 'instant');
    },
    warn(row, column, reason, what) {
      warn({ file: file.name, line: row.line, column }, reason, what);
    },
    async prepare(rows) {
      if (order !== undefined || dates.length === 0) return;
      if (rows.some((row) => daysOf(row, dates).some(isInDoubt))) order = await orderIn(file, dates);
    },
  };
}

type Prepare = (rows: readonly Row[]) => Promise<void>;

/** What the days of a file prove of the order in which they are written. */
async function orderIn(file: BundleFile, columns: readonly string[]): Promise<DateOrder> {
  const proofs = new Set<ReturnType<typeof provenBy>>();
  try {
    for await (const row of rowsOf(file, ['sourcedId']))
      for (const day of daysOf(row, columns)) proofs.add(provenBy(day));
  } catch (error) {
    if (!(error instanceof FileError)) throw error; // up to where it breaks off
  }
  return orderOf(proofs);
}

/** As they are written; a value that cannot be read is refused when its row is. */
function daysOf(row: Row, columns: readonly string[]): string[] {
  if (row.fault) return [];
  try {
    return columns.map((column) => row.get(column));
  } catch (error) {
    if (error instanceof ValueError) return [];
    throw error;
  }
}
