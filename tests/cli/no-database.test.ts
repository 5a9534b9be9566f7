import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { rollbook as run } from './process';

/** Commands that look at a database, or change what is in one: they make neither a database nor a key. */
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(process.env.TEST_DATABASES!, 'none-'));
  file = join(folder, 'below', 'rollbook.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const out = () => join(folder, 'out');
const commands: [string, () => string[]][] = [
  ['check', () => ['check']],
  ['client list', () => ['client', 'list']],
  ['client revoke', () => ['client', 'revoke', '1']],
  ['district list', () => ['district', 'list']],
  ['journal', () => ['journal']],
  ['years list', () => ['years', 'list']],
  ['key status', () => ['key', 'status']],
  ['person export', () => ['person', 'export', '1']],
  ['roster export', () => ['roster', 'export', '--district', '1', '--out', out()]],
  ['marks export', () => ['marks', 'export', '--district', '1']],
  ['migrate --unlock', () => ['migrate', '--unlock']],
  ['migrate --schema', () => ['migrate', '--schema']],
  ['backup', () => ['backup', out()]],
];

test.each(commands)('%s says that there is no database, and makes none', async (_name, args) => {
  const { code, stdout, stderr } = await run(args(), { DATABASE_URL: `sqlite:${file}` });
  expect([code, stdout, stderr]).toEqual([1, '', `rollbook: There is no database at ${file}.\n`]);
  expect([readdirSync(folder), existsSync(out())]).toEqual([[], false]);
});

test.each(['check', 'client list', 'key status'])(
  '%s says of a database of something else that it is none of rollbook',
  async (command) => {
    const other = join(folder, 'other.db');
    const connection = new BetterSqlite3(other);
    connection.exec('create table songs (title text)');
    connection.close();
    const { code, stdout, stderr } = await run(command.split(' '), { DATABASE_URL: `sqlite:${other}` });
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^rollbook: There is no database of rollbook at /),
    ]);
    const after = new BetterSqlite3(other);
    expect(after.prepare('select name from sqlite_schema').pluck().all()).toEqual(['songs']);
    after.close();
    expect(existsSync(join(folder, 'rollbook.key'))).toBe(false);
  },
);

test('key status makes no key for a database that has none', async () => {
  const env = { DATABASE_URL: `sqlite:${file}` };
  expect((await run(['migrate'], env)).code).toBe(0);
  const { code, stderr } = await run(['key', 'status'], env);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^rollbook: There is no key at /)]);
  expect(existsSync(join(folder, 'below', 'rollbook.key'))).toBe(false);
});
