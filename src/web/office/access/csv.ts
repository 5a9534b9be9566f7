/** A cell in quotes (RFC 4180, 2). One that a spreadsheet would take for a formula has an apostrophe before it. */
const cellOf = (value: unknown): string =>
  `"${String(value)
    .replace(/^(?=\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/, "'")
    .replaceAll('"', '""')}"`;

/** Rows as lines of CSV, made here: the links are in no second answer of the server. */
export const csvOf = <Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, unknown>>[],
): string =>
  [columns.join(','), ...rows.map((row) => columns.map((column) => cellOf(row[column])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
