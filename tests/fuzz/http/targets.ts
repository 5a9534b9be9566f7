import fc from 'fast-check';
import type { Api, Endpoint } from '../../../src/http/endpoint';
import { knownId, percentEncoded, seldom, text } from './values';

/** Where a request goes: an endpoint, and its path and query as they are on the request line. */
export interface Target {
  readonly endpoint: Endpoint;
  readonly target: string;
}

/** As a path may have them, or as no path should. */
const wild = text.chain((value) =>
  fc.constantFrom(percentEncoded(value), onTheLine(value), onTheLine(value).replaceAll('/', '%2F')),
);

const segment = fc.oneof({ weight: 4, arbitrary: knownId }, { weight: 1, arbitrary: wild });

/** Query parameters that no schema names. */
const otherNames = ['osdi-api-token', 'client_secret', 'grant_type', '__proto__', 'constructor', 'a[b][c]', '', 'page'];

/** What node's client puts on a request line: characters of one byte, no blanks. */
const onTheLine = (value: string): string => value.replace(/[^\u0021-\u00ff]/g, percentEncoded);

/** Each endpoint of each API as often as the others. */
export const targetsOf = (apis: readonly Api[]): fc.Arbitrary<Target> =>
  fc
    .constantFrom(...apis.flatMap((api) => api.endpoints.map((endpoint) => ({ api, endpoint }))))
    .chain(({ api, endpoint }) =>
      fc
        .tuple(pathOf(api.base + endpoint.path), queryOf(endpoint), seldom(detour))
        .map(([path, query, change]) => ({ endpoint, target: (change?.(path) ?? path) + query })),
    );

function pathOf(pattern: string): fc.Arbitrary<string> {
  const segments = pattern.split('/').map((part) => (part.startsWith(':') ? segment : fc.constant(part)));
  return fc.tuple(...segments).map((parts) => parts.join('/'));
}

/** Ways to write a path otherwise, or to leave it. */
const detour = fc.oneof(
  segment.map((more) => (path: string) => `${path}/${more}`),
  segment.map((more) => (path: string) => path.replace(/[^/]*$/, more)),
  fc.constantFrom<(path: string) => string>(
    (path) => `${path}/`,
    (path) => `/${path}`,
    (path) => path.toUpperCase(),
    (path) => path.replace('/', '/./'),
    (path) => path.replaceAll('/', '//'),
    (path) => path.replaceAll('/', '\\'),
    (path) => path.replace(/[a-z]/g, (each) => `%${each.charCodeAt(0).toString(16)}`),
    (path) => `${path};a=b`,
    (path) => `${path}#fragment`,
    (path) => path + 'a'.repeat(7_000),
    (path) => path + '/..'.repeat(20),
    () => '*',
  ),
);

function queryOf({ schemas }: Endpoint): fc.Arbitrary<string> {
  const known = schemas?.query ? Object.keys(schemas.query.properties ?? {}) : [];
  const name = fc.constantFrom(...known, ...known, ...known, ...otherNames);
  const parameter = fc.tuple(name, wild).map((pair) => pair.join('='));
  return fc
    .array(parameter, { maxLength: 3, size: 'xsmall' })
    .map((all) => (all.length > 0 ? `?${all.join('&')}` : ''));
}
