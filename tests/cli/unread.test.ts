import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../src/lib/root';
import { openWorld, type World } from '../world';
import { clientOf, envOf } from './many';

/** A reader that goes away before a command has printed all, as `head` does. */
jest.setTimeout(60_000);

let world: World;
const folder = mkdtempSync(join(tmpdir(), 'rollbook-unread-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  world = await openWorld();
  await world.ledger.record([{ enrollment: world.enrollments.ada, date: '2025-10-01', status: 2 }], world.actor, {
    roll: 'always',
  });
  await clientOf(world);
});
afterEach(() => world.close());

/** What a shell says of one that SIGPIPE ended. */
const UNREAD = 141;

/** Runs the command and reads nothing of what it prints. */
async function unread(args: string[]) {
  const child = spawn(process.execPath, [join(root, 'dist/src/cli/main.js'), ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...envOf(world) },
  });
  child.stdin.end();
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, stderr };
}

test('ends it, and nothing is said', async () => {
  const ada = String(world.people.ada);
  const file = join(folder, 'marks.csv');
  writeFileSync(file, `enrollment,date,status\n${world.enrollments.ada},2025-10-02,late\n`);
  for (const args of [
    ['journal'],
    ['journal', '--json'],
    ['person', 'export', ada],
    ['marks', 'export', '--district', 'Larkspur'],
    ['marks', 'export', '--district', 'Larkspur', '--json'],
    ['marks', 'import', file, '--district', 'Larkspur'],
    ['client', 'list'],
    ['person', 'invite', String(world.people.noether)],
    ['check'],
  ])
    expect([args, await unread(args)]).toEqual([args, { code: UNREAD, stderr: '' }]);
  expect((await unread(['--help'])).stderr).toBe('');
});

test('what the command was to do is done to its end', async () => {
  const { code, stderr } = await unread(['person', 'erase', String(world.people.ada), '--yes']);
  expect([code, stderr]).toEqual([UNREAD, expect.stringContaining('yours to delete')]);
  expect(stderr).not.toContain('Error');
  expect(await world.database.knex('people').where({ id: world.people.ada }).first()).toMatchObject({
    given_name: expect.not.stringContaining('Ada'),
  });
});
