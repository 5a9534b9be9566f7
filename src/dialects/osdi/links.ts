import { shown } from '../../shown';
import { BASE } from './hal';
import { invalidField } from './refuse';

/** The links of a body: of a full representation they are anything at all. */
export interface SentLinks {
  readonly _links?: unknown;
}

/** What relative links are relative to, where only their path counts. */
const ANYWHERE = 'http://anywhere';

/** Where a body's link of this rel leads, which may be said without its prefix too; undefined where it has none. */
export function hrefIn({ _links }: SentLinks, rel: string): string | undefined {
  const links = Object(_links) as Record<string, unknown>;
  const link = links[`osdi:${rel}`] ?? links[rel];
  if (link === undefined || link === null) return undefined;
  const { href } = Object(link) as { href?: unknown };
  if (typeof href === 'string' && href !== '' && href.length <= 2_000 && URL.canParse(href, ANYWHERE)) return href;
  throw invalidField(`_links.osdi:${rel}`, `must be an object with an href, not ${shown(link)}`);
}

/** The id that a link to a resource of ours ends in; undefined where it leads elsewhere. */
export function idIn(href: string, collection: 'people' | 'events', origin: string): string | undefined {
  const prefix = [origin, ''].map((host) => `${host}${BASE}/${collection}/`).find((start) => href.startsWith(start));
  return prefix && href.slice(prefix.length).replace(/\/+$/, '');
}

/** The last segment of the path of a link. */
export function lastSegment(href: string): string {
  const path = new URL(href, ANYWHERE).pathname.replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}
