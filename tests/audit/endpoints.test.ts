import { type Api, openApi } from '../api';
import { call, carrying } from '../isolation/calling';
import { createFixtures, type Fixtures } from '../isolation/fixtures';
import { table } from '../isolation/table';

/** Whoever is given records of people leaves a row, through whichever endpoint of whichever API. */
let api: Api;
let fixtures: Fixtures;
let office: Api;
beforeAll(async () => {
  api = await openApi({ audited: true });
  fixtures = await createFixtures(api);
  office = await api.as({ district: fixtures.alder.district });
});
afterAll(() => api.close());

const ws = '/ws/schema';
const core = `POST ${ws}/query/com.pearson.core`;

/** What reads and has no records of people in its answer: numbers, the caller, and what schools, courses and classes are. */
const ofNobody = [
  /\/(metadata|docs|docs\/:rel)$/,
  /^GET \/ws\/v1\/(district\/school|school\/:id\/(course|term|section))\/count$/,
  /^GET \/v1\/(users\/me|app-user-info|users\/ext\/:code|sections\/ext\/:code)$/,
  /^GET \/v1\/(roles|schools|courses|gradingperiods)\b/,
  /^GET \/v1\/sections(\/:id|\/:section\/grading_periods)?$/,
  new RegExp(`^${core}.attendance.(attendance_code_by_school_date|special_program)(/count)?$`),
  new RegExp(`^GET ${ws}/table/(attendance_code|calendar_day|period|special_program)\\b`),
  /^GET \/ws\/v1\/(district|district\/school|school\/:id(\/(course|term|section))?|section\/:id|course\/:id)$/,
  /^GET \/osdi\/api\/v1\/(events(\/:event)?)?$/,
  /^GET \/(sign-in|session|calendars|schools|openapi|openapi\.json|\.well-known|errors|webhooks|district)\/|^GET \/v1\/triggers\//,
  // Launches, and what a student is given of themselves, whom no client is: tests/apis/lti asks it.
  /^GET \/lti\//,
  // How many were absent, of nobody in particular.
  /^GET \/reports\/(rolls|today|absence|untaken|in-session)$/,
];
const isRead = (endpoint: string) =>
  /^GET |^POST .*(\/schema\/query\/|\/multiget$|\/(query|count)$)/.test(endpoint) &&
  !ofNobody.some((pattern) => pattern.test(endpoint));

/** As the audit has it: without a slash at the end. */
const nameOf = (endpoint: string): string => endpoint.replace(/\/$/, '');

/** The rows that a request of the district's office leaves. */
async function readsBy(endpoint: string) {
  const { database } = api.world;
  await api.noted();
  await database.knex('reads').delete();
  const ids = fixtures.alder.ids;
  const { path, body } = table[endpoint]!.ask(ids);
  const ask = () => ({ path, ...(body && { body }) });
  const { status } = await call(office, endpoint, { ask, teacher: 0 }, ids, carrying(path, office.token));
  await api.noted();
  return { status, rows: await database.knex('reads').orderBy('id') };
}

test.each(Object.keys(table).filter(isRead))('%s leaves a row of whom it was', async (endpoint) => {
  const { status, rows } = await readsBy(endpoint);
  expect([status, rows.length > 0]).toEqual([200, true]);
  const { knex } = api.world.database;
  const { district } = fixtures.alder;
  // The office's was made last, but for the programs of the fixtures, which have ids of their own.
  const made = knex('api_clients').whereNot('name', 'like', '% program');
  const client = (await made.max('id as id').first())!.id;
  for (const { section_id, subject_id, ...row } of rows) {
    expect(row).toMatchObject({
      district_id: district,
      client_id: client,
      person_id: null,
      endpoint: nameOf(endpoint),
    });
    // A count, and a list of nobody, may be of a school or the district.
    if (subject_id === null && section_id === null && (endpoint.endsWith('/count') || Number(row.records) === 0))
      continue;
    const whose = subject_id === null ? { sections: section_id } : { people: subject_id };
    for (const [kept, id] of Object.entries(whose))
      expect([kept, await knex(kept).where({ id, district_id: district })]).toEqual([kept, [expect.anything()]]);
  }
});

/** What writes and answers with records of people, or whether there were any. */
const isAnsweredWrite = (endpoint: string) =>
  !isRead(endpoint) &&
  /^(PATCH|POST|DELETE) \/(rolls|marks|absences)\b|^(PUT|PATCH|POST) .*attendance|^POST \/bookings.*\/set$/.test(
    endpoint,
  ) &&
  !/count$|\/query\/|\/delete$/.test(endpoint);

test.each(Object.keys(table).filter(isAnsweredWrite))('%s leaves a row where it changes nothing', async (endpoint) => {
  await readsBy(endpoint);
  const changes = async () => (await api.world.database.knex('journal').count('* as count').first())!.count;
  const before = await changes();
  const { status, rows } = await readsBy(endpoint);
  expect([status, await changes(), rows.length > 0]).toEqual([200, before, true]);
  for (const row of rows)
    expect(row).toMatchObject({ district_id: fixtures.alder.district, endpoint: nameOf(endpoint) });
});

/** They are answered with the teachers who are reminded, and who is given a class. */
const withTeachers = ['POST /reminders/', 'POST /substitutions/'];

test('what shows no records of people leaves none', async () => {
  const left: string[] = [];
  for (const endpoint of Object.keys(table).filter((endpoint) => !isRead(endpoint) && !isAnsweredWrite(endpoint)))
    if ((await readsBy(endpoint)).rows.length > 0) left.push(endpoint);
  expect(left.sort()).toEqual(withTeachers);
});
