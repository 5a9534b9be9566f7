import { openCodes } from '../../src/ledger/codes';
import type { Api } from '../api';
import { DAY, openSchool, type School } from './powerschool/school';

let school: School;
let teacher: Api;
/** The id of the code that the office alone uses. */
let suspended: number;
beforeEach(async () => {
  school = await openSchool();
  const { database, actor, districts, people } = school.world;
  await database.knex('enrollments').insert({
    district_id: districts.larkspur,
    section_id: school.homeroom,
    person_id: people.noether,
    sourced_id: 'noether-homeroom',
    admin: true,
    begin_date: '2025-08-25',
    end_date: '2099-12-31',
  });
  const { id: school_id } = await database.knex('schools').first();
  const code = { school_id, year: 2025, code: 'ISS', description: 'In-school suspension', status: 2 as const };
  const codes = openCodes(database);
  suspended = (await codes.set(actor, { ...code, office_only: true, color: '#7744aa' })).id;
  teacher = await school.as({ person: people.noether });
});
afterEach(() => school.close());

const path = () => `/rolls/${school.homeroom}/${DAY}`;
const patch = (by: Api, said: object, rest: object = {}) =>
  by.patch(path()).send({ statuses: [{ enrollment_id: school.daily.ada, status: 2, ...said }], ...rest });
const known = async (by: Api = teacher) =>
  (await by.get(path())).body.statuses.map(({ status, code, comment }: Record<string, unknown>) => [
    status,
    code,
    comment,
  ]);
const message = "The code ISS is the office's; teachers of this school do not use it.";

const writes: Record<
  string,
  [send: (by: Api) => PromiseLike<{ status: number; body: unknown; text: string }>, refused: object]
> = {
  'a roll': [
    (by) => patch(by, { code: 'ISS' }, { taken: true }),
    { status: 400, body: { code: 'BODY_INVALID', errors: [{ field: 'statuses.0.code', message }] } },
  ],
  'marks as CSV': [
    (by) =>
      by
        .post('/marks')
        .set('Content-Type', 'text/csv')
        .set('Accept', 'application/json')
        .send(`enrollment,date,code\n${school.daily.ada},${DAY},ISS\n`),
    { status: 200, body: { rows: [{ outcome: 'refused', message: expect.stringContaining(message) }] } },
  ],
  'a trial of marks': [
    (by) => by.post('/marks?dry_run=yes').send({ marks: [{ enrollment: school.daily.ada, date: DAY, code: 'ISS' }] }),
    { status: 200, body: { rows: [{ outcome: 'refused', message: expect.stringContaining(message) }] } },
  ],
  PowerSchool: [
    (by) =>
      by.post('/ws/attendance/daily_time').send({
        name: 'ATTENDANCE',
        record: [{ client_uid: '1', ...school.record({ attendance_codeid: String(suspended) }) }],
      }),
    {
      status: 200,
      body: {
        result: [
          {
            status: 'ERROR',
            error_message: {
              error: { field: 'attendance/attendance_codeid', error_code: 'NO_ACCESS', error_description: message },
            },
          },
        ],
      },
    },
  ],
};

test.each(Object.keys(writes))(
  '%s: a code of the office is refused to a teacher, and taken from the office',
  async (name) => {
    const [send, refused] = writes[name]!;
    const before = await school.everything();
    const { status, body } = await send(teacher);
    expect({ status, body }).toMatchObject(refused);
    expect(await school.everything()).toEqual(before);
    const { status: ok, text } = await send(school);
    expect([ok, text]).toEqual([200, expect.not.stringMatching(/refused":1|ERROR/)]);
  },
);

test('a teacher comments on a mark whose code is the office’s, overrules it and puts it back; nowhere else', async () => {
  await patch(school, { code: 'ISS' }).expect(200);
  await patch(teacher, { code: 'ISS', comment: 'until noon' }).expect(200);
  expect(await known()).toEqual([[2, 'ISS', 'until noon']]);
  await patch(teacher, { status: 3 }).expect(200);
  expect(await known()).toEqual([[3, '', 'until noon']]);
  await patch(teacher, { code: 'ISS' }).expect(200);
  expect(await known()).toEqual([[2, 'ISS', 'until noon']]);
  const grace = { enrollment_id: school.daily.grace, code: 'ISS' };
  expect((await patch(teacher, grace)).status).toBe(400);
  expect(await known()).toHaveLength(1);
});

test('a roll lists the codes of the school, and says the one of each mark; another status or an empty one clears it', async () => {
  const { body } = await patch(teacher, { code: 'A' }).expect(200);
  expect(body.codes.map(({ code }: { code: string }) => code)).toEqual(['P', 'A', 'E', 'T', 'UT', 'ISS']);
  expect(body.codes.at(-1)).toEqual({
    ...{ code: 'ISS', description: 'In-school suspension', status: 2, office_only: true, color: '#7744aa' },
  });
  expect(await known()).toEqual([[2, 'A', '']]);
  await patch(teacher, { comment: 'ill' }).expect(200);
  expect(await known()).toEqual([[2, 'A', 'ill']]);
  await patch(teacher, { code: '' }).expect(200);
  expect(await known()).toEqual([[2, '', 'ill']]);
});

test.each([
  ['a code that means another status', 'T'],
  ['a code that the school does not have', 'Z'],
])('%s is refused, and nothing is changed', async (_case, code) => {
  const before = await school.everything();
  const { status, body } = await patch(teacher, { code }, { taken: true });
  expect([status, body.errors[0]]).toEqual([
    400,
    { field: 'statuses.0.code', message: expect.stringContaining('means the status, A, ISS') },
  ]);
  expect(await school.everything()).toEqual(before);
});
