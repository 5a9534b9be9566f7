import { type Api, openApi } from '../api';

/** What a proxy in front does to answers, and what becomes of it. `npm run test:package` asks nginx and Caddy themselves. */
const DAY = '2025-10-01';
const opened: Api[] = [];
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

/** The service behind a proxy, or with nothing in front, and how its roll of a day is read and written. */
async function open(options: Parameters<typeof openApi>[0]) {
  const api = await openApi(options);
  opened.push(api);
  const path = `/v1/sections/${api.world.sections.algebra}/attendance`;
  const read = () => api.get(`${path}?start=${DAY}&end=${DAY}`);
  const write = (status: number, ifMatch: string) => {
    const attendance = [{ enrollment_id: api.world.enrollments.ada, date: DAY, status }];
    return api.put(path).set('If-Match', ifMatch).send({ attendances: { attendance } });
  };
  await api.mark([api.world.enrollments.ada, DAY, 2]);
  return { api, read, write };
}

/** What proxies make of a strong tag when they compress the answer. */
const recoded: readonly [proxy: string, of: (etag: string) => string][] = [
  ['nginx', (etag) => `W/${etag}`],
  ['Apache', (etag) => etag.replace(/"$/, '-gzip"')],
  ['Caddy', (etag) => etag.replace(/"$/, '-zstd"')],
];

test.each(recoded)(
  'an ETag that a trusted proxy made another when it compressed is heeded in If-Match: %s',
  async (_proxy, of) => {
    const { read, write } = await open({ trustProxy: ['loopback'] });
    const [{ etag: plain }, { etag: gzipped }] = [
      (await read().set('Accept-Encoding', 'identity')).headers,
      (await read().set('Accept-Encoding', 'gzip')).headers,
    ];
    expect((await write(3, of(plain!))).status).toBe(200);
    const after = await read();
    for (const stale of [plain!, gzipped!]) expect((await write(4, of(stale))).status).toBe(412);
    expect((await read()).text).toBe(after.text);
    expect((await write(4, of((await read().set('Accept-Encoding', 'gzip')).headers.etag!))).status).toBe(200);
  },
);

test.each(recoded)('without a trusted proxy it is a tag of nothing that there is: %s', async (_proxy, of) => {
  for (const trustProxy of [undefined, ['10.0.0.0/8']]) {
    const { read, write } = await open(trustProxy ? { trustProxy } : {});
    const before = await read();
    expect((await write(3, of(before.headers.etag!)).set('X-Forwarded-For', '10.1.1.1')).status).toBe(412);
    expect((await read()).text).toBe(before.text);
  }
});

test('an answer that comes bit by bit asks proxies to hand it on as it comes, and others do not', async () => {
  const { api, read } = await open({});
  expect((await api.get('/marks')).headers['x-accel-buffering']).toBe('no');
  expect((await read()).headers['x-accel-buffering']).toBeUndefined();
});
