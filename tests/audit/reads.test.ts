import { uuidOf } from '../../src/apis/wix/attendance';
import { openAudit } from '../../src/audit/audit';
import { openReads } from '../../src/audit/find';
import type { Database } from '../../src/database/database';
import { erase } from '../../src/privacy/erase';
import { jsonOf } from '../../src/privacy/export';
import { mergePeople } from '../../src/privacy/merge';
import { openRetention } from '../../src/privacy/retention';
import { subjectOf } from '../../src/privacy/subject';
import { type Api, openApi } from '../api';
import { settled } from '../settled';

let api: Api;
beforeEach(async () => {
  api = await openApi({ audited: true });
});
afterEach(() => api.close());

const attendance = (query = '', section = api.world.sections.algebra) =>
  `/v1/sections/${section}/attendance${query && `?${query}`}`;
const rows = async () => {
  await api.noted();
  return api.world.database.knex('reads').orderBy('id');
};
const concerning = async (person: number, district = api.world.districts.larkspur) => {
  await api.noted();
  const found = await openReads(api.world.database)({ district, person, limit: 100 });
  return found.map(({ endpoint }) => endpoint);
};

test('an answer that the client has already, and one that is remembered, are reads too', async () => {
  const { headers } = await api.get(attendance());
  await api.get(attendance()).set('If-None-Match', headers.etag!).expect(304);
  await api.get(attendance()).expect(200);
  const found = await rows();
  expect(found.reduce((sum, { times }) => sum + Number(times), 0)).toBe(3);
  expect(found[0]).toMatchObject({
    api: 'schoology',
    endpoint: 'GET /v1/sections/:section/attendance',
    section_id: api.world.sections.algebra,
    subject_id: null,
    from_date: null,
    to_date: null,
  });
});

test('the row says of which days it was, how many records there were, and for whom the client acts', async () => {
  const { ada } = api.world.enrollments;
  await api.mark([ada, '2025-10-07', 2], [ada, '2025-10-08', 3]);
  const teacher = await api.as({ person: api.world.people.noether });
  await teacher.get(attendance('start=2025-10-01&end=2025-10-31')).expect(200);
  await teacher.get(attendance(`enrollment_id=${ada}`)).expect(200);
  const days = { from_date: '2025-10-01', to_date: '2025-10-31' };
  const { algebra } = api.world.sections;
  const { noether, ada: person } = api.world.people;
  expect(await rows()).toMatchObject([
    { person_id: noether, section_id: algebra, subject_id: null, ...days, records: 2, times: 1 },
    { person_id: noether, section_id: null, subject_id: person, from_date: null, records: 2, times: 1 },
  ]);
});

test('what is refused is no read', async () => {
  const { elsewhere, biology } = api.world.sections;
  await api.get(attendance('', elsewhere)).expect(404);
  const teacher = await api.as({ person: api.world.people.noether });
  await teacher.get(attendance('', biology)).expect(403);
  await api.get(attendance('start=never')).expect(400);
  await api.get(attendance()).set('Authorization', 'Bearer nobody').expect(401);
  expect(await rows()).toEqual([]);
});

test('an answer to a write that changes nothing is a read of what it shows', async () => {
  const { algebra } = api.world.sections;
  const { ada } = api.world.enrollments;
  await api.mark([ada, '2025-10-07', 2]);
  const marksOnly = await api.as({ scopes: ['attendance:write'] });
  const roll = `/rolls/${algebra}/2025-10-07`;
  for (const body of [{}, { statuses: [] }]) await marksOnly.patch(roll).send(body).expect(200);
  const found = await rows();
  for (const row of found) expect(row).toMatchObject({ section_id: algebra, from_date: '2025-10-07', records: 1 });
  expect(found.reduce((sum, { times }) => sum + Number(times), 0)).toBe(2);
  await api.world.database.knex('reads').delete();
  const marks = [{ enrollment: ada, date: '2025-10-07', status: 3 }];
  await api.post('/marks/?dry_run=1').send({ marks }).expect(200);
  expect(await rows()).toMatchObject([{ subject_id: api.world.people.ada, from_date: '2025-10-07', records: 1 }]);
  // What is refused shows nothing but what was sent.
  await api.world.database.knex('reads').delete();
  await api
    .post('/marks/')
    .send({ marks: [{ ...marks[0], status: 'never' }] })
    .expect(200);
  expect(await rows()).toEqual([]);
});

test('a count, and a list that has nobody in it, are reads: they can tell of somebody who was asked for', async () => {
  const { ada } = api.world.people;
  const table = (path: string) => `/ws/schema/table/attendance${path}?q=studentid==${ada};att_date==2025-10-07`;
  for (const path of [
    table('/count'),
    table(''),
    '/ws/v1/district/student/count?q=name.last_name==Nobody',
    '/ws/v1/district/student?q=name.last_name==Nobody',
  ])
    await api.get(path).expect(200);
  const filter = { bookingId: uuidOf('enrollment', { id: api.world.enrollments.ada }) };
  await api.post('/bookings/v2/attendance/count').send({ filter }).expect(200);
  await api.get(`/osdi/api/v1/people/${ada}/attendances`).set('OSDI-API-Token', api.token).expect(200);
  const day = { from_date: '2025-10-07', to_date: '2025-10-07' };
  expect(await rows()).toMatchObject([
    ...[day, day, { from_date: null }, { from_date: null }, {}].map((days) => ({
      subject_id: null,
      records: 0,
      ...days,
    })),
    { subject_id: ada, records: 0 },
  ]);
});

test('each page of a list is noted with as many records as it had', async () => {
  const { ada, grace, alan } = api.world.enrollments;
  await api.mark([ada, '2025-10-07', 2], [grace, '2025-10-07', 3], [alan, '2025-10-07', 4]);
  await api.world.database.knex('reads').delete();
  await settled(api.world.database);
  const { changes } = (await api.get('/changes').expect(200)).body;
  let [next, given] = ['start', 0];
  for (let more = true; more; ) {
    const { body } = await api.get(`/changes?limit=3&after=${next}`).expect(200);
    [next, more] = [body.next, body.more];
    given += body.changes.length;
  }
  expect(given).toBe(changes.length);
  await api.get('/v1/users?limit=3').expect(200);
  const found = await rows();
  const of = (endpoint: string) => found.filter((row) => row.endpoint === endpoint);
  const total = (all: typeof found) =>
    all.reduce((sum, { records, times }) => sum + Number(records) * Number(times), 0);
  expect(total(of('GET /changes'))).toBe(changes.length + given);
  expect(of('GET /changes').length).toBeGreaterThan(1);
  // Of each of a few people there is a row, with their own records.
  expect(of('GET /v1/users').map(({ records, times }) => [records, times].map(Number))).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});

test('records of a table are of the days that are asked for, and one of them of its own', async () => {
  const { ada } = api.world.enrollments;
  await api.mark([ada, '2025-10-07', 2]);
  const path = '/ws/schema/table/attendance';
  const { body } = await api.get(`${path}?q=att_date=ge=2025-10-01;att_date=le=2025-10-31`).expect(200);
  await api.get(`${path}/${body.record[0].id}`).expect(200);
  await api.get(`${path}?q=studentid==${api.world.people.ada}`).expect(200);
  expect((await rows()).map(({ from_date, to_date, records }) => [from_date, to_date, records])).toEqual([
    ['2025-10-01', '2025-10-31', 1],
    ['2025-10-07', '2025-10-07', 1],
    [null, null, 1],
  ]);
});

test('a read of a section is of those who were in it on its days, and one of a district of everybody in it', async () => {
  const { ada, katherine, alan, eve } = api.world.people;
  await api.get(attendance('start=2025-10-10&end=2025-10-10')).expect(200);
  const section = 'GET /v1/sections/:section/attendance';
  expect(await concerning(ada)).toEqual([section]);
  expect(await concerning(alan)).toEqual([section]);
  expect(await concerning(katherine)).toEqual([]); // she had left
  await api.get('/marks/').expect(200);
  expect(await concerning(katherine)).toEqual(['GET /marks']);
  await api.get(`/osdi/api/v1/people/${ada}`).set('OSDI-API-Token', api.token).expect(200);
  expect(await concerning(ada)).toEqual(['GET /osdi/api/v1/people/:person', 'GET /marks', section]);
  expect(await concerning(katherine)).toEqual(['GET /marks']);
  // Of another district nothing is told, whoever is asked for.
  const { elsewhere } = api.world.districts;
  expect(await concerning(eve, elsewhere)).toEqual([]);
  expect(await concerning(ada, elsewhere)).toEqual([]);
});

test('a long list is one row, of the school or the district', async () => {
  const { database, districts } = api.world;
  const { id: _id, ...person } = await database.knex('people').where({ id: api.world.people.ada }).first();
  const more = Array.from({ length: 60 }, (_, index) => ({ ...person, sourced_id: `more-${index}`, email: '' }));
  await database.knex('people').insert(more);
  await api.get('/ws/v1/district/student?pagesize=100').expect(200);
  await api.get(`/ws/v1/school/${person.school_id}/staff`).expect(200);
  const found = await rows();
  expect(found[0]).toMatchObject({ district_id: districts.larkspur, subject_id: null, school_id: null, records: 64 });
  expect(found.slice(1).map(({ subject_id, school_id }) => [subject_id, school_id])).toEqual(
    [api.world.people.noether, api.world.people.mendel].map((id) => [id, person.school_id]),
  );
});

/** Reads as a client of Larkspur would make them. */
const reader = () => ({ district: api.world.districts.larkspur, api: 'test', client: 1, person: null });
const count = async () => Number((await api.world.database.knex('reads').count('* as count').first())!.count);

test('while the database is away reads wait, and are written when it is back; what there is no room for is counted', async () => {
  const { database } = api.world;
  let isAway = true;
  const told: number[] = [];
  const faults: unknown[] = [];
  const leaving: Database = {
    ...database,
    transaction: (work) => (isAway ? Promise.reject(new Error('away')) : database.transaction(work)),
  };
  const audit = openAudit(leaving, 30, {
    lost: (count) => told.push(count),
    fault: (error) => faults.push(error),
  });
  for (let person = 1; person <= 20_003; person++) audit.note(reader(), 'GET /x', { person });
  await audit.flush();
  expect(await count()).toBe(0);
  expect([told, faults]).toEqual([[3], [new Error('away')]]);
  isAway = false;
  await audit.close();
  expect(await count()).toBe(20_000);
  expect(told).toEqual([3]);
});

test('a command that cannot note its read does not go on', async () => {
  const { database } = api.world;
  const away = { ...database, transaction: () => Promise.reject(new Error('away')) };
  await expect(openAudit(away, 30).noteNow(reader(), 'person export', { person: 1 })).rejects.toThrow('away');
});

/** A row of an earlier day. */
const noted = (at: string, row: object = {}) =>
  api.world.database.knex('reads').insert({
    district_id: api.world.districts.larkspur,
    at,
    api: 'test',
    endpoint: 'GET /x',
    times: 1,
    ...row,
  });

test('reads are kept for the days that are configured', async () => {
  const day = 24 * 60 * 60 * 1_000;
  for (const days of [0, 29, 31, 400]) await noted(new Date(Date.now() - days * day).toISOString());
  const audit = openAudit(api.world.database, 30);
  await audit.flush();
  await audit.close();
  expect(await count()).toBe(2);
});

test('reads leave with the school year in which they were made', async () => {
  for (const at of ['2019-06-30T23:00:00.000Z', '2019-07-01T00:00:00.000Z', '2020-07-01T00:00:00.000Z'])
    await noted(at);
  const { erase } = openRetention(api.world.database);
  const { larkspur } = api.world.districts;
  expect(await erase(larkspur, 2019, { dryRun: true })).toEqual({ reads: 1 });
  expect(await erase(larkspur, 2019, { dryRun: false })).toEqual({ reads: 1 });
  expect(await count()).toBe(2);
});

const exported = async (person: number) => {
  const { database } = api.world;
  let text = '';
  for await (const part of jsonOf(database, await subjectOf(database, person))) text += part;
  const { reads, reads_made } = JSON.parse(text);
  return [reads.rows, reads_made.rows].map((rows) => rows.map(({ endpoint }: { endpoint: string }) => endpoint));
};

test('the export of a person says who read of them, and what was read for them', async () => {
  const { ada, noether, mendel } = api.world.people;
  const teacher = await api.as({ person: noether });
  await teacher.get(attendance()).expect(200);
  await teacher.get(`/v1/users/${ada}`).expect(200);
  await api.noted();
  const [section, user] = ['GET /v1/sections/:section/attendance', 'GET /v1/users/:id'];
  expect(await exported(ada)).toEqual([[section, user], []]);
  expect(await exported(noether)).toEqual([[section], [section, user]]);
  expect(await exported(mendel)).toEqual([[], []]);
});

test('of people who are merged the reads are of the one that stays; an erasure leaves them', async () => {
  const { database } = api.world;
  const { ada, grace, alan } = api.world.people;
  for (const person of [ada, grace, alan]) await api.get(`/v1/users/${person}`).expect(200);
  await api.noted();
  await mergePeople(database, await subjectOf(database, ada), await subjectOf(database, alan));
  expect((await rows()).map(({ subject_id }) => subject_id)).toEqual([ada, grace, ada]);
  await erase(database, await subjectOf(database, grace));
  expect((await rows()).map(({ subject_id }) => subject_id)).toEqual([ada, grace, ada]);
});
