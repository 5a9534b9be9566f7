import type { Test } from 'supertest';
import { idOn } from '../../src/days';
import { type Api, openApi } from '../api';

/** RFC 9110, 13: every read of Schoology and OSDI has an ETag, every write of an attendance heeds it. */
let api: Api;
const DAY = '2025-10-01';
const NEXT = '2025-10-02';
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const call = (verb: 'get' | 'head' | 'put' | 'post' | 'patch' | 'delete', path: string) =>
  api[verb](path).set('OSDI-API-Token', api.token);

/** `{ada}` and the like in a path. */
const filled = (path: string): string => {
  const { sections, people, enrollments } = api.world;
  const ids: Record<string, number> = {
    section: sections.algebra,
    person: people.ada,
    enrollment: enrollments.ada,
    event: idOn(sections.algebra, DAY),
    attendance: idOn(enrollments.ada, DAY),
  };
  return path.replace(/\{(\w+)\}/g, (_all, name) => String(ids[name]));
};

const osdi = '/osdi/api/v1';
const reads = [
  '/v1/sections/{section}/attendance',
  '/v1/sections/{section}/attendance?limit=1',
  '/v1/users',
  '/v1/users/{person}',
  '/v1/users/{person}/sections',
  '/v1/roles',
  '/v1/roles/1',
  '/v1/schools',
  '/v1/schools/1',
  '/v1/schools/1/buildings',
  '/v1/users/inactive',
  '/v1/gradingperiods',
  '/v1/sections/{section}/grading_periods',
  '/v1/courses',
  '/v1/sections?section_school_codes=algebra',
  '/v1/sections/{section}',
  '/v1/sections/{section}/enrollments',
  '/v1/sections/{section}/enrollments/{enrollment}',
  `${osdi}/`,
  `${osdi}/docs`,
  `${osdi}/docs/event`,
  `${osdi}/people`,
  `${osdi}/people/{person}`,
  `${osdi}/people/{person}/attendances`,
  `${osdi}/people/{person}/attendances/{attendance}`,
  `${osdi}/events`,
  `${osdi}/events/{event}`,
  `${osdi}/events/{event}/attendances`,
  `${osdi}/events/{event}/attendances/{attendance}`,
];

describe('reads', () => {
  beforeAll(() => api.mark([api.world.enrollments.ada, DAY, 3, 'bus']));

  test.each(reads)('GET %s has an ETag, and 304 for who has it', async (path) => {
    const first = await call('get', filled(path));
    const { etag } = first.headers as { etag: string };
    expect([first.status, etag]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{16}\.\d+\.[a-z+]+\.gzip"$/)]);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, `"a,b",${etag}`, '*']) {
      const { status, headers, text } = await call('get', filled(path)).set('If-None-Match', known);
      expect([known, status, headers.etag, text]).toEqual([known, 304, etag, '']);
    }
    for (const other of [
      '"x"',
      etag.replace(/\.\d+/, '.1234567'),
      etag.replace(/[0-9a-f]{16}/, '0123456789abcdef'),
      'nonsense',
      etag.slice(1),
    ])
      expect((await call('get', filled(path)).set('If-None-Match', other)).status).toBe(200);
    // supertest takes codings for GET alone.
    expect((await call('head', filled(path)).set('Accept-Encoding', 'gzip, deflate')).headers.etag).toBe(etag);
  });
});

const put = (status: number, date = DAY): Test =>
  call('put', filled('/v1/sections/{section}/attendance')).send({
    attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date, status } },
  });
const roll = '/v1/sections/{section}/attendance';
const ofEvent = `${osdi}/events/{event}/attendances`;
const ofPerson = `${osdi}/people/{person}/attendances`;
const one = `${ofEvent}/{attendance}`;
const personLink = () => ({ href: filled(`${osdi}/people/{person}`) });
const eventLink = () => ({ href: filled(`${osdi}/events/{event}`) });
const inline = () => ({ identifiers: [`rollbook:${api.world.people.ada}`] });

/** What is read before, and how it is then changed. */
const writes: [name: string, read: string, write: () => Test][] = [
  ['PUT of a roll', roll, () => put(2)],
  ['PUT of another day of the section', roll, () => put(2, NEXT)],
  ['PUT of an attendance of an event', one, () => call('put', filled(one)).send({ status: 'absent' })],
  ['PATCH of an attendance of an event', one, () => call('patch', filled(one)).send({ comment: 'x' })],
  ['DELETE of an attendance of an event', one, () => call('delete', filled(one))],
  [
    'PUT of a person',
    `${ofPerson}/{attendance}`,
    () => call('put', filled(`${ofPerson}/{attendance}`)).send({ status: 'absent' }),
  ],
  [
    'PATCH of a person',
    `${ofPerson}/{attendance}`,
    () => call('patch', filled(`${ofPerson}/{attendance}`)).send({ status: 'declined' }),
  ],
  ['DELETE of a person', `${ofPerson}/{attendance}`, () => call('delete', filled(`${ofPerson}/{attendance}`))],
  [
    'POST to an event',
    one,
    () => call('post', filled(ofEvent)).send({ status: 'absent', _links: { 'osdi:person': personLink() } }),
  ],
  [
    'POST to a person',
    one,
    () => call('post', filled(ofPerson)).send({ status: 'absent', _links: { 'osdi:event': eventLink() } }),
  ],
  [
    'POST to the helper',
    one,
    () =>
      call('post', filled(`${osdi}/events/{event}/record_attendance_helper`)).send({
        person: inline(),
        attended: false,
      }),
  ],
];

const everything = () => {
  const { knex } = api.world.database;
  return Promise.all(
    ['meetings', 'marks', 'journal', 'osdi_attendances'].map((table) => knex(table).select().orderBy(1)),
  );
};

describe.each(writes)('%s', (_name, read, write) => {
  beforeEach(async () => {
    const { knex } = api.world.database;
    await knex('marks').delete();
    await knex('osdi_attendances').delete();
    await api.mark([api.world.enrollments.ada, DAY, 3, 'bus']);
  });
  const etagOf = async () => (await call('get', filled(read))).headers.etag as string;

  test('is refused with 412, and changes nothing, where If-Match is not what stands', async () => {
    const stale = await etagOf();
    await api.mark([api.world.enrollments.ada, DAY, 4, 'changed by somebody else']);
    const before = await everything();
    const now = await etagOf();
    for (const ifMatch of [stale, `${stale}, "x"`, `W/${now}`, '"x"', 'nonsense', ',', now.slice(1)])
      expect([ifMatch, (await write().set('If-Match', ifMatch)).status]).toEqual([ifMatch, 412]);
    expect(await everything()).toEqual(before);
  });

  test('goes in where If-Match has what stands, and once', async () => {
    const etag = await etagOf();
    expect((await write().set('If-Match', `"a,b", ${etag}`)).status).toBe(200);
    expect((await write().set('If-Match', etag)).status).toBe(412);
    expect((await write().set('If-Match', '*')).status).toBe(200);
  });

  test('is refused with 412, and changes nothing, where it is to make what is there', async () => {
    const before = await everything();
    expect((await write().set('If-None-Match', '*')).status).toBe(412);
    expect(await everything()).toEqual(before);
  });
});

test.each([
  ['PUT of a roll', roll, (status: number) => put(status)],
  [
    'PUT of an attendance',
    one,
    (status: number) => call('put', filled(one)).send({ status: ['late', 'absent', 'excused'][status - 2] }),
  ],
])('%s answers the new ETag, so that a client goes on without a read', async (_name, read, write) => {
  await put(2);
  let { etag } = (await call('get', filled(read))).headers;
  for (const status of [3, 4, 2]) {
    const answer = await write(status).set('If-Match', etag!);
    expect([answer.status, answer.headers.etag]).toEqual([200, expect.any(String)]);
    expect(answer.headers.etag).not.toBe(etag);
    expect((await call('get', filled(read))).headers.etag).toBe(answer.headers.etag);
    etag = answer.headers.etag;
  }
});

test('a roll that was written without a condition has no ETag: others may have written before it', async () => {
  expect((await put(2)).headers.etag).toBeUndefined();
});

test('the ETag of a roll in XML is as good as that in JSON: both are of its revision', async () => {
  const { etag } = (await call('get', filled(roll)).set('Accept', 'text/xml')).headers;
  expect((await put(3).set('If-Match', etag!)).status).toBe(200);
});

test('an event is made once where it is to be new', async () => {
  const event = { identifiers: [`rollbook:section:${api.world.sections.biology}`], all_day_date: DAY };
  const add = () => call('post', `${osdi}/events`).set('If-None-Match', '*').send(event);
  expect([(await add()).status, (await add()).status]).toEqual([201, 412]);
});

test('of many writers with the same ETag one wins, and the others are told', async () => {
  const cases: [string, (index: number) => Test][] = [
    [roll, (index) => put(2 + (index % 3), `2025-11-${10 + index}`)],
    [one, (index) => call('put', filled(one)).send({ status: 'declined', comment: `${index}` })],
  ];
  for (const [read, write] of cases) {
    const { etag } = (await call('get', filled(read))).headers;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => write(index).set('If-Match', etag!)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
  }
});

test('of two teachers who save the same roll at once the last stands, and the journal has both', async () => {
  const { enrollments, people, sections, districts } = api.world;
  const teachers = await Promise.all([2, 3, 4].map(() => api.as({ person: people.noether })));
  await api.world.database.knex('journal').delete();
  const day = '2025-12-01';
  const attendanceOf = (status: number) => ({ enrollment_id: enrollments.grace, date: day, status });
  const answers = await Promise.all(
    teachers.map((teacher, index) =>
      teacher.put(filled(roll)).send({ attendances: { attendance: attendanceOf(index + 2) } }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const history = await api.world.ledger.history({ district: districts.larkspur, section: sections.algebra });
  const changes = history.filter(({ enrollment_id }) => enrollment_id === enrollments.grace);
  expect(changes.map(({ to_status }) => to_status).sort()).toEqual([2, 3, 4]);
  expect(new Set(changes.map(({ client_id }) => client_id)).size).toBe(3);
  expect(changes.every(({ person_id }) => person_id === people.noether)).toBe(true);
  const [mark] = await api.world.ledger.marks({
    district: districts.larkspur,
    section: sections.algebra,
    from: day,
    to: day,
  });
  expect(mark?.status).toBe(changes[0]?.to_status);
});
