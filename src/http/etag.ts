import { hash } from 'node:crypto';
import { type Coding, codings } from './coding';
import { withoutParameters } from './media';

/**
 * ETags made of the epoch of the database, since a revision comes again in one that was restored; of the revision; of the
 * content, where it may change without one; of the subtype that was answered, since one revision reads otherwise in JSON
 * and in XML; and of the coding that the client takes, whether or not the answer is long enough for it (RFC 9110, 8.8.3.3).
 * They are strong: the same revision asked for in the same way gives the same bytes.
 */
export const etagOf = (
  epoch: string,
  revision: number,
  mediaType: string,
  { content, coding }: { readonly content?: number | undefined; readonly coding?: Coding | undefined } = {},
): string =>
  `"${[epoch, revision, content, subtypeOf(mediaType), coding].filter((part) => part !== undefined).join('.')}"`;

/** RFC 9110, 8.8.3: a tag has no quotes within, as values of parameters have (5.6.6). */
const subtypeOf = (mediaType: string): string => withoutParameters(mediaType).split('/')[1]!;

const CODED = new RegExp(`\\.(?:${codings.join('|')})(?="$)`);

/** The tag of the same answer without its coding. */
const uncoded = (tag: string): string => tag.replace(CODED, '');

/**
 * The tag of If-None-Match that stands for the same answer, in whichever coding the client has it; undefined where none
 * does. RFC 9110, 13.1.2: weak comparison; `*` is any.
 */
export function knownTag(ifNoneMatch: string | undefined, etag: string): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  if (ifNoneMatch.trim() === '*') return etag;
  const tags = tagsOf(ifNoneMatch).map((tag) => tag.replace(/^W\//, ''));
  return tags.find((tag) => uncoded(tag) === uncoded(etag));
}

/**
 * A tag as it was before a proxy compressed the answer: nginx makes it weak then, Apache and Caddy append the coding. We
 * send no weak tags.
 */
const asSent = (tag: string): string => tag.replace(/^W\//, '').replace(/-(?:gzip|br|zstd|deflate)(?="$)/, '');

/**
 * RFC 9110, 13.1.1: strong comparison, so that a weak tag is never the revision that stands; `*` is any. What is of
 * another epoch is no revision that there is. The content is not asked: what a roster changes is nobody's write. Nor is the
 * coding.
 * @param throughProxy whether a trusted proxy handed the request on. To the client such a proxy is the origin server (RFC
 * 9110, 3.7), and what it makes of our tags it does not undo: so that is done here, before they are compared
 */
export function revisionsOf(ifMatch: string | undefined, epoch: string, throughProxy: boolean): number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return tagsOf(ifMatch).map((given) => {
    const tag = throughProxy ? asSent(given) : given;
    const [, of, revision] = /^"([0-9a-f]{16})\.(\d{1,15})(?:\.\d{1,15})?\.[a-z+]+"$/.exec(uncoded(tag)) ?? [];
    return of === epoch ? Number(revision) : Number.NaN;
  });
}

/** RFC 9110, 13.1.2: a write with `If-None-Match: *` is to make what is not there yet. */
export const isForNew = (ifNoneMatch: string | undefined): boolean => ifNoneMatch?.trim() === '*';

/** A revision of what is not counted: 48 bits of a hash of it, which a number holds exactly. */
export const hashed = (content: string | Buffer): number => Number.parseInt(hash('sha256', content).slice(0, 12), 16);

/** RFC 9110, 8.8.3: what is between the quotes may have commas. */
const tagsOf = (field: string): string[] => field.match(/(W\/)?"[^"]*"/g) ?? [];
