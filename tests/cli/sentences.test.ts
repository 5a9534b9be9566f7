import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { sentenceOf } from '../../src/cli/failure';
import { openWorld, type World } from '../world';
import { rollbook } from './process';

let world: World;
let before: unknown[];
const all = async () =>
  Promise.all(['districts', 'attendance_codes', 'api_clients'].map((table) => world.database.knex(table)));
beforeAll(async () => {
  world = await openWorld({ reuse: false }); // one of the tests adds an index
  before = await all();
});
afterAll(() => world.close());

const place = ['--district', 'Larkspur', '--school', '200'];

test.each([
  [
    ['client', 'create', '--district', '', '--name', 'x', '--scopes', 'admin'],
    'Say which district, by its id or its name',
  ],
  [['client', 'create', '--district', 'Nowhere', '--name', 'x', '--scopes', 'admin'], 'There is no district Nowhere'],
  [['client', 'create', '--district', 'Larkspur', '--name', 'x', '--scopes', 'all'], 'not all'],
  [
    ['client', 'create', '--district', 'Larkspur', '--name', 'x', '--scopes', 'admin', '--person', '999999'],
    'There is no person 999999',
  ],
  [['client', 'revoke', '999999'], 'There is no client 999999'],
  [['district', 'set', 'Larkspur', '--time-zone', 'Mars/Olympus'], 'Mars/Olympus is no time zone'],
  [['district', 'set', 'Larkspur', '--sis-attendance-app', 'maybe'], 'Allowed choices are on, off'],
  [['journal', '--since', 'yesterday'], 'It must be an instant'],
  [['journal', '--section', '999999'], 'There is no section 999999'],
  [['years', 'detach', '2026'], 'It must be a school year'],
  [['years', 'detach', '2199-00'], 'school year'],
  [['nonsense'], "unknown command 'nonsense'"],
  [['codes', 'list', ...place, '--year', '2025-27'], 'It must be a school year'],
  [['codes', 'list', '--district', 'Larkspur', '--school', 'x'], 'There is no school x in district Larkspur'],
  [['codes', 'set', 'A', ...place, '--status', 'gone'], 'Allowed choices are present, absent, late, excused'],
  [['codes', 'set', 'A B', ...place, '--status', 'absent'], 'It must be up to 32 letters'],
])('%p fails with a sentence, and changes nothing', async (args, sentence) => {
  const { code, stdout, stderr } = await rollbook(args, { DATABASE_URL: world.url });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(sentence);
  expect(await all()).toEqual(before);
});

test.each([
  [
    { METRICS_HOST: 'nowhere.invalid', METRICS_PORT: '0' },
    /METRICS_HOST is nowhere.invalid, which is no address of this machine/,
  ],
  [{ METRICS_HOST: '192.0.2.1', METRICS_PORT: '0' }, /METRICS_HOST is 192.0.2.1, .* \(EADDRNOTAVAIL\)/],
  [{ HOST: '192.0.2.1', PORT: '0' }, /HOST is 192.0.2.1, which is no address of this machine/],
])('serve at %p says which setting is wrong', async (more, sentence) => {
  const { code, stderr } = await rollbook(['serve'], { DATABASE_URL: world.url, LOG_LEVEL: 'silent', ...more });
  expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
  expect(stderr).not.toContain('getaddrinfo');
});

test('a file that the user may not use is named with the user', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-closed-'));
  const file = join(folder, 'restored.db');
  writeFileSync(file, 'x');
  chmodSync(folder, 0o755);
  chmodSync(file, 0);
  const isRoot = process.getuid!() === 0; // to whom no file is closed
  if (isRoot) process.seteuid!(65_534);
  const user = userInfo().username;
  let said = '';
  try {
    copyFileSync(file, '/dev/null');
  } catch (error) {
    said = sentenceOf(error);
  } finally {
    if (isRoot) process.seteuid!(0);
    rmSync(folder, { recursive: true });
  }
  expect(said).toMatch(new RegExp(`^The user ${user}, as whom this runs, may not use ${file} \\(EACCES\\)\\. `));
  if (isRoot) expect(user).not.toBe('root');
});

test('where the database says no, its words are told without the statement', async () => {
  await world.database.knex.raw("create index no_x on api_clients (json(name)) where name = 'x'");
  const create = ['client', 'create', '--district', 'Larkspur', '--name', 'x', '--scopes', 'admin'];
  const { code, stdout, stderr } = await rollbook(create, { DATABASE_URL: world.url, ROLLBOOK_MIGRATE: 'off' });
  await world.database.knex.raw('drop index no_x');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^rollbook: malformed JSON$/m);
  expect(stderr).not.toMatch(/insert|values/i);
  expect(await all()).toEqual(before);
});
