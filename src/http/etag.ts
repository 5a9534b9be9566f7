import { createHash } from 'node:crypto';

/**
 * ETags made of a revision and the subtype that was answered, since one revision reads otherwise in JSON and in XML
 * (RFC 9110, 8.8.3.3). They are strong: the same revision asked for in the same way gives the same bytes.
 */
export const etagOf = (revision: number, mediaType: string): string => `"${revision}.${mediaType.split('/')[1]}"`;

/** RFC 9110, 13.1.2: weak comparison; `*` is any. */
export function isNoneMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag);
}

/** RFC 9110, 13.1.1: strong comparison, so that a weak tag is never the revision that stands; `*` is any. */
export function revisionsOf(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return tagsOf(ifMatch).map((tag) => Number(/^"(\d{1,15})\.[a-z+]+"$/.exec(tag)?.[1] ?? Number.NaN));
}

/** RFC 9110, 13.1.2: a write with `If-None-Match: *` is to make what is not there yet. */
export const isForNew = (ifNoneMatch: string | undefined): boolean => ifNoneMatch?.trim() === '*';

/** A revision of what is not counted: 48 bits of a hash of it, which a number holds exactly. */
export const hashed = (content: string | Buffer): number =>
  Number.parseInt(createHash('sha256').update(content).digest('hex').slice(0, 12), 16);

/** RFC 9110, 8.8.3: what is between the quotes may have commas. */
const tagsOf = (field: string): string[] => field.match(/(W\/)?"[^"]*"/g) ?? [];
