import { Problem } from '../../errors';
import type { Call, Reply } from '../../http/endpoint';
import { hashed } from '../../http/etag';

export const BASE = '/osdi/api/v1';
/** The prefix of our identifiers, and the origin of what nobody else has sent. */
export const NAMESPACE = 'rollbook';

export interface Link {
  readonly href: string;
}

/** A link to a resource of ours, by its path below the base. */
export const linkTo = (call: Call, path: string): Link => ({ href: call.link(`${BASE}${path}`) });

/** "Every document has curies": where a rel is explained to who reads it. */
export const curiesOf = (call: Call) => [{ name: 'osdi', href: call.link(`${BASE}/docs/{rel}`), templated: true }];

/** "There are no required fields in OSDI": what has no value is left out. */
export const withoutBlanks = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );

/** A document on its own, with the curies that it needs not have where it is embedded. */
export function documentOf<Resource extends { readonly _links: object }>(resource: Resource, call: Call) {
  return { ...resource, _links: { ...resource._links, curies: curiesOf(call) } };
}

/** A document with its ETag: rosters change without a revision, so that it is made of what is answered. */
export const documentReply = (status: number, body: object, headers: Reply['headers'] = {}): Reply => ({
  status,
  body,
  headers,
  revision: hashed(JSON.stringify(body)),
});

/** An id in a path: anything but digits is nothing of ours. */
export function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('NOT_FOUND', `There is no ${text.slice(0, 60)} here.`);
  return Number(text);
}
