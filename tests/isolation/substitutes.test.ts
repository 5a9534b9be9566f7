import { type Api, openApi } from '../api';
import { call, carrying } from './calling';
import { createFixtures, DAY, everythingOf, type Fixtures } from './fixtures';
import { isOfLti } from './scopes';
import { others, type Row, table } from './table';

/** A substitute, for whom a class is theirs on one day: of other days they read nothing and write nothing, in any API. */
let api: Api;
let fixtures: Fixtures;
let substitute: Api;
beforeAll(async () => {
  api = await openApi();
  fixtures = await createFixtures(api);
  substitute = await api.as({ person: fixtures.aspen.ids.substitute });
});
afterAll(() => api.close());

const rows = [...Object.entries(table), ...others].filter(([endpoint]) => !isOfLti(endpoint));
const reads = rows.filter(([endpoint]) => /^GET|\/(query|count|multiget)($|\/com)/.test(endpoint));
const writes = rows.filter(
  ([endpoint, row]) =>
    !reads.some(([, read]) => read === row) && !/session|sign-in|oauth|webhooks|triggers/.test(endpoint),
);
const told = ([endpoint, row]: readonly [string, Row]) =>
  call(api, endpoint, row, fixtures.aspen.ids, carrying(row.ask(fixtures.aspen.ids).path, substitute.token));

test.each(writes)('%s is refused and changes nothing', async (endpoint, row) => {
  const stood = await everythingOf(api, fixtures.aspen);
  const { status, text } = await told([endpoint, row]);
  expect(await everythingOf(api, fixtures.aspen)).toEqual(stood);
  // An item among others is refused by itself.
  if (status < 400)
    expect([status, text]).toEqual([200, expect.stringMatching(/does not teach|no access|not_found|403/i)]);
  else expect([403, 404]).toContain(status);
});

test.each(reads)('%s tells nothing of what stands on those days', async (endpoint, row) => {
  const { status, text } = await told([endpoint, row]);
  expect([200, 303, 400, 403, 404]).toContain(status);
  expect(text).not.toContain('Aspen comment');
});

test('on the day for which it is theirs they take the roll as its teacher would', async () => {
  const { section, enrollment, substitution } = fixtures.aspen.ids;
  const { knex } = api.world.database;
  await knex('substitutions').where({ id: substitution }).update({ begin_date: DAY });
  const read = await substitute.get(`/rolls/${section}/${DAY}`);
  expect([read.status, JSON.stringify(read.body)]).toEqual([200, expect.stringContaining('Aspen comment')]);
  const said = { statuses: [{ enrollment_id: enrollment, status: 2, comment: 'said by the substitute' }] };
  expect((await substitute.patch(`/rolls/${section}/${DAY}`).send(said)).status).toBe(200);
  expect(await knex('marks').where({ enrollment_id: enrollment, date: DAY }).first()).toMatchObject({
    ...{ status: 2, comment: 'said by the substitute', person_id: fixtures.aspen.ids.substitute },
  });
});
