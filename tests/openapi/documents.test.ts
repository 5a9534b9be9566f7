import Ajv2020 from 'ajv/dist/2020';
import type { Endpoint } from '../../src/http/endpoint';
import { statusCheck } from '../../src/http/statuses';
import { Problem, problems } from '../../src/lib/problem';
import { type Api, openApi } from '../api';
import { documentsOf, type OpenApi, operationsOf, pathsOfDocuments } from './documents';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

declare const loadOnce: NodeRequire; // engines/environment.js

/** Outside of the tests' modules: it comes with an ajv of its own. */
const { createConfig, lintFromString } = loadOnce('@redocly/openapi-core') as typeof import('@redocly/openapi-core');

let api: Api;
let documents: readonly OpenApi[];
beforeAll(async () => {
  api = await openApi();
  documents = await documentsOf(api);
});
afterAll(() => api.close());

const named = (document: OpenApi) => operationsOf(document).map((each) => ({ ...each, title: document.info.title }));

test('there is a document for each API', () => {
  expect(documents.map(({ info }) => info.title)).toEqual([
    'Schoology’s API',
    'PowerSchool’s API',
    'OSDI',
    'Wix Bookings Attendance',
    'rollbook’s own API',
  ]);
  expect(documents.every(({ openapi, servers }) => openapi === '3.1.0' && servers[0].url === api.url)).toBe(true);
});

test('a document has what is served, and nothing else', async () => {
  const allowed = documents.flatMap(({ paths }) =>
    Object.entries(paths).map(async ([path, methods]) => {
      const { status, headers } = await fetch(api.url + path.replace(/\{\w+\}/g, '1'), { method: 'OPTIONS' });
      const verbs = Object.keys(methods).flatMap((method) =>
        method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      );
      expect([path, status, headers.get('allow')!.split(', ').sort()]).toEqual([
        path,
        204,
        [...verbs, 'OPTIONS'].sort(),
      ]);
    }),
  );
  await Promise.all(allowed);
});

test('each endpoint is in a document, with a summary, and says what each parameter is', () => {
  const operations = documents.flatMap(named);
  expect(operations.length).toBeGreaterThan(150);
  for (const { path, method, operation } of operations) {
    const where = `${method} ${path}`;
    expect([where, operation.summary]).toEqual([where, expect.stringMatching(/^[A-Z].{5,90}[^.]$/)]);
    const parameters = operation.parameters.map(({ name, description }) => [where, name, description]);
    expect(parameters).toEqual(operation.parameters.map(({ name }) => [where, name, expect.stringMatching(/\.$/)]));
  }
});

/** Rules that do not fit: each with why. */
const rules = {
  'info-license': 'off', // the package says that it is unlicensed
  'operation-2xx-response': 'off', // some lead elsewhere: 303
  'no-ambiguous-paths': 'off', // `/users/me` is found before `/users/{id}`; the APIs have it so
  // Of a schema that allows others, an example may have others.
  'no-invalid-schema-examples': { severity: 'error', allowAdditionalProperties: true },
  'operation-4xx-problem-details-rfc7807': 'off', // other APIs have errors of their own
} as const;

test('Redocly finds nothing wrong with the documents', async () => {
  const config = await createConfig({ extends: ['recommended'], rules });
  for (const document of documents) {
    const found = await lintFromString({ source: JSON.stringify(document), config });
    expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  }
});

test('each schema is one of JSON Schema 2020-12, with examples that it takes', () => {
  for (const { components } of documents) {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'document', components } as object);
    for (const [name, schema] of Object.entries(components.schemas)) {
      const check = ajv.compile({ $ref: `document#/components/schemas/${name}` });
      for (const example of (schema.examples ?? []) as unknown[])
        expect([name, check(example), check.errors]).toEqual([name, true, null]);
    }
  }
});

test('a document is known by its ETag, compressed, and called by the name of the host', async () => {
  const [path] = await pathsOfDocuments(api);
  const first = await fetch(api.url + path!, { headers: { 'Accept-Encoding': 'br' } });
  const etag = first.headers.get('etag')!;
  expect(first.headers.get('content-encoding')).toBe('br');
  expect(first.headers.get('cache-control')).toBe('public, no-cache');
  const again = await fetch(api.url + path!, { headers: { 'Accept-Encoding': 'br', 'If-None-Match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const byName = api.url.replace('127.0.0.1', 'localhost');
  const other = await fetch(byName + path!, { headers: { 'Accept-Encoding': 'br' } });
  expect(other.headers.get('etag')).not.toBe(etag);
  expect(((await other.json()) as OpenApi).servers).toEqual([{ url: byName }]);
});

test('the catalog lists each API, and a HEAD of it leads to it', async () => {
  const catalog = await fetch(`${api.url}/.well-known/api-catalog`);
  expect(catalog.headers.get('content-type')).toMatch(/^application\/linkset\+json/);
  const { linkset } = (await catalog.json()) as { linkset: { anchor: string }[] };
  expect(linkset.map(({ anchor }) => anchor)).toEqual(expect.arrayContaining([`${api.url}/v1`, `${api.url}/rolls`]));
  const head = await fetch(`${api.url}/.well-known/api-catalog`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(head.headers.get('link')).toContain(`<${api.url}/.well-known/api-catalog>; rel="api-catalog"`);
});

test('a problem has a type that leads to what is said of its code', async () => {
  const { body, status } = await api.get('/rolls/4711/2025-10-06');
  expect([status, body.code, body.type]).toEqual([404, 'NOT_FOUND', '/errors#NOT_FOUND']);
  const page = await fetch(new URL(body.type, api.url), { headers: { Accept: 'text/html' } });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const text = await page.text();
  for (const code of Object.keys(problems)) expect(text).toContain(`<dt id="${code}">`);
  const unknown = await fetch(`${api.url}/nowhere`);
  expect(await unknown.json()).toMatchObject({ type: '/errors#NOT_FOUND' });
});

test('an endpoint that answers with a status that is in no document fails in tests', () => {
  const endpoint: Endpoint = {
    method: 'GET',
    path: '/rolls',
    summary: 'Lists rolls',
    handle: async () => ({ status: 200 }),
  };
  const check = statusCheck({ credentials: [] }, { ...endpoint, errors: ['NOT_FOUND'] });
  for (const right of [{ status: 200 }, new Problem('NOT_FOUND'), new Problem('QUERY_INVALID')]) check(right);
  for (const wrong of [{ status: 201 }, new Problem('SCOPE_MISSING'), new Problem('REVISION_STALE')])
    expect(() => check(wrong)).toThrow('which its document does not have');
});
