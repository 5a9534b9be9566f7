import { openSchool, type School } from '../apis/powerschool/school';
import { apis, type Ids } from './apis';
import { corpus } from './corpus';
import { missing } from './files';

/** How large those are that can be of any size; `npm run test:xml` measures them far larger. */
const SIZE = 100_000;

let school: School;
let ids: Ids;
let empty: object;
beforeAll(async () => {
  school = await openSchool();
  const { sections, enrollments, people } = school.world;
  ids = { section: sections.algebra, enrollment: enrollments.ada, student: people.ada, code: school.code('A') };
  empty = await school.everything();
});
afterEach(async () => {
  const { knex } = school.world.database;
  for (const table of ['powerschool_attendance', 'marks', 'meetings', 'journal']) await knex(table).delete();
});
afterAll(() => school.close());

const marks = async () => {
  const { knex } = school.world.database;
  return knex('marks').select('enrollment_id', 'status', 'comment');
};
const enrollmentOf = (api: (typeof apis)[number]) => (api.name === 'Schoology' ? ids.enrollment : school.daily.ada);
const send = (api: (typeof apis)[number], body: Buffer, type: string) =>
  school[api.method](api.path(ids)).set('Content-Type', type).set('Accept', 'text/xml').send(body).buffer(true);

/** No name in a body has become a property of every object. */
const expectClean = () => {
  const bare: Record<string, unknown> = {};
  expect([bare.polluted, Object.keys(Object.prototype), Object.keys(Array.prototype)]).toEqual([undefined, [], []]);
};

describe.each(apis)('$name', (api) => {
  test.each(corpus)('$name is refused with a reason, or read right', async ({ bytes, type, outcome }) => {
    const { status, text } = await send(api, bytes(api.content(ids), SIZE), type);
    expectClean();
    if (typeof outcome === 'string') {
      expect({ status, marks: await marks() }).toEqual({
        status: 200,
        marks: [{ enrollment_id: enrollmentOf(api), status: 2, comment: outcome }],
      });
    } else {
      expect({ status, text }).toEqual({ status: outcome[0], text: expect.stringMatching(outcome[1]) });
      expect(text.length).toBeLessThan(1_000);
      expect(await school.everything()).toEqual(empty);
    }
  });
});

const good = () => apis[0]!.content(ids);
const schoologyPut = (body: string) => send(apis[0]!, Buffer.from(body), 'text/xml');
const standing = async () => (await marks()).map(({ comment }) => comment);

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'an element %s of an item is one that Schoology does not know, and PowerSchool refuses',
  async (name) => {
    const [schoology, powerschool] = apis.map((api) =>
      `<r>${api.content(ids)()}</r>`.replace(
        /<\/attendance>/,
        `<${name}><polluted>1</polluted></${name}></attendance>`,
      ),
    );
    expect((await schoologyPut(schoology!)).status).toBe(200);
    expect(await standing()).toEqual(['ill']);
    const { status, text } = await send(apis[1]!, Buffer.from(powerschool!), 'text/xml');
    expect([status, text]).toEqual([400, expect.stringContaining('UnknownColumn')]);
    expect(await standing()).toEqual(['ill']);
    expectClean();
  },
);

test.each([
  ['elements', 'very <b>late</b>'],
  ['a comment of its own', '</comment><comment>'],
  ['more than is kept', 'a'.repeat(2_001)],
])('a comment of %s fails its item alone', async (_what, comment) => {
  const { status, text } = await schoologyPut(`<r>${good()(comment)}</r>`);
  expect([status, text]).toEqual([200, expect.stringContaining('<response_code>400</response_code>')]);
  expect(await school.everything()).toEqual(empty);
});

test('a comment that is nil is as one that is missing: it keeps the one that stands', async () => {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const nil = (attributes: string) => `<r ${xsi}>${good()('').replace('<comment>', `<comment ${attributes}>`)}</r>`;
  await schoologyPut(`<r>${good()()}</r>`);
  await schoologyPut(nil('xsi:nil="true"'));
  expect(await standing()).toEqual(['ill']);
  await schoologyPut(nil('xsi:nil="false"'));
  expect(await standing()).toEqual(['']);
});

test.each(['/osdi/api/v1/events', '/bookings/v2/attendance/query', '/oauth/access_token'])(
  '%s takes no XML',
  async (path) => {
    const { status } = await school
      .post(path)
      .set('OSDI-API-Token', school.token)
      .set('Content-Type', 'text/xml')
      .send(`<r>${good()()}</r>`);
    expect(status).toBe(415);
    expect(await school.everything()).toEqual(empty);
  },
);

test('every outcome is of a file', () => {
  expect(missing).toEqual([]);
});
