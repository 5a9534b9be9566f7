import { openWorld, type World } from '../world';
import { clientOf, envOf } from './many';
import { rollbook } from './process';

/** What data has of control characters does nothing to the terminal of the operator. */
jest.setTimeout(180_000);

const EVIL = 'E\u001b[2Jvil\u0007\u009b\nroot\u202e';
const SHOWN = 'E\\u001b[2Jvil\\u0007\\u009b\\u000aroot\\u202e';
/** C0, C1 and what turns the direction, but for the ends of lines. */
const UNPRINTABLE = /[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u2069]/u;

let world: World;
beforeAll(async () => {
  world = await openWorld({ reuse: false });
  const { knex } = world.database;
  const at = '2026-01-01T00:00:00.000Z';
  const urls = {
    authorization_url: 'https://a.example',
    token_url: 'https://a.example',
    keys_url: 'https://a.example',
  };
  const own = { issuer: EVIL, oauth_client_id: EVIL, frame_origins: '["https://a.example"]', trusts_email: false };
  await knex('lti_platforms').insert({ id: 1, ...own, ...urls, created_at: at });
  const district_id = world.districts.larkspur;
  await knex('lti_deployments').insert({ id: 1, platform_id: 1, district_id, deployment: EVIL, created_at: at });
  await knex('lti_courses').insert({
    ...{ district_id, section_id: world.sections.algebra, context: EVIL, deployment_id: 1, epoch: 'x' },
    ...{ memberships_url: 'https://a.example', held_until: at, stamped_at: at },
  });
  await clientOf(world);
  await knex('districts').where({ id: district_id }).update({ name: EVIL });
  for (const [table, column] of [
    ['schools', 'name'],
    ['people', 'given_name'],
    ['sections', 'title'],
    ['api_clients', 'name'],
  ] as const)
    await knex(table).update({ [column]: EVIL });
});
afterAll(() => world.close());

const district = () => ['--district', String(world.districts.larkspur)];

test.each<[string, () => string[]]>([
  ['district list', () => []],
  ['district set', () => [String(world.districts.larkspur), '--time-zone', 'America/Chicago']],
  ['school list', district],
  ['person list', district],
  ['person role', () => [String(world.people.noether), '--set', 'secretary', '--school', '200']],
  ['person erase', () => [String(world.people.ada)]],
  ['client list', () => []],
  ['lti platform list', () => []],
  ['lti course list', district],
])('%s writes out what data has of control characters', async (command, args) => {
  const { stdout, stderr } = await rollbook([...command.split(' '), ...args()], envOf(world));
  expect([stdout + stderr, UNPRINTABLE.test(stdout + stderr)]).toEqual([expect.stringContaining(SHOWN), false]);
});

test('so does what says why a command failed', async () => {
  const { code, stderr } = await rollbook(
    ['client', 'create', '--district', EVIL.slice(1), '--name', 'x', '--scopes', 'admin'],
    envOf(world),
  );
  expect([code, UNPRINTABLE.test(stderr)]).toEqual([1, false]);
});

test('JSON is what it was', async () => {
  const { stdout } = await rollbook(['district', 'list', '--json'], envOf(world));
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: EVIL }));
});
