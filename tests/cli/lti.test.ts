import { startPlatform } from '../lti/platform';
import { openWorld, type World } from '../world';
import { envOf } from './many';
import { rollbook } from './process';

/** Platforms by the command. */
jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const env = (more: NodeJS.ProcessEnv = {}) => ({
  ...envOf(world),
  PUBLIC_URL: 'https://attendance.example.org',
  ...more,
});
const run = (args: string[], more?: NodeJS.ProcessEnv) => rollbook(['lti', ...args], env(more));
async function json(...args: string[]) {
  const { code, stdout, stderr } = await run([...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
const add = ['platform', 'add', '--preset', 'schoology', '--district', 'Larkspur', '--client-id', '65', '--deployment'];

test('a platform is added by its preset, listed with its deployments, and removed; the key is made and exchanged', async () => {
  const { id, ...added } = await json(...add, '65-1');
  expect(added).toMatchObject({
    issuer: 'https://schoology.schoology.com',
    keys_url: 'https://lti-service.svc.schoology.com/lti-service/.well-known/jwks',
    frame_origins: ['https://*.schoology.com'],
    trusts_email: false,
    login_url: 'https://attendance.example.org/lti/login',
    redirect_uri: 'https://attendance.example.org/lti/launch',
  });
  expect((await json(...add, '65-2')).id).toBe(id);
  await json(...add, '65-2');
  const district_id = world.districts.larkspur;
  const deployments = [
    { deployment: '65-1', district_id },
    { deployment: '65-2', district_id },
  ];
  expect(await json('platform', 'list')).toEqual([expect.objectContaining({ id, deployments })]);
  const { knex } = world.database;
  const [key] = await knex('lti_keys');
  expect([key.secret, key.public_key]).toEqual([expect.stringMatching(/^v1:/), expect.not.stringContaining('"d"')]);
  const { kid } = await json('key', 'rotate');
  const keys = await knex('lti_keys').orderBy('id');
  expect(keys.map((each) => [each.kid === kid, each.expires_at === null])).toEqual([
    [false, false],
    [true, true],
  ]);
  expect(await json('platform', 'remove', String(id), '--deployment', '65-1')).toEqual({
    removed: id,
    deployment: '65-1',
  });
  await json('platform', 'remove', String(id));
  expect(await json('platform', 'list')).toEqual([]);
  // The district finds who has done what; it is said of nothing that was so already.
  const changes = await knex('setting_changes').where({ district_id }).orderBy('id');
  const platform = 'https://schoology.schoology.com, 65';
  expect(changes.map(({ api, client_id, what, detail }) => [api, client_id, what, detail])).toEqual([
    ['lti platform add', null, 'lti_platform_added', platform],
    ['lti platform add', null, 'lti_deployment_added', `${platform}, 65-1`],
    ['lti platform add', null, 'lti_deployment_added', `${platform}, 65-2`],
    ['lti key rotate', null, 'lti_key_rotated', kid],
    ['lti platform remove', null, 'lti_deployment_removed', `${platform}, 65-1`],
    ['lti platform remove', null, 'lti_platform_removed', platform],
  ]);
  expect(await knex('setting_changes').where({ district_id: world.districts.elsewhere })).toEqual([]);
});

test('of a platform that is registered, its issuer and client id are enough to add a deployment', async () => {
  const issuer = 'https://lms.example.org';
  const addresses = ['authorization', 'token', 'keys'].flatMap((each) => [`--${each}-url`, `${issuer}/${each}`]);
  const own = ['platform', 'add', '--district', 'Larkspur', '--issuer', issuer, '--client-id', 'c-1', '--deployment'];
  const frames = ['--frame-origin', 'https://www.example.org', '--frame-origin', issuer];
  const { id } = await json(...own, 'one', ...addresses, ...frames, '--trust-email');
  const added = await json(...own, 'two');
  expect(added).toMatchObject({
    ...{ id, deployment: 'two', trusts_email: true, keys_url: `${issuer}/keys` },
    frame_origins: ['https://www.example.org', issuer],
  });
  // Of another client id it is another platform.
  const other = await run([...own.map((each) => (each === 'c-1' ? 'c-2' : each)), 'one']);
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('Say --frame-origin')]);
  await json('platform', 'remove', String(id));
});

test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
  [
    'another district for a deployment',
    [...add.map((each) => (each === 'Larkspur' ? 'Elsewhere' : each)), 'one'],
    {},
    /another district's already/,
  ],
  [
    'other addresses for a platform',
    [...add, 'two', '--keys-url', 'https://elsewhere.example/jwks'],
    {},
    /with another keys_url/,
  ],
  [
    'an address that is not https',
    [...add, 'two', '--keys-url', 'http://elsewhere.example/jwks'],
    {},
    /must be an https address/,
  ],
  ['a frame with a path', [...add, 'two', '--frame-origin', 'https://lms.example/a; script-src *'], {}, /must be like/],
  ['a frame of all hosts', [...add, 'two', '--frame-origin', 'https://*.com'], {}, /without a path or a wildcard/],
  ['no PUBLIC_URL', [...add, 'two'], { PUBLIC_URL: '' }, /Set PUBLIC_URL/],
  [
    'no preset and no addresses',
    [
      'platform',
      'add',
      '--district',
      'Larkspur',
      '--client-id',
      '1',
      '--deployment',
      '1',
      '--frame-origin',
      'https://lms.example',
    ],
    {},
    /Say --issuer/,
  ],
  [
    'Canvas without its address',
    ['platform', 'add', '--preset', 'canvas', '--district', 'Larkspur', '--client-id', '1', '--deployment', '1'],
    {},
    /Say --frame-origin/,
  ],
  ['one that is not there', ['platform', 'remove', '999'], {}, /There is no platform 999/],
])('%s is refused in a sentence, and nothing is changed', async (_what, args, more, sentence) => {
  await run([...add, 'one']);
  const held = () =>
    Promise.all(['lti_platforms', 'lti_deployments'].map((table) => world.database.knex(table).orderBy('id')));
  const before = await held();
  const { code, stderr } = await run(args, more);
  expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
  expect(await held()).toEqual(before);
});

test('the courses of a district are listed, and compared with their sections', async () => {
  const platform = await startPlatform();
  try {
    const { knex } = world.database;
    const { request } = platform;
    const allow = { WEBHOOK_ALLOW: '127.0.0.1' };
    const addresses = [
      ...[
        '--issuer',
        request.issuer,
        '--authorization-url',
        request.authorization_url,
        '--token-url',
        request.token_url,
      ],
      ...['--keys-url', request.keys_url, '--frame-origin', 'https://lms.example'],
    ];
    const own = ['--district', 'Larkspur', '--client-id', platform.clientId, '--deployment', platform.deployment];
    await run(['platform', 'add', ...addresses, ...own], allow);
    const [deployment] = await knex('lti_deployments').where({ deployment: platform.deployment });
    const at = '2026-01-01T00:00:00.000Z';
    await knex('lti_courses').insert({
      ...{ district_id: world.districts.larkspur, section_id: world.sections.algebra, context: 'course-1' },
      ...{ deployment_id: deployment.id, memberships_url: `${platform.url}/course/members`, epoch: 'x' },
      ...{ held_until: at, stamped_at: at },
    });
    const keys = await knex('lti_keys');
    platform.services.trust(async () => ({
      keys: keys.map(({ kid, public_key }) => ({ ...JSON.parse(public_key), kid, alg: 'RS256' })),
    }));
    platform.services.enroll([{ user_id: '1', name: 'No\u001b[2J\nbody', lis_person_sourcedid: 'nobody', roles: [] }]);
    const [course] = await json('course', 'list', '--district', 'Larkspur');
    expect(course).toMatchObject({ context: 'course-1', section: 'Algebra', scores: 0, last_error: '' });
    const args = ['course', 'members', String(course.id), '--district', 'Larkspur', '--differences'];
    const { stdout, stderr } = await run(args, allow);
    expect([stdout, stderr]).toEqual([expect.stringMatching(/nobody .*nobody in the roster is called so/), '']);
    expect(stdout).toContain('No\\u001b[2J\\u000abody');
    expect(stdout).toMatch(/\n0 of 1 are the same in the LMS and in the roster\.\n$/);
    const other = await run([...args.slice(0, 4), 'Elsewhere'], allow);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('There is no course')]);
    await json('platform', 'remove', String(deployment.platform_id), '--deployment', platform.deployment);
    expect(await json('course', 'list', '--district', 'Larkspur')).toEqual([]);
  } finally {
    await platform.stop();
  }
});

test('who adds a platform is told where no launch will be taken', async () => {
  const unsafe = { PUBLIC_URL: 'http://attendance.example.org' };
  const { stdout } = await run([...add, 'unsafe'], unsafe);
  expect(stdout).toContain('PUBLIC_URL is no https address: no launch is taken there.');
  const [{ id }] = await json('platform', 'list');
  await json('platform', 'remove', String(id));
});
