import type { Options } from 'csv-stringify';
import { stringify } from 'csv-stringify/sync';
import { guarded } from './formulas';

/** How rows become lines of CSV (RFC 4180). What a spreadsheet would take for a formula is guarded; `plainCell` takes that away again. */
export const csvOptions: Options = {
  record_delimiter: 'windows',
  // The library quotes just the separator and line end that are its own; some readers strip spaces that are not quoted.
  quoted_match: /[;\t|\r\n]|^\s|\s$/,
  cast: { boolean: String, string: guarded },
};

/** Rows as lines of CSV. */
export const csvOf = (columns: readonly string[], rows: readonly object[], { header = true } = {}): string =>
  stringify([...rows], { ...csvOptions, columns: [...columns], header });
