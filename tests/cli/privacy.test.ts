import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorld, type World } from '../world';
import { rollbook, startServer } from './process';

jest.setTimeout(60_000);

let world: World;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-privacy-'));
  env = { DATABASE_URL: world.url, ...(world.database.file ? {} : { ROLLBOOK_SECRET_KEY: 'x'.repeat(32) }) };
  await world.ledger.record(
    [{ enrollment: world.enrollments.ada, date: '2025-10-01', status: 2, comment: 'Quartz' }],
    world.actor,
    { roll: 'always' },
  );
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const run = (...args: string[]) => rollbook(args, env);
const ada = () => world.database.knex('people').where({ id: world.people.ada }).first();
/** Runs the command as somebody who types this. */
const typing = (input: string, ...args: string[]) => rollbook(args, env, { input });

test('an export is one JSON document, on stdout or in a file for its owner alone, or a folder of CSV files', async () => {
  const [id, file] = [String(world.people.ada), join(folder, 'ada.json')];
  const { code, stdout } = await run('person', 'export', id);
  expect([code, JSON.parse(stdout).marks.rows[0].comment]).toEqual([0, 'Quartz']);
  expect((await run('person', 'export', id, '--out', file)).code).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8')).marks).toEqual(JSON.parse(stdout).marks);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await run('person', 'export', String(world.people.grace), '--out', file); // overwrites nothing
  expect([again.code, again.stderr.includes('EEXIST'), JSON.parse(readFileSync(file, 'utf8')).person.count]).toEqual([
    1,
    true,
    1,
  ]);
  const csv = await run('person', 'export', id, '--format', 'csv', '--out', join(folder, 'csv'));
  expect([csv.code, csv.stdout.split('\n').length - 1]).toEqual([0, readdirSync(join(folder, 'csv')).length]);
});

test.each([
  ['nobody', ['person', 'export', '999999'], 'There is no person 999999.'],
  ['CSV to nowhere', ['person', 'export', '1', '--format', 'csv'], 'say with --out into which new folder'],
  ['a year and none', ['years', 'erase'], 'Say which school year, like 2019-20, or how many to --keep.'],
  ['this year', ['years', 'erase', '2999-00', '--yes'], 'Only a school year that is over can be erased.'],
])('%s is refused with a sentence', async (_title, args, sentence) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(sentence);
});

test('an erasure asks for the name, and changes nothing without it or in a dry run', async () => {
  const [id, before] = [String(world.people.ada), await ada()];
  const { stdout } = await run('person', 'erase', id, '--dry-run', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    dry_run: true,
    replaced: { person: 1, enrollments: 2, marks: 1, journal: 1 },
  });
  for (const typed of ['', 'Grace Hopper\n']) {
    const { code, stderr } = await typing(typed, 'person', 'erase', id);
    expect([code, stderr.includes('Nothing was done'), await ada()]).toEqual([1, true, before]);
  }
  expect((await typing('Ada Lovelace\n', 'person', 'erase', id)).code).toBe(0);
  expect(await ada()).toMatchObject({ given_name: 'Erased', email: '' });
  const again = await run('person', 'erase', id, '--json'); // asks nothing
  expect([again.code, JSON.parse(again.stdout).replaced]).toEqual([0, {}]);
});

test('while the service runs, its next answer does not say what was erased', async () => {
  const server = await startServer(env);
  const made = await run(
    'client',
    'create',
    '--district',
    'Larkspur',
    '--name',
    'test',
    '--scopes',
    'attendance:read',
    '--json',
  );
  const headers = { authorization: `Bearer ${JSON.parse(made.stdout).token}` };
  const read = async () =>
    (await fetch(`${server.url}/v1/sections/${world.sections.algebra}/attendance`, { headers })).text();
  expect(await read()).toContain('Quartz');
  const { code } = await run('person', 'erase', String(world.people.ada), '--yes');
  expect([code, (await read()).includes('Quartz')]).toEqual([0, false]);
  const years = await run('years', 'erase', '--keep', '1', '--yes', '--json');
  expect(JSON.parse(years.stdout).erased).toContainEqual({
    district: world.districts.larkspur,
    year: '2025-26',
    table: 'marks',
    rows: 1,
  });
  expect(JSON.parse(await read()).totals.total).toEqual([]);
  expect(await server.stop('SIGTERM')).toBe(0);
  if (world.database.file)
    for (const part of ['', '-wal'].map((end) => world.database.file + end))
      if (existsSync(part)) expect(readFileSync(part).includes('Quartz')).toBe(false);
});

test('a school year is asked for, and told of beforehand', async () => {
  const would = await run('years', 'erase', '2025-26', '--district', 'Larkspur', '--dry-run', '--json');
  expect(
    JSON.parse(would.stdout).erased.map(({ table, rows }: { table: string; rows: number }) => [table, rows]),
  ).toEqual([
    ['marks', 1],
    ['meetings', 1],
    ['journal', 2],
  ]);
  expect((await typing('no\n', 'years', 'erase', '2025-26')).code).toBe(1);
  expect(await world.database.knex('marks')).toHaveLength(1);
  expect((await typing('2025-26\n', 'years', 'erase', '2025-26')).code).toBe(0);
  expect(await world.database.knex('marks')).toEqual([]);
});
