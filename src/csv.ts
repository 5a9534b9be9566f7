import { stringify } from 'csv-stringify/sync';

/**
 * Rows as lines of CSV (RFC 4180). A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`,
 * `@`, or one of their wide forms) is written with an apostrophe before it, which `plainCell` takes away again.
 */
export const csvOf = (columns: readonly string[], rows: readonly object[], { header = true } = {}): string =>
  stringify([...rows], {
    columns: [...columns],
    header,
    record_delimiter: 'windows',
    // The library quotes just the line end that is its own; some readers strip spaces that are not quoted.
    quoted_match: /[\r\n]|^\s|\s$/,
    cast: { boolean: String, string: (cell) => (formula.test(cell) ? `'${cell}` : cell) },
  });

/** With apostrophes of its own before it too, so that taking one away leaves what was there. */
const formula = /^'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** What stood in the cell before `csvOf` wrote it. */
export const plainCell = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell);
