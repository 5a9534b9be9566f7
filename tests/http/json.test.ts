import fc from 'fast-check';
import { json, jsonBytes } from '../../src/http/formats/json';

/** Lists of many items are written in pieces, and nobody is to see it. */
test('JSON in bytes is what JSON is as a text, however long its lists are', () => {
  const item = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(undefined));
  const list = fc
    .tuple(item, fc.constantFrom(0, 1, 499, 500, 501, 1_000, 1_234))
    .map(([each, length]) => Array(length).fill(each));
  const body = fc.oneof(
    fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(item, list), { maxKeys: 4 }),
    fc.jsonValue({ maxDepth: 2 }),
    list,
  );
  fc.assert(
    fc.property(body, (value) => {
      expect(jsonBytes(value).toString()).toBe(Buffer.from(json.encode(value)).toString());
    }),
    { numRuns: 200 },
  );
});
