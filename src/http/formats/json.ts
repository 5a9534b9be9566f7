import { Problem } from '../../lib/problem';
import { type AnswerFormat, decodeText, isTooDeep, MAX_DEPTH } from './format';

export const json: AnswerFormat = {
  types: ['application/json'],
  // RFC 8259, 8.1: JSON text exchanged between systems MUST be encoded using UTF-8.
  decode: (body, charset = 'utf-8') => parse(decodeText(body, charset)),
  encode: JSON.stringify,
  parts: {
    open: '{',
    close: '}',
    property: (name, value, isFirst) => `${comma(isFirst)}${JSON.stringify(name)}:${JSON.stringify(value)}`,
    list: {
      begin: (name, isFirst) => `${comma(isFirst)}${JSON.stringify(name)}:[`,
      items: (_name, items, isFirst) => comma(isFirst) + JSON.stringify(items).slice(1, -1),
      end: () => ']',
    },
  },
};

const comma = (isFirst: boolean): string => (isFirst ? '' : ',');

function parse(text: string): unknown {
  if (isTooDeep(text)) throw new Problem('BODY_MALFORMED', `The body is nested more than ${MAX_DEPTH} deep.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('BODY_MALFORMED', `The body is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
