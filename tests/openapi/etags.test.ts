import { type Api, openApi } from '../api';
import { call, carrying } from '../isolation/calling';
import { createFixtures, type Fixtures } from '../isolation/fixtures';
import { table } from '../isolation/table';
import { answerOf, documentsOf, operationsOf } from './documents';

/** What answers are known by: of everything that can be read, in every format that a document has for it. */
let api: Api;
let fixtures: Fixtures;
let office: Api;
let types: Map<string, string[]>;
beforeAll(async () => {
  api = await openApi();
  fixtures = await createFixtures(api);
  office = await api.as({ district: fixtures.alder.district });
  const read = (await documentsOf(api)).flatMap((document) =>
    operationsOf(document).flatMap(({ path, method, operation }) =>
      method === 'get' ? [[path, Object.keys(answerOf(document, operation, 200)?.content ?? {})] as const] : [],
    ),
  );
  types = new Map(read);
});
afterAll(() => api.close());

/** RFC 9110, 8.8.3: `entity-tag = [ weak ] opaque-tag`, `etagc = %x21 / %x23-7E / obs-text`. We send no weak ones. */
const ENTITY_TAG = /^"[\x21\x23-\x7e]*"$/;

const reads = Object.entries(table).flatMap(([endpoint, row]) => {
  const [method, pattern = ''] = endpoint.split(' ');
  const path = pattern.replace(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1');
  return method === 'GET' ? [{ endpoint, row, path }] : [];
});

test('each ETag is one, and whoever has what it stands for is told so, in whichever format', async () => {
  const tagged = new Set<string>();
  for (const { endpoint, row, path } of reads)
    for (const Accept of types.get(path) ?? ['*/*']) {
      if (Accept === 'text/event-stream') continue; // it goes on
      const headers = { ...carrying(path, office.token), Accept };
      const { etag } = (await call(api, endpoint, row, fixtures.alder.ids, headers)).headers;
      if (etag === undefined) continue; // streamed bit by bit
      tagged.add(path);
      expect([endpoint, Accept, etag]).toEqual([endpoint, Accept, expect.stringMatching(ENTITY_TAG)]);
      const again = await call(api, endpoint, row, fixtures.alder.ids, { ...headers, 'If-None-Match': etag });
      expect([endpoint, Accept, again.status, again.headers.etag]).toEqual([endpoint, Accept, 304, etag]);
    }
  expect(tagged).toContain('/.well-known/api-catalog');
  expect(tagged.size).toBeGreaterThan(70);
});
