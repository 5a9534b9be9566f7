import type { JSONWebKeySet } from 'jose';
import { type Compared, openComparison } from '../../../src/apis/lti/compare';
import { membersOf } from '../../../src/apis/lti/members';
import { openPlatforms } from '../../../src/apis/lti/platforms';
import { openServices, scopes } from '../../../src/apis/lti/services';
import { openToolKeys } from '../../../src/apis/lti/tool-keys';
import { erase } from '../../../src/privacy/erase';
import { subjectOf } from '../../../src/privacy/subject';
import { networksIn, resolveName } from '../../../src/webhooks/addresses';
import { type Api, openApi } from '../../api';
import { BY, MEMBERSHIP, type Platform, startPlatform } from '../../lti/platform';

/** Who is in a course, as the LMS says by Names and Roles, beside who is in its section. */
let platform: Platform;
let api: Api;
beforeAll(async () => {
  platform = await startPlatform();
  api = await openApi();
  await openToolKeys(api.world.database).ensure(api.secrets);
  platform.services.trust(async () => (await (await fetch(`${api.url}/lti/jwks`)).json()) as JSONWebKeySet);
  await knex('enrollments').update({ end_date: '2099-12-31' });
});
afterAll(async () => {
  await api.close();
  await platform.stop();
});

const knex = (table: string) => api.world.database.knex(table);
const learner = [`${MEMBERSHIP}Learner`];
const member = (name: string, more: object = {}) => ({
  ...{ user_id: `user of ${name}`, lis_person_sourcedid: name, status: 'Active', roles: learner, ...more },
});

async function compared(members: readonly object[], { onPage = 2, trustsEmail = false } = {}): Promise<Compared[]> {
  platform.services.enroll(members, onPage);
  const { database, districts, sections } = api.world;
  const known = await openPlatforms(database).add(platform.request, districts.larkspur, platform.deployment, BY);
  const reach = { networks: networksIn('127.0.0.1')!, resolve: resolveName };
  const service = openServices(database, api.secrets, reach)(known, scopes.members);
  const course = { district_id: districts.larkspur, section_id: sections.algebra };
  const pages = membersOf(service, `${platform.url}/course/members`);
  const all: Compared[] = [];
  for await (const page of openComparison(database)(course, { trusts_email: trustsEmail }, pages)) all.push(...page);
  return all;
}
const differencesOf = (all: readonly Compared[]) =>
  Object.fromEntries(all.map(({ user, sourced_id, difference }) => [user ?? sourced_id, difference]));
const everybody = ['ada', 'grace', 'alan', 'katherine'].map((name) => member(name));
const teacher = member('emmy', { roles: [`${MEMBERSHIP}Instructor`] });

test('where the LMS and the roster have the same there is no difference', async () => {
  const all = await compared([...everybody, teacher]);
  expect(all.map(({ roster_name, difference }) => [roster_name, difference])).toEqual([
    ['Ada Lovelace', null],
    ['Grace Hopper', null],
    ['Alan Turing', null],
    ['Katherine Johnson', null],
    ['Emmy Noether', null],
  ]);
});

test('each difference is named, and nothing of the roster is changed', async () => {
  const roster = () => Promise.all(['people', 'enrollments', 'sections'].map((table) => knex(table).orderBy('id')));
  const before = await roster();
  const all = await compared([
    { user_id: 'somebody', name: 'Some Body', roles: learner },
    member('nobody'),
    member('gregor'),
    member('eve'),
    member('emmy'),
    member('ada', { roles: [`${MEMBERSHIP}Instructor`] }),
    member('grace', { status: 'Inactive' }),
    member('alan', { given_name: 'Alan', family_name: 'Kay' }),
    { status: 'Active' },
  ]);
  expect(differencesOf(all)).toEqual({
    somebody: 'unnamed',
    'user of nobody': 'unknown',
    'user of gregor': 'elsewhere',
    'user of eve': 'unknown',
    'user of emmy': 'teacher',
    'user of ada': 'student',
    'user of grace': 'inactive',
    'user of alan': 'named',
    katherine: 'missing',
  });
  expect(await roster()).toEqual(before);
});

test('a name that the SIS had before is known, and an address where it cannot be somebody else’s', async () => {
  const { districts, people } = api.world;
  await knex('person_aliases').insert({
    ...{ district_id: districts.larkspur, sourced_id: 'countess', person_id: people.ada },
  });
  const mailed = { user_id: 'mailed', email: 'Grace@example.org', roles: learner };
  const members = [member('countess', { user_id: 'before' }), mailed];
  expect(differencesOf(await compared(members))).toMatchObject({ before: null, mailed: 'unnamed', grace: 'missing' });
  const trusted = differencesOf(await compared(members, { trustsEmail: true }));
  expect([trusted.mailed, trusted.grace]).toEqual([null, undefined]);
});

test('10,000 members are read page by page; more are refused, and so is who goes on for ever', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => member(`m${index}`));
  platform.services.calls();
  const all = await compared(many(10_000), { onPage: 1_000 });
  expect([all.filter(({ difference }) => difference === 'unknown').length, all.length]).toEqual([10_000, 10_004]);
  expect(platform.services.calls().filter((call) => call === 'GET /course/members').length).toBe(10);
  await expect(compared(many(10_001), { onPage: 1_000 })).rejects.toThrow('more than 10000 members');
  await expect(compared(many(300), { onPage: 1 })).rejects.toThrow('for ever');
});

test('a launch without the service, or a platform that refuses, is said in a sentence', async () => {
  platform.services.break(() => ({ status: 403 }));
  await expect(compared(everybody)).rejects.toThrow(/^An access token: the LMS answered 403\./);
  platform.services.break(({ path }) => (path === '/course/members' ? { status: 200 } : undefined));
  await expect(compared(everybody)).rejects.toThrow('The members of the course: the LMS answered something else.');
  platform.services.break(() => undefined);
});

test('whom an erasure has taken out of the roster is no difference, whether the LMS lists them or not', async () => {
  const { database, people } = api.world;
  await erase(database, await subjectOf(database, people.katherine));
  for (const members of [everybody, everybody.filter(({ user_id }) => user_id !== 'user of katherine')])
    expect(Object.keys(differencesOf(await compared([...members, teacher])))).toEqual(
      ['ada', 'grace', 'alan', 'emmy'].map((name) => `user of ${name}`),
    );
});
