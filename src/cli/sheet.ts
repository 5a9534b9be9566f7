import { readFile } from 'node:fs/promises';
import { csv } from '../http/formats/csv';
import { Problem } from '../lib/problem';
import { charsetOf } from '../roster/oneroster/csv';
import { fileAt } from '../roster/oneroster/source';

type Row = Readonly<Record<string, string>>;

/** The rows of a CSV file that a spreadsheet or a program has written, by the names of its columns in lower case. */
export async function sheetAt(path: string): Promise<Row[]> {
  const charset = await charsetOf(await fileAt(path));
  const { rows } = csv('rows', []).decode(await readFile(path), charset) as { rows: Row[] };
  return rows;
}

/** What is read of rows, all of which must be right; throws what is wrong of each. They are numbered from 1, below the first line. */
export function readRows<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const wrong = error.violations.map(({ field, message }) => {
      const [, row, column] = field.split('.');
      return `row ${Number(row) + 1}: ${column} ${message}`;
    });
    throw new Error(['Nothing was set.', ...wrong].join('\n'), { cause: error });
  }
}

/** What was read of the rows of each school, by its number; undefined where the file has no column `school`. */
export function bySchool<T>(rows: readonly Row[], read: readonly T[]): Map<string, T[]> | undefined {
  const named = new Map<string, T[]>();
  for (const [index, { school }] of rows.entries()) {
    if (school === undefined) continue;
    const number = school.trim();
    named.set(number, [...(named.get(number) ?? []), read[index]!]);
  }
  return named.size > 0 ? named : undefined;
}
