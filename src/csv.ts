import { stringify } from 'csv-stringify/sync';

/**
 * Rows as lines of CSV (RFC 4180). A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`,
 * `@`) is written with an apostrophe before it, which `plainCell` takes away again.
 */
export const csvOf = (columns: readonly string[], rows: readonly object[], { header = true } = {}): string =>
  stringify([...rows], {
    columns: [...columns],
    header,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String },
  });

/** What stood in the cell before `csvOf` wrote it. */
export const plainCell = (cell: string): string => cell.replace(/^'(?=[=+\-@\t\r])/, '');
