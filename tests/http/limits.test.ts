import { type Api, openApi } from '../api';
import { apis } from './apis';

/** What one request may hold. The bounds on items are each API's, and tested with it. */
let api: Api;
afterEach(() => api.close());

const small = { url: 200, headers: 20, parameters: 3 };
const manyHeaders = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`X-Header-${index}`, '1']));

describe.each(apis)('$name', ({ ask, send, no }) => {
  test('refuses what is too long in its own words', async () => {
    api = await openApi({ limits: small });
    const long = await ask(api).query({ q: 'x'.repeat(200) });
    expect([long.status, long.body]).toMatchObject([414, no(414, 'URL_TOO_LONG')]);
    const fields = await ask(api).set(manyHeaders);
    expect([fields.status, fields.body]).toMatchObject([431, no(431, 'HEADERS_TOO_MANY')]);
    expect((await ask(api).query('a&b&c&d')).status).toBe(400);
    expect((await ask(api)).status).toBe(200);
  });

  test.each([
    ['lists', '['.repeat(65) + ']'.repeat(65)],
    ['objects', '{"a":'.repeat(65) + 1 + '}'.repeat(65)],
    ['a megabyte of lists that nobody closes', '['.repeat(1024 * 1024)],
    ['lists after a string with a quote and brackets in it', `{"a\\"[]]]]":${'['.repeat(64)}${']'.repeat(64)}}`],
  ])('refuses %s nested too deep', async (_what, body) => {
    api = await openApi();
    const { status, text } = await send(api, body);
    expect([status, text]).toEqual([400, expect.stringContaining('nested more than 64 deep')]);
  });

  test('counts no brackets in strings', async () => {
    api = await openApi();
    const { status, text } = await send(api, JSON.stringify({ '\\': `${'['.repeat(100)}\\"${'{'.repeat(100)}` }));
    expect([status, text]).toEqual([expect.any(Number), expect.not.stringContaining('nested')]);
    expect(status).toBeLessThan(500);
  });

  test('refuses a body beyond ten MiB', async () => {
    api = await openApi();
    const { status } = await send(api, ' '.repeat(10 * 1024 * 1024 + 1));
    expect(status).toBe(413);
  });
});

test.each(['/', '/docs', '/healthz', '/readyz', '/assets/x', '/nowhere'])('%s has the same limits', async (path) => {
  api = await openApi({ limits: small });
  const fields = await api.get(path).set(manyHeaders);
  expect([fields.status, fields.body.code]).toEqual([431, 'HEADERS_TOO_MANY']);
  expect((await api.get(path).query({ q: 'x'.repeat(200) })).status).toBe(414);
  expect((await api.get(path).query('a&b&c&d')).status).toBe(400);
});

test('a head beyond what Node reads is answered 431', async () => {
  api = await openApi();
  const { status } = await api.get('/v1/sections/1').set('X-Long', 'x'.repeat(17 * 1024));
  expect(status).toBe(431);
});
