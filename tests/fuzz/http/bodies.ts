import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import type { TSchema } from '@sinclair/typebox';
import fc from 'fast-check';
import type { Schema } from '../../../src/http/formats/format';
import { grown, mutated } from './json';
import { samples } from './samples';
import { seldom, value } from './values';

/** A body with the headers that say what it is, or lie. */
export interface SentBody {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const types = ['application/json', 'text/xml', 'application/xml', 'application/x-www-form-urlencoded'] as const;
type Type = (typeof types)[number];
const otherTypes = [
  '',
  'x',
  'text/plain',
  'application/hal+json',
  'APPLICATION/JSON',
  'text/xml; a="b',
  'multipart/form-data; boundary=x',
];
const charsets = ['utf-8', 'UTF-8', 'utf-16le', 'utf-16', 'iso-8859-1', 'windows-1252', 'shift_jis', 'utf-7', '"', 'x'];
const encodings = ['gzip', 'deflate', 'br', 'GZIP', 'identity', 'zstd', 'gzip, gzip', ''];

/** Bodies for the schema: good ones, what grows from it, and both with changes in their structure and in their bytes. */
export function bodiesFor(schema: TSchema): fc.Arbitrary<SentBody> {
  const good = samples.get(schema);
  const values = fc.oneof(
    ...(good ? [{ weight: 6, arbitrary: mutated(fc.constantFrom(...good)) }] : []),
    { weight: 2, arbitrary: mutated(grown(schema as Schema)) },
    { weight: 1, arbitrary: value },
  );
  return sent(values);
}

/** For endpoints that take none. */
export const anyBody = fc.oneof(
  { weight: 8, arbitrary: fc.constant<SentBody>({ bytes: Buffer.alloc(0), headers: {} }) },
  { weight: 1, arbitrary: fc.constant(value).chain(sent) },
);

function sent(values: fc.Arbitrary<unknown>): fc.Arbitrary<SentBody> {
  return fc
    .record({
      value: values,
      type: fc.oneof({ weight: 4, arbitrary: fc.constant<Type>('application/json') }, fc.constantFrom(...types)),
      said: seldom(fc.constantFrom(...types, ...otherTypes)),
      charset: seldom(fc.constantFrom(...charsets)),
      bytes: seldom(byteEdits),
      encoding: seldom(fc.constantFrom(...encodings)),
      isLie: fc.integer({ min: 0, max: 3 }).map((each) => each === 3),
      cut: seldom(fc.nat(40)),
    })
    .map(({ value, type, said, charset, bytes, encoding, isLie, cut }) => {
      const plain = edited(encoded(value, type, charset), bytes ?? []);
      const packed = encoding === undefined || isLie ? plain : compressed(plain, encoding);
      return {
        bytes: cut === undefined ? packed : packed.subarray(0, cut),
        headers: {
          'content-type': (said ?? type) + (charset === undefined ? '' : `; charset=${charset}`),
          ...(encoding !== undefined && { 'content-encoding': encoding }),
        },
      };
    });
}

function encoded(value: unknown, type: Type, charset: string | undefined): Buffer {
  const text =
    type === 'application/json' ? JSON.stringify(value) : type.endsWith('xml') ? xmlOf('r', value) : formOf(value);
  return Buffer.from(text, charset === 'utf-16le' ? 'utf16le' : charset === 'iso-8859-1' ? 'latin1' : 'utf8');
}

function xmlOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => xmlOf(name, each)).join('');
  if (typeof value !== 'object' || value === null)
    return `<${name}>${String(value ?? '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')}</${name}>`;
  return `<${name}>${Object.entries(value)
    .map(([key, inner]) => xmlOf(key, inner))
    .join('')}</${name}>`;
}

const formOf = (value: unknown): string =>
  new URLSearchParams(
    Object.entries(Object(value)).map(
      ([name, each]) => [name, typeof each === 'string' ? each : (JSON.stringify(each) ?? '')] as [string, string],
    ),
  ).toString();

const byteEdits = fc.array(fc.record({ at: fc.nat(400), cut: fc.nat(3), put: fc.uint8Array({ maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 3,
});

function edited(bytes: Buffer, edits: readonly { at: number; cut: number; put: Uint8Array }[]): Buffer {
  return edits.reduce((now, { at, cut, put }) => {
    const from = at % (now.length + 1);
    return Buffer.concat([now.subarray(0, from), put, now.subarray(from + cut)]);
  }, bytes);
}

function compressed(bytes: Buffer, encoding: string): Buffer {
  if (/gzip/i.test(encoding)) return gzipSync(bytes);
  if (encoding === 'deflate') return deflateSync(bytes);
  if (encoding === 'br') return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  return bytes;
}
