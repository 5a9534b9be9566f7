/** How values travel in one family of media types: `application/json`, or `text/xml` and `application/xml`. */
export interface Format {
  /** Media types, the favourite first. */
  readonly types: readonly string[];
  /** Reads a body; `charset` is what Content-Type says. Throws Problem where it is not well-formed. */
  decode(body: Buffer, charset: string | undefined): unknown;
  encode(value: unknown): string;
  /** How an error travels, where it has a media type of its own. */
  readonly problem?: { readonly type: string; encode(value: unknown): string };
}
