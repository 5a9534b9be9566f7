import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { plainCell } from '../../src/lib/formulas';
import { csvOf } from '../../src/web/office/access/csv';

test('what the page writes as CSV is read back, and no cell begins a formula, whichever separator a spreadsheet takes', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("'", '"', '=', '+', ';', ',', '\t', '\n', '\r', ' ', 'x') }),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ name: cell, link: cell })), (rows) => {
      const text = csvOf(['name', 'link'], rows);
      const read: { name: string; link: string }[] = parse(text, { columns: true, record_delimiter: '\r\n' });
      const plain = read.map(({ name, link }) => ({ name: plainCell(name), link: plainCell(link) }));
      expect(plain).toEqual(rows);
      for (const { name, link } of read)
        for (const part of [name, link].flatMap((each) => each.split(/[;,\t|\r\n]/)))
          expect(part).not.toMatch(/^[\s"]*[=+\-@]/);
    }),
    { numRuns: 500 },
  );
});
