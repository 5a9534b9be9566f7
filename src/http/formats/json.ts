import { Problem } from '../../errors';
import { decodeText } from './charset';
import type { AnswerFormat } from './format';

export const json: AnswerFormat = {
  types: ['application/json'],
  // RFC 8259, 8.1: JSON text exchanged between systems MUST be encoded using UTF-8.
  decode: (body, charset = 'utf-8') => parse(decodeText(body, charset)),
  encode: JSON.stringify,
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('BODY_MALFORMED', `The body is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
