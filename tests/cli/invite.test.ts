import { openWorld, type World } from '../world';
import { rollbook, startServer } from './process';

jest.setTimeout(60_000);

let world: World;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  world = await openWorld();
  env = { DATABASE_URL: world.url, ...(world.database.file ? {} : { ROLLBOOK_SECRET_KEY: 'x'.repeat(32) }) };
});
afterEach(() => world.close());

const invite = (person: number, options: string[] = [], more: NodeJS.ProcessEnv = {}) =>
  rollbook(['person', 'invite', String(person), ...options], { ...env, ...more });

test('the link of an invitation signs a teacher in at the service it names', async () => {
  const server = await startServer(env);
  const { code, stdout } = await invite(world.people.noether, ['--json', '--days', '2'], { PUBLIC_URL: server.url });
  const invitation = JSON.parse(stdout);
  expect([code, invitation]).toEqual([
    0,
    {
      person: world.people.noether,
      name: 'Emmy Noether',
      district_id: world.districts.larkspur,
      link: expect.stringMatching(new RegExp(`^${server.url}/#/invitation/[\\w-]{43}$`)),
      expires_at: expect.any(String),
    },
  ]);
  const days = (Date.parse(invitation.expires_at) - Date.now()) / 86_400_000;
  expect([days > 1.9, days <= 2]).toEqual([true, true]);
  const response = await fetch(`${server.url}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ invitation: invitation.link.split('/').at(-1) }),
  });
  expect([response.status, await response.json()]).toMatchObject([201, { person: { name: 'Emmy Noether' } }]);
  await server.stop('SIGTERM');
});

test('without --json the name, the end and the link are printed, for where HOST and PORT are', async () => {
  const { stdout } = await invite(world.people.noether, [], { HOST: '::1', PORT: '4000' });
  expect(stdout).toMatch(
    /^Emmy Noether signs in once, until \S+Z, by\nhttp:\/\/\[::1\]:4000\/#\/invitation\/[\w-]{43}\n$/,
  );
});

test('who cannot be invited is said in a sentence, and nothing is made', async () => {
  const { ada, noether, mendel } = world.people;
  await world.database.knex('people').where({ id: mendel }).update({ active: false });
  const cases: [Parameters<typeof invite>, string][] = [
    [[999], 'rollbook: There is no person 999.\n'],
    [[ada], `rollbook: Person ${ada} is a student: only teachers and the office sign in.\n`],
    [[mendel], `rollbook: There is no active person ${mendel} in district ${world.districts.larkspur}.\n`],
    [
      [noether, [], { PORT: '0' }],
      'rollbook: HOST 127.0.0.1 and PORT 0 are no address that a browser can go to; PUBLIC_URL must say one.\n',
    ],
  ];
  for (const [args, sentence] of cases)
    expect(await invite(...args)).toEqual({ code: 1, stdout: '', stderr: sentence });
  const { code, stderr } = await invite(noether, ['--days', '0']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('It must be a number from 1 to 99.')]);
  expect(await world.database.knex('api_clients')).toEqual([]);
});

test('a person is invited by email, number or sourcedId, and listed by them; one of several is to be named by the id', async () => {
  const { noether, mendel, ada } = world.people;
  await world.database.knex('people').where({ id: noether }).update({ identifier: 'T1' });
  await world.database.knex('people').where({ id: ada }).update({ identifier: 'T1', email: 'emmy@example.org' });
  for (const options of [
    ['--email', 'EMMY@example.org'],
    ['--number', 'T1'],
    ['--sourced-id', 'emmy'],
  ]) {
    const { stdout } = await rollbook(['person', 'invite', ...options, '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject({ person: noether });
  }
  const listed = await rollbook(['person', 'list', '--number', 'T1', '--district', 'Larkspur', '--json'], env);
  expect(JSON.parse(listed.stdout).map(({ id }: { id: number }) => id)).toEqual([ada, noether]);
  await world.database.knex('people').where({ id: mendel }).update({ identifier: 'T1' });
  expect(await rollbook(['person', 'invite', '--number', 'T1'], env)).toMatchObject({
    code: 1,
    stderr: `rollbook: Several people have T1: ${noether}, ${mendel}. Say which by the id.\n`,
  });
  expect((await rollbook(['person', 'invite'], env)).stderr).toMatch(/^rollbook: Say who: /);
});

test('a role is given to a person in a school by its number, and taken back', async () => {
  const { noether, ada } = world.people;
  const role = (...options: string[]) => rollbook(['person', 'role', ...options], env);
  const given = await role(String(noether), '--set', 'secretary', '--school', '200', '--json');
  const { id: school } = await world.database.knex('schools').first();
  expect([given.code, JSON.parse(given.stdout)]).toMatchObject([0, { person: noether, role: 'secretary', school }]);
  const listed = async (asked: string) =>
    JSON.parse((await rollbook(['person', 'list', '--role', asked, '--json'], env)).stdout).map(
      (person: { id: number; role: string; given_role: string | null }) => [person.id, person.role, person.given_role],
    );
  expect(await listed('secretary')).toEqual([[noether, 'teacher', 'secretary']]);
  expect(await listed('counselor')).toEqual([]);
  expect(await listed('teacher')).toContainEqual([noether, 'teacher', 'secretary']);
  const { given_at, ...row } = await world.database.knex('office_roles').first();
  expect(row).toEqual({
    district_id: world.districts.larkspur,
    person_id: noether,
    role: 'secretary',
    school_id: school,
  });
  for (const [options, says] of [
    [[String(noether), '--set', 'counselor'], 'Say with --school in which school.'],
    [[String(noether), '--set', 'counselor', '--school', '7'], 'There is no school 7 in district Larkspur.'],
    [[String(noether), '--set', 'none', '--school', '200'], 'With none, no school is to be said.'],
    [[String(ada), '--set', 'secretary', '--school', '200'], `There is nobody ${ada} here who works in a school.`],
  ] as const)
    expect(await role(...options)).toMatchObject({ code: 1, stderr: `rollbook: ${says}\n` });
  expect(await world.database.knex('office_roles')).toEqual([{ ...row, given_at }]);
  expect(await role('--email', 'emmy@example.org', '--set', 'none')).toMatchObject({
    code: 0,
    stdout: 'Emmy Noether is what the roster says.\nWhere they were signed in they are so no longer.\n',
  });
  expect(await world.database.knex('office_roles')).toEqual([]);
});
