import type { Parts } from '../streamed';

/** What of a JSON Schema the formats look at. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** How values travel in one family of media types: `application/json`, or `text/xml` and `application/xml`. */
export interface Format {
  /** Media types, the favourite first. */
  readonly types: readonly string[];
  /**
   * Reads a body; `charset` is what Content-Type says, `schema` what the body is to be, for formats that cannot tell
   * a list of one from its item. Throws Problem where it is not well-formed.
   */
  decode(body: Buffer, charset: string | undefined, schema?: Schema): unknown;
  /** Missing where only bodies come in it. */
  encode?(value: unknown): string;
  /** How an error travels, where it has a media type of its own. */
  readonly problem?: { readonly type: string; encode(value: unknown): string };
}

/** A format that answers can have. */
export interface AnswerFormat extends Format {
  encode(value: unknown): string;
  /** How it writes what is too large to be encoded at once. */
  readonly parts: Parts;
}
