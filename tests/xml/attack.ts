/** What of a body is the API's own: the XML below its root that marks Ada absent, with a comment as XML. */
export type Content = (comment?: string, between?: string) => string;

/** What is to become of it: a refusal with its reason, or a mark with this comment. */
export type Outcome = readonly [status: 400 | 413 | 415, because: RegExp] | string;

export interface Attack {
  readonly name: string;
  readonly outcome: Outcome;
  readonly type: string;
  /** @param size for how many bytes to aim, where it can be of any size */
  bytes(content: Content, size: number): Buffer;
}

/** What is read of it where nothing else is said. */
export const COMMENT = 'ill';

export const attack = (
  name: string,
  outcome: Outcome,
  body: (content: Content, size: number) => string | Buffer,
  type = 'text/xml',
): Attack => ({ name, outcome, type, bytes: (content, size) => Buffer.from(body(content, size) as string) });

/** A document that an attack stands in. */
export const within = (text: string, content: Content): string => `<r>${text}${content()}</r>`;
