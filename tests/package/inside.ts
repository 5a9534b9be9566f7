/*
 * What `main.ts` runs in a root that is thrown away: the .deb is installed, started, upgraded and removed, under the unit
 * and behind the proxies that are the examples.
 */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import { root } from '../../src/lib/root';
import { version } from '../../src/lib/version';
import { throughProxies } from './proxies';
import { isReady, run, tried, until } from './run';

/** Where `root.sh` puts it. */
const packages = '/mnt/packages';
const URL = 'http://127.0.0.1:3000';
const SETTINGS = '/etc/rollbook/rollbook.env';
const DATA = '/var/lib/rollbook';
const LIBRARY = '/usr/lib/rollbook';
/** An old database, whose client has this token, and whose secrets are sealed with this key. */
const dump = readFileSync(join(root, 'tests/database/old/2432f28.sqlite.sql'), 'utf8');
const token = /^-- token: (\S+)/.exec(dump)![1]!;
const KEY = 'a key that is used in tests alone';

// Not on the machine itself, whoever calls this.
assert.match(readFileSync('/proc/1/environ', 'utf8'), /container=rollbook-test/);

const unit = async (property: string) =>
  (await run('systemctl', ['show', '--value', '--property', property, 'rollbook'])).trim();
const mainProcess = async () => Number(await unit('MainPID'));
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const ownersOf = async (...paths: string[]) =>
  new Set((await run('stat', ['-c', '%U:%G', ...paths])).trim().split('\n'));
const dataFiles = async () => (await run('find', [DATA, '-mindepth', '1'])).trim().split('\n');

test('the version before is installed: it runs under the unit, as its own user, and is ready once it is started', async () => {
  await run('dpkg', ['--install', join(packages, 'before.deb')]);
  assert.equal(await run('dpkg', ['--verify', 'rollbook']), '');
  assert.equal(await unit('ActiveState'), 'active');
  assert.ok(await isReady(URL), 'systemd is told no sooner than it is ready');
  assert.equal(await unit('StatusText'), `listening at ${URL}`);
  assert.equal((await run('ps', ['-o', 'user=', '-p', String(await mainProcess())])).trim(), 'rollbook');
  assert.deepEqual([modeOf(SETTINGS), ...(await ownersOf(SETTINGS))], ['640', 'root:rollbook']);
  assert.deepEqual([modeOf(DATA), ...(await ownersOf(DATA))], ['700', 'rollbook:rollbook']);
});

test('the unit is right, and what it may do is worth at most 2.0 to an attacker', async () => {
  const path = '/usr/lib/systemd/system/rollbook.service';
  assert.equal(await run('systemd-analyze', ['verify', path]), '');
  await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', path]);
});

test('the command of root works with the settings of the service, and leaves nothing that the service cannot write', async () => {
  await run('rollbook', [
    'import',
    join(root, 'db/seeds/sample-school'),
    '--district',
    'Larkspur',
    '--time-zone',
    'America/Los_Angeles',
  ]);
  const listed = JSON.parse(await run('rollbook', ['district', 'list', '--json']));
  assert.deepEqual(
    listed.map(({ name }: { name: string }) => name),
    ['Larkspur'],
  );
  await run('rollbook', ['backup', join(DATA, 'backup.db')]);
  assert.deepEqual([...(await ownersOf(...(await dataFiles())))], ['rollbook:rollbook']);
  const { said } = await tried('setpriv', ['--reuid=nobody', '--clear-groups', 'rollbook', 'district', 'list']);
  assert.match(said, /^rollbook: without the settings of .*sudo rollbook/);
});

test('the doctor says of a disk that can only be read that it is one, and makes nothing on it', async () => {
  const disk = '/run/read-only';
  await run('mkdir', [disk]);
  await run('mount', ['-t', 'tmpfs', 'tmpfs', disk]);
  await run('cp', [join(DATA, 'backup.db'), join(disk, 'rollbook.db')]);
  await run('mount', ['-o', 'remount,ro', disk]);
  const env = { ROLLBOOK_SECRET_KEY: KEY, DATABASE_URL: `sqlite:${join(disk, 'rollbook.db')}`, PORT: '0' };
  const { code, said } = await tried(process.execPath, [join(LIBRARY, 'dist/src/cli/main.js'), 'doctor'], { env });
  assert.equal(code, 1);
  assert.match(said, /^error +disk +\/run\/read-only is on a disk that can only be read\. Have it mounted/m);
  assert.match(said, /^error +database +/m);
  assert.deepEqual((await run('ls', [disk])).trim().split('\n'), ['rollbook.db']);
  await run('umount', [disk]);
});

test('a service that hangs is started anew', async () => {
  const dropIn = '/run/systemd/system/rollbook.service.d';
  await run('mkdir', ['-p', dropIn]);
  writeFileSync(join(dropIn, 'soon.conf'), '[Service]\nWatchdogSec=4s\nRestartSec=100ms\n');
  await run('systemctl', ['daemon-reload']);
  await run('systemctl', ['restart', 'rollbook']);
  const before = await mainProcess();
  process.kill(before, 'SIGSTOP');
  await until(async () => (await mainProcess()) !== before && (await isReady(URL)));
  rmSync(dropIn, { recursive: true });
  await run('systemctl', ['daemon-reload']);
});

test('an upgrade keeps the settings and the data, and brings the database up to date', async () => {
  await run('systemctl', ['stop', 'rollbook']);
  for (const file of await dataFiles()) rmSync(file);
  const database = new BetterSqlite3(join(DATA, 'rollbook.db'));
  database.exec(dump);
  database.close();
  await run('chown', ['rollbook:rollbook', join(DATA, 'rollbook.db')]);
  appendFileSync(SETTINGS, `ROLLBOOK_SECRET_KEY='${KEY}'\n`);
  assert.match(await installed(), /^0\.0\.0$/);

  await run('dpkg', ['--install', ...(await newest())]);
  assert.equal(await installed(), version());
  assert.match(readFileSync(SETTINGS, 'utf8'), /ROLLBOOK_SECRET_KEY='a key/);
  assert.deepEqual([modeOf(SETTINGS), ...(await ownersOf(SETTINGS))], ['640', 'root:rollbook']);
  assert.equal(await unit('ActiveState'), 'active');
  const answer = await fetch(`${URL}/v1/sections/1/attendance`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /"enrollment_id":/);
  await run('rollbook', ['check']);
});

const installed = async () => (await run('dpkg-query', ['--show', 'rollbook'])).trim().split('\t')[1]!;

/** The package that was built; the other one stands for the version before. */
const newest = async () => (await run('find', [packages, '-name', 'rollbook_*.deb'])).trim().split('\n');

throughProxies(packages, token);

test('it is taken off: the settings and the data stay, and a purge leaves the data and says so', async () => {
  assert.doesNotMatch(await run('journalctl', ['--no-pager', '--unit', 'rollbook']), /could not be told/);
  const before = await dataFiles();
  await run('dpkg', ['--remove', 'rollbook']);
  assert.ok(!(await isReady(URL)));
  assert.ok(!existsSync(LIBRARY) && !existsSync('/usr/bin/rollbook'));
  assert.match(readFileSync(SETTINGS, 'utf8'), /ROLLBOOK_SECRET_KEY='a key/);
  const said = await run('dpkg', ['--purge', 'rollbook']);
  assert.match(said, /still in \/var\/lib\/rollbook/);
  assert.ok(!existsSync('/etc/rollbook'));
  assert.deepEqual(
    (await dataFiles()).filter((file) => file.endsWith('.db')),
    before.filter((file) => file.endsWith('.db')),
  );
  const { code } = await tried('systemctl', ['cat', 'rollbook']);
  assert.notEqual(code, 0);
});
