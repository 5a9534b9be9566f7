import Ajv2020 from 'ajv/dist/2020';
import { scopes } from '../../src/clients/client';
import type { Endpoint } from '../../src/http/endpoint';
import { readXml } from '../../src/http/formats/xml';
import { answerCheck } from '../../src/http/statuses';
import { Problem, problems } from '../../src/lib/problem';
import { type Api, openApi } from '../api';
import {
  answerOf,
  type Content,
  documentsOf,
  type Media,
  type OpenApi,
  type Operation,
  operationsOf,
  pathsOfDocuments,
} from './documents';

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
  // It holds texts of XML against the schema of what is in them; see below.
  'no-invalid-media-type-examples': 'off',
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

test('a name stands for one schema: no other one has it as its title', () => {
  const titled = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    const { title } = value as { title?: unknown };
    const isSchema = typeof title === 'string' && ('type' in value || 'anyOf' in value || 'enum' in value);
    return [...(isSchema ? [title] : []), ...Object.values(value).flatMap(titled)];
  };
  for (const { info, components, paths } of documents) {
    const inPlace = [...titled(paths), ...Object.values(components.schemas).flatMap((each) => titled(each).slice(1))];
    const names = Object.keys(components.schemas);
    expect([info.title, inPlace.filter((title) => names.includes(title))]).toEqual([info.title, []]);
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

/** Whether a body is a text for which a schema of JSON is no more than a picture. */
const isText = (type: string): boolean => !/[/+]json$|urlencoded$/.test(type);

/** Bodies of operations and of errors, by what they are. */
function* contentsOf(document: OpenApi): Generator<{ where: string; content: Content; isSent: boolean }> {
  for (const { path, method, operation } of operationsOf(document)) {
    const where = `${method} ${path}`;
    yield { where, content: operation.requestBody?.content ?? {}, isSent: true };
    for (const status of Object.keys(operation.responses))
      if (Number(status) < 300)
        yield { where, content: answerOf(document, operation, Number(status))!.content ?? {}, isSent: false };
  }
  for (const [where, { content = {} }] of Object.entries(document.components.responses))
    yield { where, content, isSent: false };
}

const examplesOf = ({ example, examples = {} }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];

test('each body that is no JSON has an example, as the service writes it; those of JSON are as the schema says', () => {
  const kinds = new Set<string>();
  for (const document of documents) {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'document', components: document.components } as object);
    for (const { where, content, isSent } of contentsOf(document))
      for (const [type, media] of Object.entries(content)) {
        const examples = examplesOf(media);
        if (!isText(type)) {
          const schema = JSON.parse(JSON.stringify(media.schema).replaceAll('"#/', '"document#/'));
          const wrong = examples.filter((example) => !ajv.validate(schema, example));
          expect([where, type, wrong]).toEqual([where, type, []]);
          continue;
        }
        kinds.add(type);
        expect([where, type, examples.length]).not.toEqual([where, type, 0]);
        for (const example of examples) {
          expect([where, type, example]).toEqual([where, type, expect.stringMatching(/\S\n?./s)]);
          if (!type.endsWith('xml') || isSent) continue;
          const { name } = (media.schema.xml ?? {}) as { name?: string };
          expect([where, readXml(Buffer.from(String(example)), undefined).name]).toEqual([where, name]);
        }
      }
  }
  expect(kinds).toEqual(
    new Set([
      ...['application/xml', 'application/problem+xml', 'text/xml', 'text/csv', 'text/html'],
      ...['application/x-ndjson', 'text/event-stream'],
    ]),
  );
});

test('the examples of bodies that are no JSON are read when they are sent', async () => {
  const { sections, people, enrollments } = api.world;
  const ids = { section: sections.algebra, student: people.ada, school: 1, id: enrollments.ada };
  let sent = 0;
  for (const { path, method, operation } of documents.flatMap(operationsOf))
    for (const [type, { example }] of Object.entries(operation.requestBody?.content ?? {})) {
      if (!isText(type)) continue;
      const url = api.url + path.replace(/\{(\w+)\}/g, (_, name: 'id') => String(ids[name]));
      const answer = await fetch(url, {
        method: method.toUpperCase(),
        headers: { 'Content-Type': type, Authorization: `Bearer ${api.token}` },
        body: String(example),
      });
      const told = await answer.text();
      // What it is to change may not be there; the body was read before that is looked for.
      const isRead = answer.status < 300 || answer.status === 404;
      expect([method, path, type, isRead, told]).toEqual([method, path, type, true, expect.anything()]);
      sent++;
    }
  expect(sent).toBeGreaterThan(20);
});

test('a method that a path does not have is answered as `default` says, by 405 and those that it has', async () => {
  for (const document of documents)
    for (const { path, operation } of operationsOf(document)) {
      const { headers = {}, content = {} } = answerOf(document, operation, 'default')!;
      expect(Object.keys(headers)).toEqual(['Allow']);
      const answer = await fetch(api.url + path.replace(/\{\w+\}/g, '1'), { method: 'PROPFIND' });
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([
        path,
        405,
        expect.stringContaining('OPTIONS'),
      ]);
      expect(Object.keys(content)).toContain(answer.headers.get('content-type')!.split(';')[0]);
    }
});

test('a path that fits another with a parameter is its own: it has none of the methods of that', async () => {
  const paths = documents.flatMap((document) => Object.entries(document.paths));
  const beside = paths.flatMap(([path, methods]) => {
    const words = path.replace(/\{\w+\}/g, '1');
    const others = paths.filter(
      ([other]) => other !== path && new RegExp(`^${other.replace(/\{\w+\}/g, '[^/]+')}$`).test(words),
    );
    // `/users/{id}/sections` and `/users/ext/{code}` each have a word that the other has not.
    const less = others.filter(([other]) => !new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(other));
    return less.flatMap(([, more]) =>
      Object.keys(more).flatMap((method) => (method in methods ? [] : [{ path, words, method, methods }])),
    );
  });
  expect(new Set(beside.map(({ path }) => path))).toContain('/webhooks/disabled');
  for (const { path, words, method, methods } of beside) {
    const { status, headers } = await fetch(api.url + words, { method: method.toUpperCase() });
    const allowed = Object.keys(methods).flatMap((each) => (each === 'get' ? ['GET', 'HEAD'] : [each.toUpperCase()]));
    expect([path, method, status, headers.get('allow')]).toEqual([
      path,
      method,
      405,
      [...allowed, 'OPTIONS'].join(', '),
    ]);
  }
});

test('a request without a body is refused, but where its document says that it may be left out', async () => {
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'test',
    scopes: ['attendance:read'],
  });
  const leftOut: string[] = [];
  for (const { path, method, operation } of documents.flatMap(operationsOf)) {
    if (!operation.requestBody) continue;
    // RFC 6749, 4.4: the grant may be in the query here, beside an empty body.
    const isToken = path === '/oauth/access_token';
    const url = api.url + path.replace(/\{\w+\}/g, '1') + (isToken ? '?grant_type=client_credentials' : '');
    const basic = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
    const headers = { Authorization: isToken ? basic : `Bearer ${api.token}`, 'OSDI-API-Token': api.token };
    const { status } = await fetch(url, { method: method.toUpperCase(), headers });
    const { required } = operation.requestBody;
    expect([method, path, required, status === 400]).toEqual([method, path, required, required]);
    if (!required) leftOut.push(`${path} ${status}`);
  }
  expect(leftOut).toEqual([
    '/oauth/access_token 200',
    '/access/clients/{client}/rotate 200',
    '/webhooks/{webhook}/rotate 404',
  ]);
});

test('an operation needs the scope that its document says, and no other', async () => {
  const without = new Map<string, Api>();
  for (const scope of scopes) without.set(scope, await api.as({ scopes: scopes.filter((other) => other !== scope) }));
  for (const { path, method, operation } of documents.flatMap(operationsOf)) {
    const needed = new Set(operation.security.flatMap((each) => Object.values(each)).flat());
    const ask = async ({ token }: Api) => {
      const headers = { Authorization: `Bearer ${token}`, 'OSDI-API-Token': token };
      const url = api.url + path.replace(/\{\w+\}/g, '1');
      return (await fetch(url, { method: method.toUpperCase(), headers, redirect: 'manual' })).status;
    };
    expect([method, path, needed.size]).toEqual([method, path, isOpen(operation) ? 0 : 1]);
    for (const scope of needed) expect([method, path, await ask(without.get(scope)!)]).toEqual([method, path, 403]);
    if (needed.size === 0) expect([method, path, await ask(without.get('admin')!)]).not.toEqual([method, path, 403]);
  }
});

/** Whether nobody has to say who calls. */
const isOpen = ({ security }: Operation): boolean =>
  security.every((requirement) => Object.values(requirement).every((roles) => roles.length === 0));

test('a token is got as the documents say, by Basic or in the form, and is good where they say so', async () => {
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'test',
    scopes: ['attendance:read'],
  });
  const withFlow = documents.filter(({ components }) => components.securitySchemes.oauth2);
  expect(withFlow.map(({ info }) => info.title)).toEqual([
    'Schoology’s API',
    'PowerSchool’s API',
    'rollbook’s own API',
  ]);
  const urls = withFlow.map(({ components }) => components.securitySchemes.oauth2!.flows!.clientCredentials.tokenUrl);
  expect(new Set(urls)).toEqual(new Set([`${api.url}/oauth/access_token`]));
  const operation = documents.map(({ paths }) => paths['/oauth/access_token']?.post).find(Boolean)!;
  expect(operation.security).toEqual([{}, { basic: [] }]);
  const form = { grant_type: 'client_credentials' };
  const basic = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
  const asked = async (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    (await fetch(urls[0]!, { method: 'POST', headers, body: new URLSearchParams(fields) })).json();
  for (const answer of [
    await asked({ ...form, scope: 'admin' }, { Authorization: basic }),
    await asked({ ...form, client_id: key, client_secret: secret, scope: '' }),
  ]) {
    const { access_token, scope } = answer as { access_token: string; scope: string };
    expect(scope).toBe('attendance:read');
    const headers = { Authorization: `Bearer ${access_token}` };
    for (const path of [`/v1/sections/${api.world.sections.algebra}/attendance`, '/reports/rolls'])
      expect((await fetch(api.url + path, { headers })).status).toBe(200);
  }
});

test('writes that heed `If-None-Match: *` say so', () => {
  const heeding = documents.flatMap(operationsOf).flatMap(({ path, method, operation }) => {
    const { description = '' } = operation.parameters.find(({ name }) => name === 'If-None-Match') ?? {};
    return description.startsWith('`*`') ? [`${method} ${path.replace(/\/(osdi\/api\/)?v1/, '')}`] : [];
  });
  expect(heeding.sort()).toEqual([
    'delete /events/{event}/attendances/{attendance}',
    'delete /people/{person}/attendances/{attendance}',
    'patch /events/{event}/attendances/{attendance}',
    'patch /people/{person}/attendances/{attendance}',
    'post /events',
    'post /events/{event}/attendances',
    'post /events/{event}/record_attendance_helper',
    'post /people/{person}/attendances',
    'put /events/{event}/attendances/{attendance}',
    'put /people/{person}/attendances/{attendance}',
    'put /sections/{section}/attendance',
  ]);
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
  // RFC 9727, 4.2, and RFC 9264, 5: a client may ask for it with its profile, as it is told there.
  const profile = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"';
  expect(catalog.headers.get('content-type')).toBe(`${profile}; charset=utf-8`);
  for (const [accept, status] of [
    [profile, 200],
    ['application/linkset+json', 200],
    ['application/json', 200],
    ['application/linkset+json; profile="https://example.org/other"', 406],
  ] as const) {
    const { headers, status: answered } = await fetch(catalog.url, { headers: { accept } });
    expect([accept, answered]).toEqual([accept, status]);
    if (status === 200) expect(headers.get('content-type')).toContain(accept);
  }
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
  const list = (await (await fetch(page.url, { headers: { Accept: 'application/json' } })).json()) as {
    errors: { code: string; remedy: string }[];
  };
  expect(list.errors.map(({ code }) => code)).toEqual(Object.keys(problems));
  for (const { code, remedy } of list.errors) {
    expect(text).toContain(`<dt id="${code}">`);
    expect(text).toContain(remedy.replaceAll('&', '&amp;'));
  }
  // The page is at the same address with a slash, too, as people write it.
  for (const path of ['/errors/', '/docs', '/docs/']) {
    const { status, url, headers } = await fetch(api.url + path, { headers: { Accept: 'text/html' } });
    expect([path, status, headers.get('content-type')]).toEqual([path, 200, expect.stringMatching(/^text\/html/)]);
    expect(url).toBe(api.url + (path === '/docs/' ? '/docs' : path));
  }
  const unknown = await fetch(`${api.url}/nowhere`);
  expect(await unknown.json()).toMatchObject({ type: '/errors#NOT_FOUND' });
});

test('an endpoint that answers with a status or a header that is in no document fails in tests', () => {
  const endpoint: Endpoint = {
    method: 'GET',
    path: '/rolls',
    summary: 'Lists rolls',
    handle: async () => ({ status: 200 }),
  };
  const check = answerCheck({ credentials: [] }, { ...endpoint, errors: ['NOT_FOUND'] });
  for (const right of [{ status: 200 }, new Problem('NOT_FOUND'), new Problem('QUERY_INVALID')]) check(right);
  for (const wrong of [
    { status: 200, headers: { Location: '/' } },
    { status: 200, revision: 1 }, // an ETag: of a read with a body alone is that understood
    { status: 201 },
    new Problem('SCOPE_MISSING'),
    new Problem('REVISION_STALE'),
  ])
    expect(() => check(wrong)).toThrow('which its document does not have');
  answerCheck(
    { credentials: [] },
    { ...endpoint, headers: { ETag: 'What it is known by.' } },
  )({ status: 200, revision: 1 });
});
