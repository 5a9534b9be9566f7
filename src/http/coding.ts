import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import Negotiator from 'negotiator';

/*
 * The content codings of answers. The pages use the middleware `compression`; answers of APIs cannot: it begins once the
 * headers are said, when the ETag is that of another representation (RFC 9110, 8.8.3.3), answers a HEAD otherwise than a
 * GET, and would compress anew what `response-cache.ts` remembers.
 */

/** RFC 9110, 8.4.1.3 and RFC 7932; the favourite first. */
export const codings = ['br', 'gzip'] as const;
export type Coding = (typeof codings)[number];

/** Of fewer bytes little can be saved: they are one packet as they are. */
const WORTH = 1_024;

export const isWorthCoding = (bytes: Buffer): boolean => bytes.length >= WORTH;

/** Types of an older negotiator, which was given no order. */
interface Preferring {
  encoding(available: readonly string[], options: { readonly preferred: readonly string[] }): string | undefined;
}

/**
 * The coding in which the client wants its answer, by q-values and wildcards (RFC 9110, 12.5.3); none where it says
 * nothing, and where it accepts nothing that there is: "the response can be sent without any content coding".
 */
export function codingFor(accepted: string | undefined): Coding | undefined {
  if (!accepted) return undefined;
  const negotiator: Preferring = new Negotiator({ headers: { 'accept-encoding': accepted } }) as unknown as Preferring;
  const wanted = negotiator.encoding([...codings, 'identity'], { preferred: codings });
  return codings.find((coding) => coding === wanted);
}

/**
 * As fast as gzip, and smaller. Of the largest quality it takes a hundred times as long; its usual window of 4 MiB would
 * be taken for each answer that is being streamed.
 */
const brotli = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 },
};

const whole = { br: promisify(brotliCompress), gzip: promisify(gzip) };

/** The bytes in a coding; zlib works on other threads meanwhile. */
export const encodedAs = (coding: Coding, bytes: Buffer): Promise<Buffer> =>
  coding === 'br' ? whole.br(bytes, brotli) : whole.gzip(bytes);

/** Codes what is written into it, no faster than what comes out is taken. */
export const encoder = (coding: Coding): Transform => (coding === 'br' ? createBrotliCompress(brotli) : createGzip());
