import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvOf } from '../src/lib/csv';
import { plainCell } from '../src/lib/formulas';

const rowOf = (...cells: string[]) =>
  csvOf(['a', 'b', 'c'], [{ a: cells[0], b: cells[1], c: cells[2] }], { header: false });

/** The cells that a spreadsheet makes of a line, which splits at this sign, heeds quotes or not, and trims. */
const split = (line: string, separator: string) => line.split(separator).map((cell) => cell.replace(/^[\s"]+/, ''));
const isFormula = (cell: string) => /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell);

const sign = fc.constantFrom(...'=+-@\uFF1D\uFF0B\uFF0D\uFF20;,\t|\r\n "\'a1é');
const cell = fc.oneof(fc.string({ unit: sign, maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }));

test('whatever a spreadsheet takes for the separator, no cell becomes a formula', () => {
  fc.assert(
    fc.property(cell, cell, cell, (a, b, c) => {
      const text = rowOf(a, b, c);
      for (const separator of [';', ',', '\t', '|', '\r', '\n'])
        expect(split(text, separator).filter(isFormula)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('what was written is read again as it was, cell by cell', () => {
  fc.assert(
    fc.property(cell, cell, cell, (...cells) => {
      const [record] = parse(rowOf(...cells), { cast: plainCell, record_delimiter: '\r\n' });
      expect(record).toEqual(cells);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['x;=1+1', `"x;'=1+1"`],
  ['x\t=1+1', `"x\t'=1+1"`],
  ['x,=1+1', `"x,'=1+1"`],
  ['=1+1', "'=1+1"],
  ["'=1+1", "''=1+1"],
  ['x; "=1+1"', `"x; ""'=1+1"""`],
  ['2025-10-07', '2025-10-07'],
  ['a-b', 'a-b'],
  ['anne-marie@example.org', 'anne-marie@example.org'],
  ['ill; back on Monday', '"ill; back on Monday"'],
])('%j is written as %s', (said, written) => {
  expect(rowOf(said, '', '')).toBe(`${written},,\r\n`);
});

test('a long cell is written and read in time that grows with its length alone', () => {
  for (const long of ['\t'.repeat(300_000), `${"'".repeat(300_000)}=`, ';='.repeat(150_000)]) {
    const [record] = parse(rowOf(long, '', ''), { record_delimiter: '\r\n' }) as string[][];
    expect(plainCell(record![0]!)).toBe(long);
  }
});
