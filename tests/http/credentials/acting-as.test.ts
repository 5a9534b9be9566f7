import { type Api, openApi } from '../../api';
import { apis } from '../apis';

let api: Api;
let path: string;
beforeAll(async () => {
  api = await openApi();
  path = `/v1/sections/${api.world.sections.algebra}/attendance`;
});
afterAll(() => api.close());

const HEADER = 'X-Schoology-Run-As';
const as = async (person: string | number, client: { person?: number; scopes?: string[] } = {}) => {
  const { status, body } = await (await api.as(client)).get(path).set(HEADER, String(person));
  return [status, body.code];
};

test('an empty header is a mistake, and never all that the client may', async () => {
  for (const named of ['', ' ']) {
    expect(await as(named)).toEqual([400, 'REQUEST_MALFORMED']);
    expect(await as(named, { scopes: ['attendance:read'] })).toEqual([400, 'REQUEST_MALFORMED']);
  }
});

test('one that comes twice is none', async () => {
  const response = await fetch(api.url + path, {
    headers: [
      ['Authorization', `Bearer ${api.token}`],
      [HEADER, String(api.world.people.noether)],
      [HEADER, String(api.world.people.mendel)],
    ],
  });
  expect(response.status).toBe(400);
});

describe.each(apis.filter(({ name }) => name !== 'Schoology'))(
  '$name, which does not heed it',
  ({ name, ask, send, no }) => {
    const code = name === 'Wix' ? 'INVALID_ARGUMENT' : 'REQUEST_MALFORMED';
    test.each(['', 'noether'])(
      'refuses it (%p) rather than answer with all rights, and changes nothing',
      async (who) => {
        const named = who && String(api.world.people.noether);
        const before = await api.world.ledger.history({ district: api.world.districts.larkspur });
        for (const request of [ask(api), send(api, '{}')]) {
          const { status, body } = await request.set(HEADER, named);
          expect([status, body]).toMatchObject([400, no(400, code)]);
        }
        expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual(before);
      },
    );
  },
);

test.each(['/reports/today', '/marks', '/calendars/1', '/session', '/sign-in/ways', '/oauth/access_token'])(
  '%s refuses it, too',
  async (path) => {
    const { status, body } = await api.get(path).set(HEADER, String(api.world.people.noether));
    expect([status, body.code ?? body.error]).toEqual([
      400,
      path.startsWith('/oauth') ? 'invalid_request' : 'REQUEST_MALFORMED',
    ]);
  },
);

test('a person of another district is as unknown as nobody', async () => {
  expect(await as(api.world.people.eve)).toEqual([403, 'PERSON_FORBIDDEN']);
  expect(await as(999_999)).toEqual([403, 'PERSON_FORBIDDEN']);
});

test('a client bound to a person acts as no other', async () => {
  const { noether, mendel } = api.world.people;
  expect(await as(noether, { person: noether })).toEqual([200, undefined]);
  expect(await as(noether, { person: mendel })).toEqual([403, 'PERSON_FORBIDDEN']);
});

test('nobody acts as a person who is gone', async () => {
  const { noether } = api.world.people;
  const active = (is: boolean) => api.world.database.knex('people').where({ id: noether }).update({ active: is });
  await active(false);
  expect(await as(noether)).toEqual([403, 'PERSON_FORBIDDEN']);
  await active(true);
  expect(await as(noether)).toEqual([200, undefined]);
});

test.each(['x', '-1', '1.5', '1e3', '9223372036854775808', '1, 2', "1' or 1=1"])('%s is no person', async (named) => {
  expect(await as(named)).toEqual([400, 'REQUEST_MALFORMED']);
});

test('without the scope it is not said who exists', async () => {
  const scopes = ['attendance:read'];
  for (const named of [api.world.people.noether, 999_999, 'x'])
    expect(await as(named, { scopes })).toEqual([403, 'SCOPE_MISSING']);
});
