import { BASE, errorOf, type Osdi, openOsdi, scheduled } from './osdi';

let osdi: Osdi;
let event: string;
beforeAll(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi);
});
afterAll(() => osdi.api.close());

const bare = (path: string) => osdi.api.get(path).unset('Authorization');

test('the entry point is readable without a token, and names no other rel of osdi than people and events', async () => {
  const { status, headers, body } = await bare(`${BASE}/`);
  const at = `${osdi.api.url}${BASE}`;
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/hal+json; charset=utf-8',
    'cache-control': 'max-age=0, private, must-revalidate',
    etag: expect.stringMatching(/^"[0-9a-f]{16}\.\d+\.hal\+json\.gzip"$/),
  });
  expect(body).toEqual({
    motd: expect.any(String),
    max_pagesize: 1000,
    vendor_name: 'rollbook',
    product_name: 'rollbook',
    osdi_version: '1.1.1',
    namespace: 'rollbook',
    _links: {
      self: { href: `${at}/` },
      docs: { href: `${at}/docs` },
      'osdi:people': { href: `${at}/people` },
      'osdi:events': { href: `${at}/events` },
      curies: [{ name: 'osdi', href: `${at}/docs/{rel}`, templated: true }],
    },
  });
  expect((await bare(BASE)).body).toEqual(body);
});

test('every rel of every document has a page that browsers can read, without a token', async () => {
  const student = `/people/${osdi.api.world.people.ada}`;
  const documents = ['/', '/people', '/events', event, student, `${event}/attendances`];
  const rels = new Set<string>();
  for (const document of documents) {
    const { body } = await osdi.get(document);
    expect(body._links.curies[0].templated).toBe(true);
    for (const rel of Object.keys(body._links)) if (rel.startsWith('osdi:')) rels.add(rel.slice('osdi:'.length));
  }
  expect(rels.size).toBeGreaterThan(4);
  for (const rel of rels) {
    const { status, headers, text } = await bare(`${BASE}/docs/${rel}`).set('Accept', 'text/html,*/*;q=0.8');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain(`<h1>osdi:${rel}</h1>`);
  }
  expect((await bare(`${BASE}/docs`)).text).toContain('osdi:attendances');
  expect((await bare(`${BASE}/docs/attendances`).set('Accept', 'application/hal+json')).body.title).toBe(
    'osdi:attendances',
  );
});

test.each(['nothing', '__proto__', 'constructor'])('there is no page of the rel %s', async (rel) => {
  const { status, body } = await bare(`${BASE}/docs/${rel}`).set('Accept', 'text/html');
  expect([status, errorOf(body)]).toEqual([404, expect.objectContaining({ error_code: 'NOT_FOUND' })]);
});

test.each([
  ['the header', (token: string) => bare(`${BASE}/events`).set('OSDI-API-Token', token)],
  ['the header in lower case', (token: string) => bare(`${BASE}/events`).set('osdi-api-token', token)],
  ['the query', (token: string) => bare(`${BASE}/events?osdi-api-token=${token}`)],
  ['the query in another case', (token: string) => bare(`${BASE}/events?page=1&OSDI-API-Token=${token}`)],
])('the token is taken from %s, and is in no link', async (_where, call) => {
  const { status, text } = await call(osdi.api.token);
  expect(status).toBe(200);
  expect(text).not.toContain(osdi.api.token);
});

test.each([
  ['no token', () => bare(`${BASE}/events`), 'CREDENTIALS_MISSING'],
  ['an empty token', () => bare(`${BASE}/events`).set('OSDI-API-Token', ''), 'CREDENTIALS_MISSING'],
  ['an unknown token', () => bare(`${BASE}/events`).set('OSDI-API-Token', 'x'), 'CREDENTIALS_INVALID'],
  ['an unknown token in the query', () => bare(`${BASE}/events?osdi-api-token=x`), 'CREDENTIALS_INVALID'],
  ['an unknown token at the entry point', () => bare(`${BASE}/?osdi-api-token=x`), 'CREDENTIALS_INVALID'],
])('%s is 401, in the words of OSDI', async (_what, call, code) => {
  const { status, headers, body } = await call();
  expect(status).toBe(401);
  expect(headers['www-authenticate']).toMatch(/^OSDI-API-Token realm="rollbook"/);
  expect(body).toEqual({
    'osdi:error': {
      request_type: 'atomic',
      response_code: 401,
      resource_status: [
        {
          resource: expect.stringMatching(/^osdi:/),
          response_code: 401,
          error_descriptions: [{ error_code: code, description: expect.any(String) }],
        },
      ],
    },
  });
});

test.each([
  ['get', '/people', ['attendance:read']],
  ['get', '/people/1', ['attendance:read']],
  ['get', '/events', ['roster:read']],
  ['get', '/events/1', ['roster:read']],
  ['get', '/events/1/attendances', ['roster:read']],
  ['get', '/people/1/attendances', ['roster:read']],
  ['get', '/events/1/attendances/1', ['attendance:write']],
  ['post', '/events', ['attendance:read', 'roster:write']],
  ['post', '/events/1/attendances', ['attendance:read', 'roster:write']],
  ['post', '/people/1/attendances', ['attendance:read']],
  ['post', '/events/1/record_attendance_helper', ['attendance:read', 'roster:write']],
  ['put', '/events/1/attendances/1', ['attendance:read']],
  ['patch', '/people/1/attendances/1', ['attendance:read']],
  ['delete', '/events/1/attendances/1', ['attendance:read']],
] as const)('%s %s needs more than %p', async (verb, path, scopes) => {
  const client = await osdi.as({ scopes: [...scopes] });
  const { status, body } = await client[verb](path).send(verb === 'get' ? undefined : {});
  expect([status, errorOf(body)]).toEqual([403, expect.objectContaining({ error_code: 'SCOPE_MISSING' })]);
});

test.each([
  [undefined, 'application/hal+json'],
  ['*/*', 'application/hal+json'],
  ['application/hal+json, application/json;q=0.9', 'application/hal+json'],
  ['application/json', 'application/json'],
  ['application/json;charset=utf-8', 'application/json'],
])('Accept: %s is answered with %s', async (accept, type) => {
  const call = osdi.get(event);
  const { headers } = await (accept ? call.set('Accept', accept) : call);
  expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
});

test.each([
  ['application/hal+json', 200],
  ['application/json', 200],
  ['application/json; charset=utf-8', 200],
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
])('a body of %s is answered with %i', async (type, expected) => {
  const { attendances } = await firstOf(event);
  const { status } = await osdi.put(attendances).set('Content-Type', type).send('{}');
  expect(status).toBe(expected);
});

test('a body with no type at all is JSON', async () => {
  const { attendances } = await firstOf(event);
  const { status, body } = await (await send('PUT', attendances, '{"comment":"no type"}')).json;
  expect([status, body.comment]).toEqual([200, 'no type']);
});

async function firstOf(path: string): Promise<{ attendances: string }> {
  const { body } = await osdi.get(`${path}/attendances`);
  return { attendances: body._links['osdi:attendances'][0].href };
}

/** By fetch, with bytes for a body, which makes it name no type. */
async function send(method: string, url: string, body: string) {
  const response = await fetch(url, {
    method,
    headers: { 'OSDI-API-Token': osdi.api.token },
    body: new TextEncoder().encode(body),
  });
  return { json: response.json().then((json) => ({ status: response.status, body: json as Record<string, unknown> })) };
}

test('web pages of other origins may call: a preflight is answered without a token', async () => {
  const { status, headers } = await osdi.api.options(`${BASE}${event}/attendances`).unset('Authorization').set({
    Origin: 'https://school.example',
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'osdi-api-token,content-type',
  });
  expect(status).toBe(204);
  expect(headers['access-control-allow-origin']).toBe('*');
  const listed = (name: string) => headers[name]!.toLowerCase().split(', ');
  expect(listed('access-control-allow-methods')).toEqual(expect.arrayContaining(['post', 'put', 'patch', 'delete']));
  expect(listed('access-control-allow-headers')).toEqual(expect.arrayContaining(['osdi-api-token', 'content-type']));
});

test.each([
  ['an answer', '/events', 200],
  ['a refusal', '/events/1', 404],
  ['a path that there is not', '/nothing', 404],
])('%s can be read by them', async (_what, path, expected) => {
  const { status, headers } = await osdi.get(path).set('Origin', 'https://school.example');
  expect(status).toBe(expected);
  expect(headers['access-control-allow-origin']).toBe('*');
  expect(headers['access-control-expose-headers']).toBe('ETag, Location');
});

test('what another API serves cannot', async () => {
  const { headers } = await osdi.api.get('/v1/users').set('Origin', 'https://school.example');
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test.each(['/', '/people', '/events'])('%s answers 304 to who has it', async (path) => {
  const { headers } = await osdi.get(path);
  const again = await osdi.get(path).set('If-None-Match', headers.etag!);
  expect([again.status, again.text]).toEqual([304, '']);
});

test.each([
  ['delete', '/people', 'GET, HEAD, OPTIONS'],
  ['post', '/', 'GET, HEAD, OPTIONS'],
  ['put', '/events', 'GET, HEAD, POST, OPTIONS'],
  ['post', '/events/1/attendances/1', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
] as const)('%s %s is 405, and says what there is', async (verb, path, allow) => {
  const { status, headers, body } = await osdi[verb](path);
  expect([status, headers.allow]).toEqual([405, allow]);
  expect(errorOf(body)).toMatchObject({ error_code: 'METHOD_NOT_ALLOWED' });
});
