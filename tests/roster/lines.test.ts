import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { BundleFile } from '../../src/roster/oneroster/bundle';
import { rowsOf } from '../../src/roster/oneroster/csv';

const ends = ['\n', '\r\n', '\r'] as const;
const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;

const end = fc.constantFrom(...ends);
const plain = fc.stringMatching(/^[a-zé€😀0-9 ]{0,6}$/u);
/** A value as it is meant, and as it is written. */
const value = fc.oneof(
  plain.map((text) => ({ meant: text.trim(), written: text })),
  fc
    .array(fc.oneof(plain, end, fc.constantFrom('"', ',')), { maxLength: 6 })
    .map((parts) => `q${parts.join('')}`) // a value that begins with a quote may be a stray one
    .map((text) => ({ meant: text.trim(), written: quoted(text) })),
);
/** A record, or a blank line. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(value, value) },
  { weight: 1, arbitrary: fc.constantFrom('', '  ', ',', ' , ') },
);
const csv = fc.record({
  mark: fc.constantFrom('', '\ufeff'),
  pieces: fc.array(fc.tuple(piece, end), { maxLength: 12 }),
  last: fc.boolean(),
  cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
});

const linesIn = (text: string) => text.split(/\r\n|\n|\r/).length - 1;

function written({ mark, pieces, last }: typeof csv extends fc.Arbitrary<infer Given> ? Given : never) {
  let text = `sourcedId,id,"a\r\nb"\n`;
  const records: { line: number; values: string[] }[] = [];
  pieces.forEach(([piece, lineEnd], index) => {
    const line = linesIn(text) + 1;
    if (typeof piece === 'string') text += piece;
    else {
      text += `r${index},${piece[0].written},${piece[1].written}`;
      records.push({ line, values: [`r${index}`, piece[0].meant, piece[1].meant] });
    }
    text += last && index === pieces.length - 1 ? '' : lineEnd;
  });
  return { text: mark + text, records };
}

/** The file in steps of these lengths, over and over. */
function fileOf(text: string, cuts: readonly number[]): BundleFile {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; at += cuts[index++ % cuts.length]!)
    chunks.push(bytes.subarray(at, at + cuts[index % cuts.length]!));
  return { name: 'x.csv', size: bytes.length, charset: 'utf-8', open: async () => Readable.from(chunks) };
}

test('each record is told by the line that it begins on, whatever line ends and quotes the file has', async () => {
  await fc.assert(
    fc.asyncProperty(csv, async (given) => {
      const { text, records } = written(given);
      const read: typeof records = [];
      for await (const row of rowsOf(fileOf(text, given.cuts), ['sourcedId']))
        read.push({ line: row.line, values: ['sourcedId', 'id', 'a\r\nb'].map((column) => row.get(column)) });
      expect(read).toEqual(records);
    }),
    { numRuns: 500 },
  );
});
