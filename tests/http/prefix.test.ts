import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, openApi } from '../api';
import type { OpenApi } from '../openapi/documents';

/** Below which the operator publishes it; a proxy takes it off the path, and says no word of it. */
const PREFIX = '/rollbook';

let api: Api;
let proxy: Server;
/** What clients know. */
let url: string;
beforeAll(async () => {
  proxy = createServer((incoming, outgoing) => {
    const { method, url = '', headers } = incoming;
    // What a page or a client asks for without the prefix is another service's.
    if (!url.startsWith(`${PREFIX}/`)) return void outgoing.writeHead(418).end();
    const { hostname, port } = new URL(api.url);
    const onward = request({ hostname, port, method, path: url.slice(PREFIX.length), headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${PREFIX}`;
  api = await openApi({ publicUrl: url });
});
afterAll(async () => {
  proxy.close();
  proxy.closeAllConnections();
  await api.close();
});

const ask = (address: string, init: RequestInit = {}) =>
  fetch(address, {
    ...init,
    headers: { Authorization: `Bearer ${api.token}`, 'OSDI-API-Token': api.token, ...init.headers },
  });
const json = async <Body>(address: string, init: RequestInit = {}) =>
  (await ask(address, { ...init, headers: { Accept: 'application/json', ...init.headers } })).json() as Promise<Body>;
const posted = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

interface Linked {
  readonly anchor: string;
  readonly 'service-desc': readonly [{ readonly href: string }];
}

interface Resource {
  readonly identifiers?: readonly string[];
  readonly _links: Readonly<Record<string, { readonly href: string }>>;
}
interface Collection {
  readonly _embedded: Readonly<Record<string, readonly Resource[]>>;
}

/** Every text of a value that is a link, by the names under which links are. */
function* linksIn(value: unknown, name = ''): Generator<string> {
  if (typeof value === 'string') {
    const isLink = ['href', 'self', 'next', 'prev', 'ref', 'location', 'type'].includes(name);
    if (isLink && /^(https?:|\/)/.test(value)) yield value;
  } else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* linksIn(inner, Array.isArray(value) ? name : key);
}

/** Follows links from an address to whatever they lead to, and so on; what is templated is no link. */
async function followed(start: string): Promise<Set<string>> {
  const met = new Set<string>();
  const left = [start];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const address = new URL(next, start).href;
    if (met.has(address) || address.includes('%7B')) continue;
    met.add(address);
    const answer = await ask(address);
    // A link that is for POST alone is there, too.
    expect([address, [200, 405].includes(answer.status)]).toEqual([address, true]);
    if (!answer.headers.get('content-type')?.includes('json')) continue;
    const body = (await answer.json()) as object;
    if (!('openapi' in body)) left.push(...linksIn(body)); // whose examples lead nowhere
  }
  return met;
}

test('each link of the catalog, the documents and the APIs has the path of PUBLIC_URL, and leads somewhere', async () => {
  const { sections, people } = api.world;
  await api.mark([api.world.enrollments.ada, '2025-10-06', 2]);
  let count = 0;
  const starts = ['/.well-known/api-catalog', '/osdi/api/v1', '/v1/users?limit=1'];
  for (const start of [...starts, `/v1/sections/${sections.algebra}/attendance?limit=1`]) {
    const met = [...(await followed(url + start))];
    count += met.length;
    expect(met.filter((address) => !address.startsWith(url))).toEqual([]);
  }
  expect(count).toBeGreaterThan(20);
  const { linkset } = await json<{ linkset: Linked[] }>(`${url}/.well-known/api-catalog`);
  for (const { anchor } of linkset) expect(anchor).toContain(`${url}/`);
  const { school_uid } = await json<{ school_uid: string }>(`${url}/v1/users/${people.ada}`);
  const moved = await ask(`${url}/v1/users/ext/${school_uid}`, { redirect: 'manual' });
  expect([moved.status, moved.headers.get('location')]).toEqual([303, `${url}/v1/users/${people.ada}`]);
  const paths = [`/v1/users/ext/${school_uid}`, '/v1/nowhere'];
  const { response } = await json<{ response: object[] }>(`${url}/v1/multiget`, posted({ request: paths }));
  expect(response).toMatchObject([
    { location: url + paths[0], response_code: 200, body: { links: { self: `${url}/v1/users/${people.ada}` } } },
    { location: url + paths[1], response_code: 404, body: { type: `${PREFIX}/errors#NOT_FOUND` } },
  ]);
  for (const {
    'service-desc': [{ href }],
  } of linkset) {
    const { servers, components } = await json<OpenApi>(href);
    expect(servers).toEqual([{ url }]);
    const { oauth2 } = components.securitySchemes;
    if (oauth2) expect(oauth2.flows!.clientCredentials.tokenUrl).toBe(`${url}/oauth/access_token`);
  }
});

test('the type of a problem leads to its page, whoever says no', async () => {
  for (const path of ['/v1/sections/4711', '/rolls/4711/2025-10-06', '/nowhere', '/v1/nowhere']) {
    const { type } = await json<{ type: string }>(url + path);
    expect([path, type]).toEqual([path, `${PREFIX}/errors#NOT_FOUND`]);
    const page = await fetch(new URL(type, url), { headers: { Accept: 'text/html' } });
    expect(await page.text()).toContain('<dt id="NOT_FOUND">');
  }
});

test('what was made is where Location says, and a link that was handed out is taken back', async () => {
  const webhook = await ask(`${url}/webhooks`, posted({ url: 'https://sis.example.org/events' }));
  expect([webhook.status, (await ask(webhook.headers.get('location')!)).status]).toEqual([201, 200]);
  const { _embedded: people } = await json<Collection>(`${url}/osdi/api/v1/people`);
  const ours = `rollbook:${api.world.people.ada}`;
  const person = people['osdi:people']!.find(({ identifiers }) => identifiers?.includes(ours))!._links.self!.href;
  const { _embedded: events } = await json<Collection>(`${url}/osdi/api/v1/events`);
  const event = events['osdi:events']![0]!._links.self!.href;
  const body = posted({ attended: true, _links: { 'osdi:person': { href: person } } });
  const attended = await ask(`${event}/attendances`, body);
  expect(attended.status).toBeLessThan(300);
  const { _links } = await json<Resource>(attended.headers.get('location')!);
  expect(_links['osdi:person']!.href).toBe(person);
});

test('a session is of this service alone, and all that the pages load is below them', async () => {
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'office',
    scopes: ['attendance:read'],
  });
  const signedIn = await fetch(`${url}/sign-in`, posted({ key, secret }));
  expect([signedIn.status, signedIn.headers.get('set-cookie')]).toEqual([
    201,
    expect.stringContaining(`Path=${PREFIX}/;`),
  ]);
  for (const path of ['/', '/docs', '/docs/']) {
    const page = await fetch(url + path);
    const text = await page.text();
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => new URL(link!, page.url));
    expect(loaded.length).toBeGreaterThan(3);
    for (const link of loaded) {
      const { status } = await ask(link.href);
      expect([path, link.pathname, status]).toEqual([path, expect.stringContaining(`${PREFIX}/`), 200]);
    }
  }
  const docs = await (await fetch(`${url}/osdi/api/v1/docs`, { headers: { Accept: 'text/html' } })).text();
  expect(docs).toContain(`href="${PREFIX}/osdi/api/v1/docs/person"`);
});
