import type { AttendanceBody } from '../../../schemas/osdi/attendances';
import type { Curies, Link } from '../../../schemas/osdi/parts';
import type { Call, Reply } from '../../http/endpoint';
import { hashed } from '../../http/etag';
import { isLoopback } from '../../http/transport';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { invalidField } from './errors';

export const BASE = '/osdi/api/v1';
/** The prefix of our identifiers, and the origin of what nobody else has sent. */
export const NAMESPACE = 'rollbook';

/** A link to a resource of ours, by its path below the base. */
export const linkTo = (call: Call, path: string): Link => ({ href: call.link(`${BASE}${path}`) });

/** Where the attendances of an event or a person are, by both names that clients know. */
export function attendancesAt(call: Call, path: string) {
  const link = linkTo(call, `${path}/attendances`);
  return { 'osdi:attendances': link, 'osdi:attendance': link };
}

/** "Every document has curies": where a rel is explained to who reads it. */
export const curiesOf = (call: Call): Curies => [
  { name: 'osdi', href: call.link(`${BASE}/docs/{rel}`), templated: true },
];

/** "There are no required fields in OSDI": what has no value is left out. */
export const withoutBlanks = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { readonly [Name in keyof Fields]?: Exclude<Fields[Name], '' | null | undefined> };

/** A document on its own, with the curies that it needs not have where it is embedded. */
export function documentOf<Resource extends { readonly _links: object }>(resource: Resource, call: Call) {
  return { ...resource, _links: { ...resource._links, curies: curiesOf(call) } };
}

/** A document with its ETag: rosters change without a revision, so that it is made of what is answered. */
export const documentReply = <Body extends object>(
  status: number,
  body: Body,
  headers: NonNullable<Reply['headers']> = {},
): Reply<Body> => ({
  status,
  body,
  headers,
  revision: hashed(JSON.stringify(body)),
});

/** Whether it can be an id of ours. */
export const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);

/** The number in an identifier of ours, `rollbook:17`; undefined where it is none. */
export function ownId(identifier: string): number | undefined {
  const id = identifier.startsWith(`${NAMESPACE}:`) ? identifier.slice(NAMESPACE.length + 1) : '';
  return isId(id) ? Number(id) : undefined;
}

/** An id in a path: anything but digits is nothing of ours. */
export function idOf(text: string): number {
  if (!isId(text)) throw new Problem('NOT_FOUND', `There is no ${text.slice(0, 60)} here.`);
  return Number(text);
}

/** What relative links are relative to, where only their path counts. */
const ANYWHERE = 'http://anywhere';

/** Where a body's link of this rel leads, which may be said without its prefix too; undefined where it has none. */
export function hrefIn({ _links }: Pick<AttendanceBody, '_links'>, rel: string): string | undefined {
  const links = Object(_links) as Record<string, unknown>;
  const link = links[`osdi:${rel}`] ?? links[rel];
  if (link === undefined || link === null) return undefined;
  const { href } = Object(link) as { href?: unknown };
  if (typeof href === 'string' && href !== '' && href.length <= 2_000 && URL.canParse(href, ANYWHERE)) return href;
  throw invalidField(`_links.osdi:${rel}`, `must be an object with an href, not ${preview(link)}`);
}

/** The same where it may be cleared: null where the body says so, in `_links` or as a field, with or without the prefix. */
export function clearableHref(body: AttendanceBody, rel: 'invited_by'): string | null | undefined {
  const links = Object(body._links) as Record<string, unknown>;
  const said = [body[rel], body[`osdi:${rel}`], links[rel], links[`osdi:${rel}`]];
  return hrefIn(body, rel) ?? (said.includes(null) ? null : undefined);
}

/**
 * The id that a link to a resource of ours ends in; undefined where it leads elsewhere. RFC 3986, 4.2: a relative reference,
 * of which clients write `/osdi/api/v1/people/17`, `/people/17` and `people/17`, is of this service; so is a link to this host
 * by the other scheme, and by another name of this machine where it is called by one.
 * @param origin where this service is, with the path that it may be below
 */
export function idIn(href: string, collection: 'people' | 'events', origin: string): string | undefined {
  if (!URL.canParse(href, origin)) return undefined;
  const [link, here] = [new URL(href, origin), new URL(origin)];
  const isSameMachine = [link, here].every(({ hostname }) => isLoopback(hostname.replace(/^\[|\]$/g, '')));
  if (link.host !== here.host && !(isSameMachine && link.port === here.port)) return undefined;
  const isRelative = !URL.canParse(href) && !href.startsWith('//');
  const [, before, id] = new RegExp(`^(.*)/${collection}/([^/]+)/*$`).exec(link.pathname) ?? [];
  return before === here.pathname.replace(/\/$/, '') + BASE || isRelative ? id : undefined;
}

/** The last segment of the path of a link. */
export function lastSegment(href: string): string {
  const path = new URL(href, ANYWHERE).pathname.replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}
