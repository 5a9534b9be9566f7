import type { JSONWebKeySet, JWTPayload } from 'jose';
import { openGradeSender } from '../../../src/apis/lti/grades/sender';
import { openPlatforms } from '../../../src/apis/lti/platforms';
import { openToolKeys } from '../../../src/apis/lti/tool-keys';
import { networksIn } from '../../../src/webhooks/addresses';
import { type Api, openApi } from '../../api';
import { rightClock, setClock } from '../../clock';
import { BY, LTI, MEMBERSHIP, type Platform, startPlatform } from '../../lti/platform';
import type { Trouble } from '../../lti/services';
import { visitor } from '../../openid/visitor';

/** The attendance grade of a section in the gradebook of the course that it is. */
let platform: Platform;
let api: Api;
let sender: ReturnType<typeof openGradeSender>;
let faults: unknown[];
const networks = networksIn('127.0.0.1')!;

/** To make a key takes as long as a test. */
let key: object | undefined;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  api = await openApi({ webhooks: { networks } });
  const { database, districts } = api.world;
  if (key) await knex('lti_keys').insert(key);
  else await openToolKeys(database).ensure(api.secrets);
  key = await knex('lti_keys').first();
  platform.services.columns.clear();
  platform.services.break(() => undefined);
  await openPlatforms(database).add(platform.request, districts.larkspur, platform.deployment, BY);
  platform.services.trust(async () => (await (await fetch(`${api.url}/lti/jwks`)).json()) as JSONWebKeySet);
  platform.services.enroll(['ada', 'grace', 'katherine', 'alan'].map(member), 2);
  await knex('enrollments').update({ end_date: '2099-12-31' });
  await knex('schools').update({ grade_late: 80 });
  faults = [];
  sender = another();
});
afterEach(async () => {
  rightClock();
  await sender.stop();
  await api.close();
  expect(faults).toEqual([]);
});

/** What sends, in a process of its own. */
const another = (more: Partial<Parameters<typeof openGradeSender>[0]> = {}) =>
  openGradeSender({
    ...{ database: api.world.database, ledger: api.world.ledger, secrets: api.secrets, networks, pause: 0 },
    log: { warn: () => undefined },
    onFault: (error) => faults.push(error),
    ...more,
  });
const knex = (table: string) => api.world.database.knex(table);
const member = (name: string) => ({
  ...{ user_id: `user of ${name}`, lis_person_sourcedid: name, status: 'Active', roles: [`${MEMBERSHIP}Learner`] },
});

/** The teacher opens the roll from the course, of which the platform says what may be asked for it. */
async function launch(more: JWTPayload = platform.services.claims()): Promise<string> {
  const browser = visitor();
  const asked = platform.authorized(await browser.sent(`${api.url}/lti/login?${platform.initiation(api.url)}`));
  const id_token = await platform.token(asked, {
    [`${LTI}target_link_uri`]: `${api.url}/lti/launch`,
    [`${LTI}roles`]: [`${MEMBERSHIP}Instructor`],
    [`${LTI}context`]: { id: 'course-1', title: 'Algebra at the LMS' },
    [`${LTI}lis`]: { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra' },
    ...more,
  });
  return browser.sent(asked.redirect_uri, {
    method: 'POST',
    body: new URLSearchParams({ state: asked.state, id_token }),
  });
}

/** Two rolls: Ada was absent and excused, Grace late and present, Katherine present; Alan was not there yet. */
async function twoRolls(): Promise<void> {
  const { ada, grace } = api.world.enrollments;
  await api.mark([ada, '2025-10-01', 2], [grace, '2025-10-01', 3], [ada, '2025-10-02', 4]);
}

/** What the platform has, by student: of the only column. */
function grades(): Record<string, number | undefined> {
  const [column] = platform.services.columns.values();
  const scores = [...(column?.scores.values() ?? [])];
  return Object.fromEntries(scores.map(({ userId, scoreGiven }) => [userId.replace('user of ', ''), scoreGiven]));
}
const asTaken = { ada: 0, grace: 90, katherine: 100 };
const course = () => knex('lti_courses').first();
const scoresIn = (calls: readonly string[]) => calls.filter((call) => call.endsWith('/scores')).length;
/** What is held for the next attempt is due. */
const soon = () => knex('lti_courses').update({ held_until: '2020-01-01T00:00:00.000Z' });

test('after a roll each student of the course has a score, in a column that is known by its tag and the section', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  expect(grades()).toEqual(asTaken);
  const [column] = platform.services.columns.values();
  const resourceId = String(api.world.sections.algebra);
  expect(column).toMatchObject({ label: 'Attendance', tag: 'rollbook-attendance', resourceId });
  expect(column!.scores.get('user of grace')).toMatchObject({
    ...{ scoreMaximum: 100, activityProgress: 'Completed', gradingProgress: 'FullyGraded' },
    comment: '1 present, 1 late (80% each), 0 absent, 0 excused (not counted)',
  });
  platform.services.calls();
  await sender.sendNow();
  expect(platform.services.calls()).toEqual([]);
});

test('a mark that is corrected changes the score of that student alone', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  platform.services.calls();
  await api.mark([api.world.enrollments.ada, '2025-10-01', 1]);
  await sender.sendNow();
  expect([grades(), platform.services.calls()]).toEqual([
    { ...asTaken, ada: 100 },
    ['POST /course/line-items/:id/scores'],
  ]);
});

test('what the school says of late and excused counts, also for what was sent before', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  const { id } = await knex('schools').first();
  await api.patch(`/schools/${id}`).send({ grade_late: 50, grade_excused: 'present' }).expect(200);
  await sender.sendNow();
  expect(grades()).toEqual({ ada: 50, grace: 75, katherine: 100 });
});

test('where nothing counts there is no score, and one that was there is cleared', async () => {
  await launch();
  const { ada } = api.world.enrollments;
  await api.world.ledger.record([{ enrollment: ada, date: '2025-10-01', status: 4 }], api.world.actor);
  await sender.sendNow();
  expect(grades()).toEqual({});
  await api.world.ledger.record([{ enrollment: ada, date: '2025-10-01', status: 3 }], api.world.actor);
  await sender.sendNow();
  expect(grades()).toEqual({ ada: 80 });
  await api.world.ledger.record([{ enrollment: ada, date: '2025-10-01', status: 4 }], api.world.actor);
  await sender.sendNow();
  expect(grades()).toStrictEqual({ ada: undefined });
});

test('days that the calendar takes out do not count, nor what was entered ahead', async () => {
  await launch();
  await twoRolls();
  const { id: school_id } = await knex('schools').first();
  await knex('calendar_days').insert({
    ...{ district_id: api.world.districts.larkspur, school_id, date: '2025-10-01', school_day: false, reason: 'Storm' },
  });
  await api.mark([api.world.enrollments.grace, '2099-10-01', 2]);
  await sender.sendNow();
  expect(grades()).toEqual({ grace: 100, katherine: 100 });
});

test('where who is not marked counts as present, days whose roll nobody took count', async () => {
  await launch();
  const { ada } = api.world.enrollments;
  await knex('schools').update({ untaken: 'present' });
  await knex('enrollments').where({ id: ada }).update({ end_date: '2025-08-30' }); // Monday to Friday
  await api.world.ledger.record([{ enrollment: ada, date: '2025-08-26', status: 2 }], api.world.actor);
  await sender.sendNow();
  expect(grades().ada).toBe(80);
});

test('a column whose name the teacher has changed is found again, and one that was deleted is made again with all scores', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  const { columns } = platform.services;
  for (const [id, column] of columns) columns.set(id, { ...column, label: 'Participation' });
  await knex('lti_courses').update({ line_item_url: null });
  await api.mark([api.world.enrollments.ada, '2025-10-01', 3]);
  await sender.sendNow();
  expect([columns.size, grades()]).toEqual([1, { ...asTaken, ada: 80 }]);
  columns.clear();
  await api.mark([api.world.enrollments.ada, '2025-10-01', 2]);
  await sender.sendNow();
  await sender.sendNow();
  expect([[...columns.values()].map(({ label }) => label), grades()]).toEqual([['Attendance'], asTaken]);
});

test('what was sent and not noted is sent again with a later timestamp, also where the clock was set back', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  const stamps = () =>
    [...platform.services.columns.values()].flatMap(({ scores }) =>
      [...scores.values()].map(({ timestamp }) => timestamp),
    );
  const before = stamps();
  await knex('lti_scores').update({ comment: '' });
  await knex('lti_courses').update({ graded: '' });
  await soon();
  setClock(-3_600);
  await sender.sendNow();
  const after = stamps();
  expect([after.length, after.every((each, index) => each > before[index]!)]).toEqual([3, true]);
  expect((await course()).failures).toBe(0);
});

const on =
  (pattern: RegExp, status: number, headers: Record<string, string> = {}): Trouble =>
  ({ method, path }) =>
    pattern.test(`${method} ${path}`) ? { status, headers } : undefined;

test.each<[string, Trouble, RegExp]>([
  ['gives no token', on(/token$/, 401), /^An access token: the LMS answered 401\./],
  ['knows no token', on(/line-items$/, 401), /^The columns of grades: the LMS answered 401\.$/],
  ['has lost the course', on(/GET .*line-items$/, 404), /^The columns of grades: the LMS answered 404\.$/],
  ['takes no column', on(/POST .*line-items$/, 403), /^A new column of grades: the LMS answered 403\.$/],
  ['has too much to do', on(/scores$/, 429, { 'Retry-After': '1000' }), /^A score: the LMS answered 429\.$/],
  ['is broken', on(/scores$/, 500), /^A score: the LMS answered 500\.$/],
  ['does not say who is there', on(/members$/, 500), /^The members of the course: the LMS answered 500\.$/],
])('a platform that %s is left alone for a while, and told all once it works', async (_what, trouble, error) => {
  await launch();
  await twoRolls();
  platform.services.break(trouble);
  await sender.sendNow();
  const failing = await course();
  expect([failing.failures, failing.last_error]).toEqual([1, expect.stringMatching(error)]);
  const wait = Date.parse(failing.held_until) - Date.now();
  expect(wait).toBeGreaterThan(/429/.test(failing.last_error) ? 990_000 : 1_000);
  platform.services.calls();
  await sender.sendNow();
  expect([platform.services.calls(), grades()]).toEqual([[], {}]);
  platform.services.break(() => undefined);
  await soon();
  const next = another();
  await next.sendNow();
  await next.stop();
  expect(grades()).toEqual(asTaken);
  expect(await course()).toMatchObject({ failures: 0, failing_since: null, last_error: '' });
});

test('a token that is none any more before its time is asked for again at once', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  platform.services.endTokens();
  await api.mark([api.world.enrollments.ada, '2025-10-01', 3]);
  await sender.sendNow();
  expect([grades().ada, (await course()).failures]).toEqual([80, 0]);
});

test('who is in one of the two alone has no score, nor has who shares a name with nobody', async () => {
  platform.services.enroll([
    member('ada'),
    { ...member('grace'), status: 'Inactive' },
    { ...member('katherine'), roles: [`${MEMBERSHIP}Mentor`] },
    { ...member('eve') },
    { user_id: 'anonymous', roles: [`${MEMBERSHIP}Learner`] },
  ]);
  await launch();
  await twoRolls();
  await sender.sendNow();
  expect(grades()).toEqual({ ada: 0 });
});

test('a student whom the platform takes no score for is said, and keeps nobody else from theirs', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  platform.services.enroll(['grace', 'katherine'].map(member));
  const { ada, grace } = api.world.enrollments;
  await api.mark([ada, '2025-10-02', 2], [grace, '2025-10-02', 2]);
  await sender.sendNow();
  expect(grades()).toMatchObject({ grace: 40 });
  expect((await course()).last_error).toBe('The LMS refused the scores of 1 of the students.');
});

test.each<[string, () => Promise<unknown>]>([
  ['a school that wants no grade', () => knex('schools').update({ grade_late: null })],
  ['a course whose platform was removed', () => knex('lti_deployments').delete()],
  ['a copy of the database', () => knex('lti_courses').update({ epoch: 'another' })],
])('of %s nothing is sent', async (_what, change) => {
  await launch();
  await twoRolls();
  await change();
  platform.services.calls();
  await sender.sendNow();
  expect([platform.services.calls(), platform.services.columns.size]).toEqual([[], 0]);
});

test('a database that was restored sends again once its teacher has launched it', async () => {
  await launch();
  await twoRolls();
  await sender.sendNow();
  await knex('lti_courses').update({ epoch: 'another' });
  await launch();
  platform.services.calls();
  await sender.sendNow();
  expect(scoresIn(platform.services.calls())).toBe(3);
});

test('each score that is sent is a read of its student, to the host of the platform', async () => {
  const noted: unknown[] = [];
  const audited = another({ audit: { note: (...read) => void noted.push(read) } });
  await launch();
  await twoRolls();
  await audited.sendNow();
  await audited.stop();
  const { people, sections, districts } = api.world;
  const sent = { host: new URL(platform.url).host };
  expect(noted).toEqual(
    [people.ada, people.grace, people.katherine].map((person) => [
      expect.objectContaining({ district: districts.larkspur, client: null }),
      'lti grades',
      { person, section: sections.algebra, records: 1, sent },
    ]),
  );
});

test('a course of which the platform gives neither members nor grades is not kept', async () => {
  const ags = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
  await launch({});
  expect(await course()).toBeUndefined();
  await launch({ [ags]: { scope: [], lineitems: `${platform.url}/course/line-items` } });
  expect(await course()).toBeUndefined();
});

test('an address of a private network is not asked, unless it is allowed', async () => {
  await launch();
  await twoRolls();
  const guarded = another({ networks: [] });
  platform.services.calls();
  await guarded.sendNow();
  await guarded.stop();
  expect([platform.services.calls(), (await course()).failures]).toEqual([[], 1]);
});
