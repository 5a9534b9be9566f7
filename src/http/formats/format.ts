/*
 * `src/http/formats/`: How values travel: JSON, XML, CSV and forms. Each decodes a body and encodes a reply; none knows what is
 * in it.
 */
import { TextDecoder } from 'node:util';
import { Problem } from '../../lib/problem';
import type { Parts } from '../send';

/** What of a JSON Schema the formats look at. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  /** OpenAPI's: how it is written in XML. */
  readonly xml?: { readonly name?: string };
}

/** How values travel in one family of media types: `application/json`, or `text/xml` and `application/xml`. */
export interface Format {
  /** Media types, the favourite first; those of answers with their parameters, where they have any beside the charset. */
  readonly types: readonly string[];
  /**
   * Reads a body; `charset` is what Content-Type says, `schema` what the body is to be, for formats that cannot tell
   * a list of one from its item. Throws Problem where it is not well-formed.
   */
  decode(body: Buffer, charset: string | undefined, schema?: Schema): unknown;
  /** Missing where only bodies come in it. */
  encode?(value: unknown): string;
  /**
   * What travels in it, as an OpenAPI document has it; without it, what the schema says.
   * @param described the schema itself, or a part of it, as the document has it
   */
  describe?(schema: Schema, described: (schema: Schema) => object): object;
  /** A body as clients write it, for the example of an OpenAPI document; not where that of the schema does. */
  sample?(body: unknown, schema: Schema): string;
  /** How an error travels, where it has a media type of its own. */
  readonly problem?: Pick<Format, 'describe'> & { readonly type: string; encode(value: unknown): string };
}

/** `describe` of what has no fields in OpenAPI, as a page or a table has none. */
export const asText = () => ({ type: 'string' });

/** A format that answers can have. */
export interface AnswerFormat extends Format {
  encode(value: unknown): string;
  /** How it writes what is too large to be encoded at once. */
  readonly parts: Parts;
}

/** The text of a body in a character set by its name in the WHATWG Encoding Standard, e.g. `utf-8`, `iso-8859-1`. */
export function decodeText(body: Buffer, charset: string): string {
  const decoder = decoderOf(charset);
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw new Problem('BODY_MALFORMED', `The body is not valid ${charset}.`, { cause });
  }
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw new Problem('MEDIA_TYPE_UNSUPPORTED', `The character set ${charset} is not known here; utf-8 is.`, { cause });
  }
}

/** Deeper than any body of any API here. */
export const MAX_DEPTH = 64;

/**
 * Whether JSON text is nested deeper than that, looked at before it is parsed: what is nested a million deep takes a
 * hundred times its length in memory. Text that is no JSON may give either answer.
 */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (character === BRACKET || character === BRACE) {
      if (++depth > MAX_DEPTH) return true;
    } else if (character === BRACKET + 2 || character === BRACE + 2) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`; what closes them comes two later. */
const BRACKET = 0x5b;
const BRACE = 0x7b;

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** An odd number of backslashes before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}
