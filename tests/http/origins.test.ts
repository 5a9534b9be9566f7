import { type Api, openApi } from '../api';

/** What a browser without Sec-Fetch-Site says of the page that asks. */
let api: Api;
afterEach(() => api.close());

async function signsIn(origin: string, forwarded: Record<string, string> = {}) {
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'x',
    scopes: ['attendance:read'],
  });
  const response = await fetch(`${api.url}/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', origin, ...forwarded },
    body: JSON.stringify({ key, secret }),
  });
  return response.status;
}

test('an origin is a scheme, a host and a port', async () => {
  api = await openApi();
  const { host, port, hostname } = new URL(api.url);
  const at = (origin: string) => signsIn(origin);
  expect(await at(`http://${host}`)).toBe(201);
  for (const other of [
    `https://${host}`,
    `ftp://${host}`,
    `http://${hostname}`,
    `http://${hostname}:${Number(port) + 1}`,
    `http://${host}.example`,
    'null',
    host,
  ])
    expect([other, await at(other)]).toEqual([other, 403]);
});

test('behind a proxy it is that of PUBLIC_URL, whatever Host the proxy sends, or of the Host by TLS', async () => {
  api = await openApi({ publicUrl: 'https://attendance.example.org/rollbook', trustProxy: 1 });
  const tls = { 'X-Forwarded-Proto': 'https' };
  const { host } = new URL(api.url);
  expect(await signsIn('https://attendance.example.org', tls)).toBe(201);
  expect(await signsIn(`https://${host}`, tls)).toBe(201);
  for (const other of ['http://attendance.example.org', `http://${host}`, 'https://attendance.example.org:444'])
    expect([other, await signsIn(other, tls)]).toEqual([other, 403]);
});
