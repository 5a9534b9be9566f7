import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvOf } from '../../src/web/office/access/csv';

test('what the page writes as CSV is read back, and no cell begins a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.string(), link: fc.string() })), (rows) => {
      const text = csvOf(['name', 'link'], rows);
      const read: { name: string; link: string }[] = parse(text, { columns: true, skip_empty_lines: true });
      expect(read.map(({ name, link }) => [name, link].map((cell) => cell.replace(/^'(?=\s*[=+\-@])/, '')))).toEqual(
        rows.map(({ name, link }) => [name, link]),
      );
      for (const { name, link } of read) for (const cell of [name, link]) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    }),
  );
});
