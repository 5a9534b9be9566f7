import { guarded } from '../../../lib/formulas';

/** A cell in quotes (RFC 4180, 2), so that no separator ends it; none begins a formula. */
const cellOf = (value: unknown): string => `"${guarded(String(value)).replaceAll('"', '""')}"`;

/** Rows as lines of CSV, made here: the links are in no second answer of the server. */
export const csvOf = <Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, unknown>>[],
): string =>
  [columns.join(','), ...rows.map((row) => columns.map((column) => cellOf(row[column])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
