import { type Api, openApi } from '../../api';

let api: Api;
let path: string;
beforeEach(async () => {
  api = await openApi();
  const [school] = await api.world.database.knex('schools');
  path = `/schools/${school.id}`;
});
afterEach(() => api.close());

const untaken = async () => (await api.get(path)).body.untaken;

test('a school says what untaken rolls are, unknown unless it is set', async () => {
  const read = await api.get(path);
  expect([read.status, read.body]).toEqual([
    200,
    {
      ...{ id: expect.any(Number), number: '200', name: 'Larkspur Middle School', untaken: 'unknown', edit_days: null },
      ...{ grade_late: null, grade_excused: 'left_out' },
    },
  ]);
  const set = await api.patch(path).send({ untaken: 'present' });
  expect([set.status, set.body]).toEqual([200, { ...read.body, untaken: 'present' }]);
  expect(await untaken()).toBe('present');
});

test.each([
  ['another word', { untaken: 'absent' }],
  ['nothing', {}],
  ['what cannot be set', { untaken: 'present', name: 'Nightingale' }],
  ['null', { untaken: null }],
  ['late that counts more than present', { untaken: 'present', grade_late: 101 }],
  ['excused that counts as something else', { untaken: 'present', grade_excused: 'late' }],
])('%s changes nothing', async (_case, body) => {
  const { status, body: problem } = await api.patch(path).send(body);
  expect([status, problem.code]).toEqual([400, 'BODY_INVALID']);
  expect(await untaken()).toBe('unknown');
});

test('only the office of the same district sets it; its teachers may know', async () => {
  const patch = async (by: Api) => (await by.patch(path).send({ untaken: 'present' })).status;
  const teacher = await api.as({ person: api.world.people.noether });
  const other = await api.as({ district: api.world.districts.elsewhere });
  expect([
    await patch(teacher),
    await patch(await api.as({ scopes: ['attendance:read'] })),
    await patch(other),
  ]).toEqual([...[403, 403, 404]]);
  expect([(await other.get(path)).status, (await api.get('/schools/999999')).status]).toEqual([404, 404]);
  expect((await teacher.get(path)).body.untaken).toBe('unknown');
});

test('saying what stands already leaves what was counted', async () => {
  await api.mark([api.world.enrollments.ada, '2025-10-06', 2]);
  await api.get('/reports/absence?from=2025-10-06&to=2025-10-06');
  const counted = async () => (await api.world.database.knex('counted_days').select('date')).length;
  expect(await counted()).toBe(1);
  await api.patch(path).send({ untaken: 'unknown' }).expect(200);
  expect(await counted()).toBe(1);
  await api.patch(path).send({ untaken: 'present' }).expect(200);
  expect(await counted()).toBe(0);
});
