import { type Api, openApi } from '../api';
import { call, carrying, kindsOf } from './calling';
import { changeAll, createFixtures, everythingOf, type Fixtures, type Ids } from './fixtures';
import { others, type Row, table } from './table';

/** What a client bound to a teacher of one section may know of another in the same school. */
let api: Api;
let fixtures: Fixtures;
let teacher: Api;
let helper: Api;
/** What there is of the other section, before anything is asked. */
let stood: object;
beforeAll(async () => {
  api = await openApi();
  fixtures = await createFixtures(api);
  const person = fixtures.aspen.ids.teacher;
  teacher = await api.as({ person, scopes: ['attendance:read', 'attendance:write', 'roster:read'] });
  helper = await api.as({ person });
  stood = await everythingOf(api, fixtures.alder, false);
});
afterAll(() => api.close());

const rows = [...Object.entries(table), ...others];
/** Answered to all of the district alike. */
const shared =
  /\/schools|\/gradingperiods|\/reports\/(rolls|absentees)|\/calendars|district\/school|school\/:id(\/term)?$|school_date|table\/attendance_code/;

async function told(row: Row, endpoint: string, ids: Ids) {
  const { status, text } = await call(api, endpoint, row, ids, carrying(row.ask(ids).path, teacher.token));
  return { status, text: text.replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"then"') };
}

/** Each row asked with the ids of the other section: one kind of them, or all. */
async function all() {
  await api.world.database.knex('webhook_targets').delete(); // what was made before would be one more
  const answers: [title: string, answer: object][] = [];
  for (const [endpoint, row] of rows) {
    const kinds = kindsOf(row, fixtures.aspen.ids);
    for (const some of [...kinds.map((kind) => [kind]), kinds]) {
      const ids: Ids = {
        ...fixtures.aspen.ids,
        ...Object.fromEntries(some.map((kind) => [kind, fixtures.alder.ids[kind]])),
      };
      answers.push([`${endpoint} with the other's ${some}`, await told(row, endpoint, ids)]);
    }
  }
  return answers;
}

test.each(Object.entries(table))(
  '%s answers the teacher of another section as the table says',
  async (endpoint, row) => {
    const { status, text } = await told(row, endpoint, fixtures.alder.ids);
    expect(status).toBe(row.teacher);
    if (!shared.test(endpoint)) expect(text).not.toMatch(/Alder/);
    expect(await everythingOf(api, fixtures.alder, false)).toEqual(stood);
  },
);

test('a helper that may add people says of a person it does not see no more than that they are no student', async () => {
  const { alder, aspen } = fixtures;
  const { body, status } = await helper
    .post(`/osdi/api/v1/events/${aspen.ids.meeting}/record_attendance_helper`)
    .unset('Authorization')
    .set('OSDI-API-Token', helper.token)
    .send({ person: { identifiers: [alder.ids.identifier] } });
  expect(status).toBe(400);
  expect(JSON.stringify(body)).not.toMatch(new RegExp(`Alder|${alder.ids.student}`));
});

// Some 150 requests, three times over.
test('nothing that is answered depends on what the other section holds', async () => {
  await all(); // what the teacher may write stands from here on
  const held = await everythingOf(api, fixtures.alder, false);
  const before = await all();
  expect(before.length).toBeGreaterThan(rows.length);
  expect(await everythingOf(api, fixtures.alder, false)).toEqual(held);
  await changeAll(api, fixtures.alder);
  expect(await all()).toEqual(before);
}, 120_000);
