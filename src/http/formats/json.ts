import { Problem } from '../../lib/problem';
import type { Parts } from '../send';
import { type AnswerFormat, decodeText, isTooDeep, MAX_DEPTH } from './format';

const parts: Parts = {
  open: '{',
  close: '}',
  property: (name, value, isFirst) => `${comma(isFirst)}${JSON.stringify(name)}:${JSON.stringify(value)}`,
  list: {
    begin: (name, isFirst) => `${comma(isFirst)}${JSON.stringify(name)}:[`,
    items: (_name, items, isFirst) => comma(isFirst) + JSON.stringify(items).slice(1, -1),
    end: () => ']',
  },
};

export const json: AnswerFormat = {
  types: ['application/json'],
  // RFC 8259, 8.1: JSON text exchanged between systems MUST be encoded using UTF-8.
  decode: (body, charset = 'utf-8') => parse(decodeText(body, charset)),
  encode: JSON.stringify,
  parts,
};

/** What `encode` writes, as bytes. */
export const jsonBytes = (value: unknown): Buffer =>
  hasLongList(value) ? inPieces(value) : Buffer.from(JSON.stringify(value));

/** How many items of a list are written at a time. */
const PIECE = 500;

const isLong = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > PIECE;

const hasLongList = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).some(isLong);

/** To make one text of megabytes takes V8 longer than to write what is in it: so no such text is made. */
function inPieces(value: object): Buffer {
  const pieces: Buffer[] = [];
  const put = (text: string) => pieces.push(Buffer.from(text));
  put(parts.open);
  const known = Object.entries(value).filter(([, each]) => each !== undefined);
  for (const [index, [name, each]] of known.entries()) {
    const isFirst = index === 0;
    if (!isLong(each)) {
      put(parts.property(name, each, isFirst));
      continue;
    }
    put(parts.list.begin(name, isFirst));
    for (let at = 0; at < each.length; at += PIECE) pieces.push(itemsOf(each.slice(at, at + PIECE), at === 0));
    put(parts.list.end(name));
  }
  put(parts.close);
  return Buffer.concat(pieces);
}

/** As `parts.list.items`, without a copy of its text: what opens a list becomes the comma behind those before. */
function itemsOf(items: readonly unknown[], isFirst: boolean): Buffer {
  const list = Buffer.from(JSON.stringify(items));
  list.write(',');
  return list.subarray(isFirst ? 1 : 0, -1);
}

const comma = (isFirst: boolean): string => (isFirst ? '' : ',');

function parse(text: string): unknown {
  if (isTooDeep(text)) throw new Problem('BODY_MALFORMED', `The body is nested more than ${MAX_DEPTH} deep.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('BODY_MALFORMED', `The body is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
