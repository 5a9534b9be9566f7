import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, envOf } from './many';
import { rollbook, startServer } from './process';

/** What a service and its commands note of reads, and what the operator is told of it. */
jest.setTimeout(120_000);

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const run = (more: NodeJS.ProcessEnv, ...args: string[]) => rollbook(args, { ...envOf(world), ...more });
const told = async (...args: string[]) => JSON.parse((await run({}, 'audit', '--json', ...args)).stdout);

test('a service that is stopped has written what was read, and the operator asks for it by person, client and time', async () => {
  const client = await clientOf(world);
  const server = await startServer({ ...envOf(world), AUDIT_READS: '365' });
  expect((await attendanceOf(server.url, world, client.token).get()).status).toBe(200);
  await server.stop('SIGTERM');

  const rows = await told();
  expect(rows).toMatchObject([
    { api: 'schoology', section_id: world.sections.algebra, records: 0, times: 1, person_id: null },
  ]);
  expect(await told('--person', String(world.people.ada))).toEqual(rows);
  expect(await told('--person', String(world.people.eve))).toEqual([]);
  expect(await told('--client', String(rows[0].client_id))).toEqual(rows);
  const nobody = await run({}, 'audit', '--client', '999');
  expect([nobody.code, nobody.stdout, nobody.stderr]).toEqual([1, '', 'rollbook: There is no client 999.\n']);
  expect(await told('--since', '2020-01-01')).toEqual(rows);
  expect(await told('--until', '2020-01-01')).toEqual([]);
  expect(await told('--district', 'Elsewhere')).toEqual([]);
  const { stdout } = await run({}, 'audit', '--csv');
  const both = await run({}, 'audit', '--csv', '--json');
  expect([both.code, both.stdout, both.stderr]).toEqual([
    1,
    '',
    expect.stringMatching(/'--csv'.* cannot be used with .*'--json'/),
  ]);
  expect(stdout.split('\r\n').slice(0, 2)).toEqual([
    Object.keys(rows[0]).join(),
    expect.stringContaining('GET /v1/sections/:section/attendance'),
  ]);
});

test('commands note what they give; without the setting nothing is noted', async () => {
  const folder = mkdtempSync(join(process.env.TEST_DATABASES!, 'audit-'));
  const marks = join(folder, 'marks.csv');
  writeFileSync(marks, `enrollment,date,status\n${world.enrollments.ada},2025-10-07,late\n`);
  const commands = [
    ['marks', 'import', marks, '--district', 'Larkspur', '--dry-run'],
    ['marks', 'export', '--district', 'Larkspur'],
    ['roster', 'export', '--district', 'Larkspur', '--out', join(folder, 'roster')],
    ['person', 'export', String(world.people.ada)],
    ['journal', '--section', String(world.sections.algebra)],
  ];
  for (const command of commands.slice(3)) expect((await run({}, ...command)).code).toBe(0);
  expect(await told()).toEqual([]);
  for (const command of commands) expect((await run({ AUDIT_READS: '30' }, ...command)).code).toBe(0);
  rmSync(folder, { recursive: true });
  const rows: Record<string, unknown>[] = await told();
  expect(rows.map(({ api, subject_id, section_id, client_id }) => [api, subject_id, section_id, client_id])).toEqual([
    ['marks import', null, null, null],
    ['marks export', null, null, null],
    ['roster export', null, null, null],
    ['person export', world.people.ada, null, null],
    ['journal', null, world.sections.algebra, null],
  ]);
});
