import { idOn } from '../../../src/days';
import { type Api, openApi } from '../../api';
import { clockless } from '../../clock';

let api: Api;
let path: string;
beforeEach(async () => {
  api = await openApi();
  path = `/rolls/${api.world.sections.algebra}/${DAY}`;
});
afterEach(async () => {
  await api.close();
  jest.useRealTimers();
});

/** Ada, Grace and Katherine are in Algebra then. */
const DAY = '2025-10-01';
const tables = ['journal', 'marks', 'presences', 'meetings', 'sections'];
const contents = () => Promise.all(tables.map((table) => api.world.database.knex(table).orderByRaw('1, 2, 3, 4')));
const patch = (body: object, from = api, at = path) => from.patch(at).send(body);
/** In one request: to take the roll, and what is said of Ada. */
type Said = 'take' | number | null | [number, string];
type Name = 'ada' | 'grace' | 'katherine' | 'alan' | 'noether' | 'eve';
const of = (name: Name, status: unknown, comment?: string) => ({
  enrollment_id: api.world.enrollments[name],
  status,
  ...(comment !== undefined && { comment }),
});
/** Whether it is taken, and what is known of whom. */
const roll = async () => {
  const { body } = await api.get(path).expect(200);
  return [
    body.taken_at !== null,
    body.statuses.map((each: { enrollment_id: number; status: number }) => [each.enrollment_id, each.status]),
  ];
};

test('a roll of which nobody has said anything is not taken, and nothing is known of it', async () => {
  const { status, body, headers } = await api.get(path);
  expect([status, body, headers.etag]).toEqual([
    200,
    {
      section_id: api.world.sections.algebra,
      date: DAY,
      taken_at: null,
      taken_by: null,
      editable_from: null,
      codes: [],
      statuses: [],
    },
    expect.any(String),
  ]);
});

test('an office that excuses one student of an untaken roll says nothing of the others, and is named', async () => {
  const { grace } = api.world.enrollments;
  const office = await api.as({});
  const { status, body } = await patch({ statuses: [of('grace', 4, 'dentist')] }, office);
  const excused = { enrollment_id: grace, status: 4, comment: 'dentist', code: '', api: 'rollbook' };
  expect([status, body.taken_at, body.statuses]).toEqual([
    200,
    null,
    [{ ...excused, by: 'test', by_teacher: false, at: expect.stringMatching(/Z$/) }],
  ]);
  // The teacher takes the roll as it stands: the excuse stays, whoever said it.
  const noether = await api.as({ person: api.world.people.noether });
  const { body: taken } = await patch({ taken: true }, noether);
  expect([taken.taken_at, taken.statuses]).toEqual([expect.stringMatching(/Z$/), body.statuses]);
  expect(
    await api.world.ledger.marks({ district: api.world.districts.larkspur, section: api.world.sections.algebra }),
  ).toEqual([{ enrollment_id: grace, date: DAY, status: 4, comment: 'dentist' }]);
});

test('a roll names who took it, also where the last status did, until somebody says that it was not taken', async () => {
  const takenBy = async () => (await api.get(path).expect(200)).body.taken_by;
  const office = await api.as({});
  const noether = await api.as({ person: api.world.people.noether });
  expect(await takenBy()).toBeNull();
  await patch({ taken: true }, noether).expect(200);
  await patch({ taken: true, statuses: [of('ada', 2)] }, office).expect(200);
  expect(await takenBy()).toBe('Emmy Noether'); // what is taken already is not taken again
  await patch({ taken: false }, noether).expect(200);
  expect(await takenBy()).toBeNull();
  await patch({ taken: true }, office).expect(200);
  expect(await takenBy()).toBe('test');
  await patch({ taken: false }, office).expect(200);
  await patch({ statuses: [of('grace', 1)] }, office).expect(200);
  const { body } = await patch({ statuses: [of('katherine', 3)] }, noether).expect(200);
  expect([body.taken_by, await takenBy()]).toEqual(['Emmy Noether', 'Emmy Noether']);
});

test('a roll is taken with its exceptions, and what is said of nobody is that they were there', async () => {
  await patch({ taken: true, statuses: [of('ada', 2), of('grace', 1)] }).expect(200);
  expect(await roll()).toEqual([true, [[api.world.enrollments.ada, 2]]]);
});

test('it is taken when the last status has been told, and not before', async () => {
  const { ada, grace } = api.world.enrollments;
  await patch({ statuses: [of('ada', 1)] });
  await patch({ statuses: [of('grace', 3)] });
  expect(await roll()).toEqual([
    false,
    [
      [ada, 1],
      [grace, 3],
    ],
  ]);
  await patch({ statuses: [of('katherine', 1)] });
  expect(await roll()).toEqual([true, [[grace, 3]]]);
});

test('to undo restores all that was before in one request, that it was not taken included', async () => {
  const { ada, grace } = api.world.enrollments;
  await patch({ statuses: [of('ada', 1), of('grace', 4, 'dentist')] });
  const before = await roll();
  await patch({ taken: true, statuses: [of('ada', 2), of('katherine', 3)] });
  expect(await roll()).toEqual([
    true,
    [
      [ada, 2],
      [grace, 4],
      [api.world.enrollments.katherine, 3],
    ],
  ]);
  await patch({ taken: false, statuses: [of('ada', 1), of('katherine', null)] });
  expect(await roll()).toEqual(before);
});

test('that it was not taken stands, though the status of every student is told', async () => {
  await patch({ taken: true });
  const { body } = await patch({ taken: false, statuses: [of('ada', 1), of('grace', 1), of('katherine', 2)] });
  expect([body.taken_at, body.statuses.length]).toEqual([null, 3]);
});

test('it stands also where somebody repeats what is known already; who changes something takes it, and who says so', async () => {
  const { ada } = api.world.enrollments;
  const attendance = `/osdi/api/v1/events/${idOn(api.world.sections.algebra, DAY)}/attendances/${idOn(ada, DAY)}`;
  const told = [of('ada', 2, 'ill'), of('grace', 1), of('katherine', 3)];
  await patch({ statuses: told });
  expect((await roll())[0]).toBe(true);
  await patch({ taken: false });
  const before = await contents();
  await patch({ statuses: [of('ada', 2, 'ill')] }).expect(200);
  await patch({ statuses: [of('grace', 1), of('katherine', 3)] }).expect(200);
  await patch({ statuses: [] }).expect(200);
  const marks = [{ enrollment: ada, date: DAY, status: 2 }];
  const { body } = await api.post('/marks').send({ marks }).expect(200);
  expect(body.counts).toMatchObject({ unchanged: 1 });
  await api
    .put(`/v1/sections/${api.world.sections.algebra}/attendance?taken=0`)
    .send({ attendances: { attendance: [{ enrollment_id: ada, date: DAY, status: 2, comment: 'ill' }] } })
    .expect(200);
  expect(await contents()).toEqual(before);
  // OSDI keeps fields of its own, and raises the revision for them.
  await api
    .put(attendance)
    .unset('Authorization')
    .set('OSDI-API-Token', api.token)
    .send({ attended: false })
    .expect(200);
  expect((await roll())[0]).toBe(false);
  await patch({ statuses: [of('ada', 2, 'flu')] });
  expect((await roll())[0]).toBe(true);
  await patch({ taken: false });
  await patch({ taken: true, statuses: told });
  expect((await roll())[0]).toBe(true);
});

test('statuses that were told ahead take no roll when the day has come and one of them is repeated', async () => {
  const setClock = (day: string) =>
    jest.useFakeTimers({ now: new Date(`${day}T17:00:00Z`), doNotFake: [...clockless] });
  setClock('2025-09-30');
  const told = [of('ada', 4, 'trip'), of('grace', 1), of('katherine', 3)];
  await patch({ statuses: told }).expect(200);
  setClock(DAY);
  await patch({ statuses: told }).expect(200);
  expect((await roll())[0]).toBe(false);
  await patch({ statuses: [of('grace', 2)] }).expect(200);
  expect((await roll())[0]).toBe(true);
});

test.each([
  ['while the roll was not taken', [[1]], true],
  ['in place of a mark, on a roll that was taken', ['taken', [3], [1]], true],
  ['in place of a mark, in the request that took the roll', [['take', 3, 1]], true],
  ['with a comment, on a roll that was taken', ['taken', [[1, 'came early']]], true],
  ['with a comment, in the request that took the roll', [['take', [1, 'came early']]], true],
  ['in the request that took the roll', [['take', 1]], false],
  ['on a roll that was taken, where it was so already', ['taken', [1]], false],
  ['and then taken back', [[1], [null]], false],
] as [string, ('taken' | Said[])[], boolean][])(
  'a student who was said to be present %s is so, or unknown, when it was not taken after all',
  async (_when, requests, stays) => {
    for (const request of requests) {
      if (request === 'taken') await patch({ taken: true }).expect(200);
      else {
        const said = request.filter((each) => each !== 'take').map((each) => [each].flat() as [number | null, string?]);
        const statuses = said.map(([status, comment]) => of('ada', status, comment));
        await patch({ ...(request[0] === 'take' && { taken: true }), statuses }).expect(200);
      }
    }
    await patch({ taken: false }).expect(200);
    expect(await roll()).toEqual([false, stays ? [[api.world.enrollments.ada, 1]] : []]);
  },
);

test.each([
  ['a status that is none', [{ status: 5 }], 'statuses.0.status'],
  ['a comment that is too long', [{ status: 2, comment: 'x'.repeat(2_001) }], 'statuses.0.comment'],
  ['a student who has not come yet', [{ status: 2, name: 'alan' }], 'statuses.0.enrollment_id'],
  ['a teacher', [{ status: 2 }, { status: 2, name: 'noether' }], 'statuses.1.enrollment_id'],
  ['a student of another district', [{ status: 2, name: 'eve' }], 'statuses.0.enrollment_id'],
] as [string, { status: number; comment?: string; name?: Name }[], string][])(
  '%s refuses all of it: nothing is said, and no roll is taken',
  async (_what, said, field) => {
    await patch({ statuses: [of('katherine', 3)] });
    const before = await contents();
    const statuses = said.map(({ name = 'ada', status, comment }) => of(name, status, comment));
    const { status, body } = await patch({ taken: true, statuses });
    expect([status, body.code, body.errors?.[0]?.field ?? body.violations?.[0]?.field]).toEqual([
      400,
      'BODY_INVALID',
      field,
    ]);
    expect(await contents()).toEqual(before);
  },
);

test.each([
  ['a day to come', '2099-03-02', 'DATE_AHEAD'],
  ['a day on which nobody is enrolled', '2020-01-06', 'ROLL_EMPTY'],
])('the roll of %s cannot be taken', async (_what, date, code) => {
  await api.world.database
    .knex('enrollments')
    .where({ id: api.world.enrollments.ada })
    .update({ end_date: '2100-01-01' });
  const before = await contents();
  const { status, body } = await patch({ taken: true }, api, `/rolls/${api.world.sections.algebra}/${date}`);
  expect([status, body.code]).toEqual([409, code]);
  expect(await contents()).toEqual(before);
});

test('marks ahead stand, and when the day comes the roll is still to be taken', async () => {
  await api.world.database.knex('enrollments').update({ end_date: '2100-01-01' });
  const ahead = `/rolls/${api.world.sections.algebra}/2099-03-02`;
  const { body } = await patch({ statuses: [of('ada', 4, 'trip')] }, api, ahead).expect(200);
  expect([body.taken_at, body.statuses[0].status]).toEqual([null, 4]);
});

test('a client of single marks says them, and takes no roll', async () => {
  const sis = await api.as({ marksOnly: true });
  await patch({ statuses: [of('ada', 4)] }, sis).expect(200);
  const before = await contents();
  for (const taken of [true, false])
    for (const statuses of [undefined, [{ enrollment_id: 999_999, status: 2 }]]) {
      const { status, body } = await patch({ taken, statuses }, sis);
      expect([status, body.code]).toEqual([403, 'MARKS_ONLY']);
    }
  expect(await contents()).toEqual(before);
});

test('If-Match lets the first of two writers through, and tells the second', async () => {
  const { headers } = await api.get(path);
  const first = await patch({ statuses: [of('ada', 2)] }).set('If-Match', headers.etag!);
  expect([first.status, first.headers.etag]).toEqual([200, expect.not.stringMatching(headers.etag!)]);
  const before = await contents();
  expect((await patch({ taken: true }).set('If-Match', headers.etag!)).status).toBe(412);
  expect(await contents()).toEqual(before);
  expect((await patch({ taken: true }).set('If-Match', first.headers.etag!)).status).toBe(200);
  expect((await api.get(path).set('If-None-Match', first.headers.etag!)).status).toBe(200);
});

test('a name that the roster changes is answered to whoever has the roll already, and is no write of another', async () => {
  const { knex } = api.world.database;
  const { people } = api.world;
  const teacher = await api.as({ person: people.noether });
  await patch({ statuses: [of('ada', 2), of('grace', 3)] }, teacher).expect(200);
  const first = await api.get(path).expect(200);
  expect((await api.get(path).set('If-None-Match', first.headers.etag!)).status).toBe(304);

  await knex('people').where({ id: people.noether }).update({ family_name: 'Noether-Hilbert' });
  const named = await api.get(path).set('If-None-Match', first.headers.etag!).expect(200);
  expect(named.body.statuses[0].by).toBe('Emmy Noether-Hilbert');

  await patch({ statuses: [of('grace', 2)] })
    .set('If-Match', first.headers.etag!)
    .expect(200);
  await patch({ statuses: [of('grace', 3)] })
    .set('If-Match', named.headers.etag!)
    .expect(412);
});

test('what already stands changes nothing', async () => {
  const body = { taken: true, statuses: [of('ada', 2, 'ill'), of('grace', 1)] };
  await patch(body);
  const before = await contents();
  await patch(body).expect(200);
  expect(await contents()).toEqual(before);
});

test.each([
  ['no day', (section: number) => `/rolls/${section}/2026-13-45`, 404],
  ['no section', () => `/rolls/999999/${DAY}`, 404],
  ['a section of another district', () => `/rolls/${api.world.sections.elsewhere}/${DAY}`, 404],
])('%s is not found', async (_what, at, status) => {
  expect((await api.get(at(api.world.sections.algebra))).status).toBe(status);
  expect((await patch({ taken: true }, api, at(api.world.sections.algebra))).status).toBe(status);
});

test('a teacher takes the rolls that they teach, and no other', async () => {
  const mendel = await api.as({ person: api.world.people.mendel });
  expect((await patch({ taken: true }, mendel)).status).toBe(403);
  expect(await roll()).toEqual([false, []]);
});

test('where the SIS has attendance there are no rolls here', async () => {
  await api.world.database.knex('districts').update({ sis_attendance_app: true });
  expect((await api.get(path)).status).toBe(410);
  expect((await patch({ taken: true })).status).toBe(410);
});

test('to go back to what somebody else has said leaves it theirs', async () => {
  const noether = await api.as({ person: api.world.people.noether });
  await patch({ statuses: [of('ada', 4, 'dentist')] });
  await patch({ statuses: [of('ada', 3)] }, noether);
  const { body } = await patch({ statuses: [of('ada', 4, 'dentist')] }, noether);
  expect(body.statuses).toEqual([expect.objectContaining({ status: 4, by: 'test', by_teacher: false })]);
});

type Step = readonly [who: 'teacher' | 'office' | 'third', status: number | null];
test.each<[string, Step[]]>([
  [
    'after a slip was taken back by somebody else',
    [
      ['teacher', 2],
      ['teacher', null],
      ['office', 2],
    ],
  ],
  [
    'after a slip was set to present by somebody else',
    [
      ['teacher', 2],
      ['teacher', 1],
      ['office', 2],
    ],
  ],
  [
    'after what somebody else had said was taken back',
    [
      ['office', 2],
      ['office', null],
      ['teacher', 2],
    ],
  ],
  [
    'after what somebody else had said was changed by a third',
    [
      ['office', 2],
      ['third', 3],
      ['teacher', 2],
    ],
  ],
  [
    'anew, after the same was taken back',
    [
      ['office', 2],
      ['office', null],
      ['office', 2],
    ],
  ],
])('who says it anew is who has said it: %s', async (_when, steps) => {
  const by = { teacher: await api.as({ person: api.world.people.noether }), office: api, third: await api.as({}) };
  for (const [who, status] of steps) await patch({ statuses: [of('ada', status)] }, by[who]).expect(200);
  const [said] = (await api.get(path)).body.statuses;
  const isTeacher = steps.at(-1)![0] === 'teacher';
  expect(said).toMatchObject({ status: 2, by_teacher: isTeacher, by: isTeacher ? 'Emmy Noether' : 'test' });
  const newest = await api.world.database.knex('journal').max({ at: 'at' }).first();
  expect(said.at).toBe(newest?.at);
});

test('a comment of null clears the one that stands, as an empty one does', async () => {
  for (const empty of [null, '']) {
    await patch({ statuses: [of('ada', 2, 'ill')] });
    const { body } = await patch({ statuses: [{ ...of('ada', 2), comment: empty }] }).expect(200);
    expect(body.statuses[0].comment).toBe('');
  }
});
