import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogReply, DocumentReply, type ErrorList, ErrorsReply } from '../../../schemas/rollbook/openapi';
import { type Api, type Endpoint, endpoint } from '../../http/endpoint';
import { hashed } from '../../http/etag';
import { asText } from '../../http/formats/format';
import { json } from '../../http/formats/json';
import { documentOf, servedAt } from '../../http/openapi/document';
import { statuses } from '../../http/problem';
import { remedies } from '../../http/remedies';
import { lazy } from '../../lib/lazy';
import { type ErrorCode, problems } from '../../lib/problem';
import { root } from '../../lib/root';

/** It is the same for all; whoever keeps it asks each time whether it is still so. */
const headers = { 'Cache-Control': 'public, no-cache' };

/** Where the document of rollbook's own API is: there tools look first. */
export const OWN_DOCUMENT = '/openapi.json';
/** Below it are those of the others. */
export const DOCUMENTS = '/openapi';

/**
 * The OpenAPI document of APIs that are described in one. It is made when it is first asked for, and then kept. Where the
 * service is it says by the name that it is called by.
 */
export function documentEndpoint(title: string, path: string, apis: () => readonly Api[]): Endpoint {
  const made = lazy(() => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const document = documentOf(apis(), version);
    return { document, hash: hashed(JSON.stringify(document)) };
  });
  return endpoint({
    method: 'GET',
    path,
    summary: `Describes ${title} in OpenAPI`,
    formats: [{ ...json, types: ['application/json', 'application/vnd.oai.openapi+json'] }],
    schemas: { reply: DocumentReply },
    async handle({ link }) {
      const { document, hash } = made();
      const url = link('');
      const body = async () => servedAt(url, document);
      return { status: 200, headers, revision: hashed(`${hash} ${url}`), body };
    },
  });
}

/** The documents of the other APIs, by their names. */
export const documentEndpoints = (apis: readonly Api[]): Endpoint[] =>
  [...new Set(apis.map(({ name }) => name))].map((name) => {
    const described = apis.filter((api) => api.name === name);
    return documentEndpoint(described[0]!.title, `/${name}.json`, () => described);
  });

/** RFC 9727, 4.2 and 5: what kind of linkset it is is said by its profile, which its media type has as a parameter (RFC 9264, 5). */
const PROFILE = 'https://www.rfc-editor.org/info/rfc9727';

/** `/.well-known/api-catalog` (RFC 9727): where each API is, and what describes it. */
export const catalogEndpoint = (own: string, apis: () => readonly Api[]): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api-catalog',
    summary: 'Lists the APIs, and what describes them',
    headers: { Link: 'Where this list is, and its profile (RFC 9727).' },
    formats: [{ ...json, types: [`application/linkset+json; profile="${PROFILE}"`, 'application/json'] }],
    schemas: { reply: CatalogReply },
    async handle({ link }) {
      const linkset = apis().map(({ name, title, base }) => {
        const to = (path: string, type: string) => [{ href: link(path), type, title }];
        return {
          anchor: link(base),
          'service-desc': to(name === own ? OWN_DOCUMENT : `${DOCUMENTS}/${name}.json`, 'application/json'),
          'service-doc': to(`/docs#${name}`, 'text/html'),
          status: to('/readyz', 'application/json'),
        };
      });
      // RFC 9727, 2: the answer to a HEAD has a Link to the catalog.
      const Link = `<${link('/.well-known/api-catalog')}>; rel="api-catalog", <${PROFILE}>; rel="profile"`;
      return { status: 200, headers: { ...headers, Link }, body: { linkset } };
    },
  });

/** What each error means and what to do about it, for `type` of a problem to lead to: a page for browsers, and the same for programs. */
export const errorsEndpoint = endpoint({
  method: 'GET',
  path: '/',
  summary: 'Says what each error means, and what to do about it',
  formats: [{ ...json, types: ['text/html'], encode: (list) => pageOf(list as ErrorList), describe: asText }, json],
  schemas: { reply: ErrorsReply },
  async handle() {
    const errors = Object.entries(problems).map(([code, title]) => ({
      code,
      status: statuses[code as ErrorCode] as number,
      title,
      remedy: remedies[code as ErrorCode],
    }));
    return { status: 200, headers, body: { errors } };
  },
});

const pageOf = ({ errors }: ErrorList): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Errors of rollbook</title></head><body><h1>What does an error mean?</h1><dl>
${errors.map(({ code, status, title, remedy }) => `<dt id="${code}"><strong>${code}</strong> (${status})</dt><dd>${escaped(title)} ${escaped(remedy)}</dd>`).join('\n')}
</dl></body></html>
`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
