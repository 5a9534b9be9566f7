import type { JSONWebKeySet, JWTPayload } from 'jose';
import { openGradeSender } from '../../src/apis/lti/grades/sender';
import { openPlatforms } from '../../src/apis/lti/platforms';
import { openToolKeys } from '../../src/apis/lti/tool-keys';
import { networksIn } from '../../src/webhooks/addresses';
import { BY, LTI, MEMBERSHIP, type Platform, startPlatform } from '../lti/platform';
import { algebra, eventually } from './algebra';
import { faultsOf } from './axe';
import { openStage, type Stage, screenshot, TODAY } from './browser';

/** rollbook in a frame of another site, in a browser that blocks the cookies of others. */
let platform: Platform;
let stage: Stage;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  stage = await openStage({
    webhooks: { networks: networksIn('127.0.0.1')! },
    published: true,
    browserFlags: ['--test-third-party-cookie-phaseout'],
  });
});
afterEach(() => stage.close());

/** The LMS is at another site than rollbook: at a name, where that is at an address. */
const lms = () => platform.url.replace('127.0.0.1', 'localhost');

/** Opens the course of the LMS, as somebody of whom it says this; its page, and the frame in it. */
async function opened(roles: readonly string[], lis: object, frame_origins = [lms()], more: JWTPayload = {}) {
  const { api, wire, device } = stage;
  await openPlatforms(api.world.database).add(
    { ...platform.request, frame_origins },
    api.world.districts.larkspur,
    platform.deployment,
    BY,
  );
  platform.show(wire.url, {
    [`${LTI}target_link_uri`]: `${wire.url}/lti/launch`,
    [`${LTI}roles`]: roles,
    [`${LTI}context`]: { id: 'course-1', title: 'Algebra at the LMS' },
    [`${LTI}lis`]: lis,
    ...more,
  });
  const page = await (await device()).newPage();
  await page.goto(`${lms()}/course`);
  return { page, tool: page.frameLocator('iframe') };
}

test('a teacher takes the roll in a frame of the LMS, also after a reload of the course and of the frame', async () => {
  const { page, tool } = await opened([`${MEMBERSHIP}Instructor`], {
    person_sourcedid: 'emmy',
    course_section_sourcedid: 'algebra',
  });
  const absent = (student: string) => tool.getByRole('group', { name: student }).getByRole('radio', { name: 'absent' });
  const saved = () =>
    tool
      .locator('.save-state')
      .getByText(/^Saved/)
      .waitFor();
  await absent('Ada Lovelace').click();
  await saved();
  await tool.getByRole('button', { name: 'Done' }).click();
  await eventually(() => algebra(stage).isTaken(), true);
  expect((await algebra(stage).marks())?.ada).toBe('2');
  await screenshot(page, 'lti-roll');
  // What is reloaded is the page of the roll, by the session alone.
  const frame = page.frame({ name: 'tool' })!;
  expect(frame.url()).toMatch(new RegExp(`/\\?platform=\\d+#/sections/${stage.api.world.sections.algebra}/${TODAY}$`));
  await frame.evaluate('location.reload()');
  await absent('Grace Hopper').click();
  await saved();
  await eventually(async () => (await algebra(stage).marks())?.grace, '2');
  await page.reload();
  await tool.getByRole('group', { name: 'Grace Hopper' }).waitFor();
  // Outside of the frame nobody is signed in.
  await page.goto(stage.wire.url);
  await page.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
});

/** The course of an LMS that keeps for a tool what a cookie cannot, and in it rollbook; the network is between the two. */
async function keeping() {
  const { api, wire, device } = stage;
  const request = { ...platform.request, authorization_url: `${lms()}/authorize`, frame_origins: [lms()] };
  await openPlatforms(api.world.database).add(request, api.world.districts.larkspur, platform.deployment, BY);
  const said = {
    [`${LTI}target_link_uri`]: `${wire.url}/lti/launch`,
    [`${LTI}roles`]: [`${MEMBERSHIP}Instructor`],
    [`${LTI}context`]: { id: 'course-1' },
    [`${LTI}lis`]: { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra' },
  };
  platform.show(wire.url, said, { keeps: true });
  const context = await device();
  const page = await context.newPage();
  return { wire, context, page, tool: page.frameLocator('iframe') };
}

test('where a launch loses its cookie on the way, what the LMS has kept opens the roll', async () => {
  const { wire, page, tool } = await keeping();
  wire.refused = /^\/lti\/login/;
  await page.goto(`${lms()}/course`);
  await tool.getByRole('group', { name: 'Ada Lovelace' }).waitFor();
  expect(wire.passed).toContain('POST /lti/finish');
});

test('a browser that refuses all cookies is led to a window of its own, also by an LMS that keeps something', async () => {
  const { wire, context, page, tool } = await keeping();
  wire.refused = /./;
  await page.goto(`${lms()}/course`);
  await tool.getByRole('alert').getByText('Your browser keeps no cookies inside the LMS.').waitFor();
  expect(wire.passed).toContain('POST /lti/finish');
  wire.refused = undefined; // in a window of its own it is none of another site's
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    tool.getByRole('link', { name: 'Open rollbook in a new window' }).click(),
  ]);
  await opened.getByRole('group', { name: 'Ada Lovelace' }).waitFor();
});

test('a student sees their own attendance', async () => {
  await stage.api.mark([stage.api.world.enrollments.ada, '2025-10-01', 3, 'bus']);
  const { page, tool } = await opened([`${MEMBERSHIP}Learner`], { person_sourcedid: 'ada' });
  await tool.getByRole('heading', { name: 'My attendance' }).waitFor();
  await tool.getByRole('cell', { name: 'late' }).waitFor();
  expect(await faultsOf(page.frame({ name: 'tool' })!)).toEqual([]);
  await screenshot(page, 'lti-own');
});

test('who is not in the roster is told what the office has to mend', async () => {
  const { page, tool } = await opened([`${MEMBERSHIP}Instructor`], { person_sourcedid: 'nobody' });
  await tool.getByRole('alert').getByText('Nobody in the roster is known').waitFor();
  await tool.getByText('nobody', { exact: true }).waitFor();
  expect(await faultsOf(page.frame({ name: 'tool' })!)).toEqual([]);
  await screenshot(page, 'lti-refused');
});

test('a page of another site than that of the platform cannot show it', async () => {
  const { page } = await opened([`${MEMBERSHIP}Learner`], { person_sourcedid: 'ada' }, ['https://lms.example.org']);
  await page.waitForLoadState('networkidle');
  expect(
    await page
      .frameLocator('iframe')
      .getByRole('heading')
      .count()
      .catch(() => 0),
  ).toBe(0);
});

const loopback = networksIn('127.0.0.1')!;
const keysOfTool = async () => (await (await fetch(`${stage.api.url}/lti/jwks`)).json()) as JSONWebKeySet;

test('the roll that a teacher takes there comes back as a grade in the course', async () => {
  const { world, secrets } = stage.api;
  await openToolKeys(world.database).ensure(secrets);
  await world.database.knex('schools').update({ grade_late: 80 });
  platform.services.trust(keysOfTool);
  const member = (name: string) => ({
    ...{ user_id: name, lis_person_sourcedid: name, roles: [`${MEMBERSHIP}Learner`] },
  });
  platform.services.enroll(['ada', 'grace'].map(member));
  const lis = { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra' };
  const { tool } = await opened([`${MEMBERSHIP}Instructor`], lis, [lms()], platform.services.claims());
  await tool.getByRole('group', { name: 'Ada Lovelace' }).getByRole('radio', { name: 'late' }).click();
  await tool.getByRole('button', { name: 'Done' }).click();
  await eventually(() => algebra(stage).isTaken(), true);
  const faults: unknown[] = [];
  const sender = openGradeSender({
    ...{ database: world.database, ledger: world.ledger, secrets, networks: loopback },
    log: { warn: (failed: unknown) => void faults.push(failed) },
    onFault: (error) => faults.push(error),
  });
  await sender.sendNow();
  await sender.stop();
  const [column] = [...platform.services.columns.values()];
  const given = Object.fromEntries([...(column?.scores ?? [])].map(([user, { scoreGiven }]) => [user, scoreGiven]));
  expect([given, faults]).toEqual([{ ada: 80, grace: 100 }, []]);
});

test('a teacher chooses what a link in the course is of, and the browser brings it to the LMS', async () => {
  await openToolKeys(stage.api.world.database).ensure(stage.api.secrets);
  const asked = platform.linkingClaims({ deep_link_return_url: `${lms()}/links` });
  const lis = { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra' };
  const { page, tool } = await opened([`${MEMBERSHIP}Instructor`], lis, [lms()], asked);
  await tool.getByRole('heading', { name: 'What is to be linked in the course?' }).waitFor();
  await screenshot(page, 'lti-link');
  await tool.getByRole('button', { name: 'A month of the section' }).click();
  await tool.getByText('The link is in the course.').waitFor();
  const [item] = await platform.linked(platform.brought!, await keysOfTool());
  expect(item).toMatchObject({ title: 'Attendance this month', custom: { rollbook_page: 'month' } });
});
