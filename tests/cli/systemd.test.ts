import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from './process';

/** What systemd is told of a unit of `Type=notify`, by a command in the place of its own. `npm run test:package` asks systemd. */
jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbook-systemd-'));
  const command = join(folder, 'systemd-notify');
  writeFileSync(command, '#!/bin/sh\nfor message; do echo "$message" >> "$NOTIFY_SOCKET"; done\n');
  chmodSync(command, 0o755);
  writeFileSync(join(folder, 'told'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const told = () => readFileSync(join(folder, 'told'), 'utf8').trim().split('\n');

const environment = (more: NodeJS.ProcessEnv = {}) => ({
  PATH: `${folder}:${process.env.PATH}`,
  DATABASE_URL: `sqlite:${join(folder, 'rollbook.db')}`,
  NOTIFY_SOCKET: join(folder, 'told'),
  ...more,
});

/** Waits for it, but not beyond the test. */
async function until(is: () => boolean): Promise<void> {
  while (!is()) await wait(20);
}

test('systemd is told that the service listens, again and again that it lives, and that it stops', async () => {
  const server = await startServer(environment({ WATCHDOG_USEC: '300000' }));
  await until(() => told().filter((message) => message === 'WATCHDOG=1').length > 2);
  expect(told().slice(0, 2)).toEqual(['READY=1', `STATUS=listening at ${server.url}`]);
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(told().filter((message) => message !== 'WATCHDOG=1')).toEqual([
    'READY=1',
    `STATUS=listening at ${server.url}`,
    'STOPPING=1',
    'STATUS=finishes what is in flight',
  ]);
});

test('of several processes the supervisor tells it, once, and no worker does', async () => {
  const server = await startServer(environment(), '--workers', '2');
  await until(() => told().includes('READY=1'));
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(told()).toEqual(['READY=1', 'STOPPING=1', 'STATUS=finishes what is in flight']);
});

test('it says that it lives to nobody who asks it of another process, and goes on where systemd cannot be told', async () => {
  const server = await startServer(environment({ WATCHDOG_USEC: '300000', WATCHDOG_PID: '1', PATH: '/nowhere' }));
  await until(() => server.log().includes('systemd could not be told'));
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(server.log().match(/systemd could not be told/g)).toHaveLength(2); // the start and the end
  expect(told()).toEqual(['']);
});
