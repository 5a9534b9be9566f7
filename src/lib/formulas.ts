/*
 * Cells of CSV that a spreadsheet would take for a formula. It is of no library, so that a page can use it, too.
 */

/** What a spreadsheet begins a formula with; some take the wide forms for the same. */
const formula = /[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;
/** What it may take for the end of a cell, whatever the file says: the separator is a setting of the country. */
const separator = /[;,\t|\r\n]/;
/** Most cells: no separator in them, and what they begin with is neither a formula nor dropped. */
const plain = /^[^\s"'=+\-@\uFF1D\uFF0B\uFF0D\uFF20;,|][^;,\t|\r\n]*$/;
/** What it may drop from the beginning of a cell. */
const dropped = /[\s"']/;

/**
 * A cell with an apostrophe before each sign with which it, or what another separator would make a cell of it, would begin a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function guarded(cell: string): string {
  return rewritten(cell, (written) => written.push("'"));
}

/** What stood in the cell before it was written. */
export const plainCell = (cell: string): string =>
  rewritten(cell, (written) => written.at(-1) === "'" && written.pop());

/** Changes what comes before each sign that would begin a formula: after a separator, with nothing but what is dropped between. */
function rewritten(cell: string, change: (written: string[]) => unknown): string {
  if (plain.test(cell)) return cell;
  const written: string[] = [];
  let isFirst = true;
  for (const character of cell) {
    if (isFirst && formula.test(character)) change(written);
    written.push(character);
    isFirst = separator.test(character) || (isFirst && dropped.test(character));
  }
  return written.join('');
}
