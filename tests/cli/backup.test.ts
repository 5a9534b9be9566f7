import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { invariantsOf } from '../../src/cli/check';
import type { Database } from '../../src/database/database';
import { findingsOf } from '../../src/database/invariants';
import { migrate } from '../../src/database/migrate';
import { openDatabase } from '../../src/database/open';
import { restore, backup as writeBackup } from '../../src/database/transfer/backup';
import { BackupError } from '../../src/database/transfer/file';
import { tablesOf } from '../../src/database/transfer/tables';
import { openTestDatabase, openWorld, type TestDatabase, type World } from '../world';
import { attendanceOf, clientOf, envOf, SECRET } from './many';
import { type RunningServer, rollbook, startServer } from './process';

jest.setTimeout(60_000);

const here = process.env.ENGINE!;
const other = here === 'postgres' ? 'sqlite' : 'postgres';
let world: World;
let folder: string;
let opened: TestDatabase[];
let servers: RunningServer[];
beforeEach(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-backup-'));
  [opened, servers] = [[], []];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  await Promise.all(opened.map((database) => database.close()));
  await world.close();
  rmSync(folder, { recursive: true });
});

const empty = async (engine = here, reuse = engine === here) => {
  const database = await openTestDatabase({ engine, reuse });
  opened.push(database);
  return database;
};
const serve = async (of: { url: string }) => {
  const server = await startServer({ ...envOf(world), DATABASE_URL: of.url });
  servers.push(server);
  return server;
};
const inFolder = (name: string) => join(folder, name);
const run = (of: { url: string }, args: string[], env: NodeJS.ProcessEnv = {}) =>
  rollbook(args, { DATABASE_URL: of.url, ROLLBOOK_SECRET_KEY: SECRET, ...env });
const backup = async (of: { url: string }, name: string) => {
  const { code, stdout, stderr } = await run(of, ['backup', inFolder(name), '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};
const restored = async (name: string, engine = here) => {
  const into = await empty(engine);
  const { code, stderr } = await run(into, ['restore', inFolder(name)]);
  expect([code, stderr]).toEqual([0, '']);
  expect(await findingsOf(into.database, invariantsOf(into.database), 10)).toEqual([]);
  return into;
};

/** What is restored: the numbers that a server gives its transactions mean nothing in another one. */
const restoredRow = <Row extends object>(row: Row): Row =>
  'transaction_id' in row ? { ...row, transaction_id: 0 } : row;

/** Every row of every table, booleans as SQLite has them. */
async function contentOf(database: Database): Promise<Record<string, unknown[]>> {
  const template = openDatabase(`sqlite:${join(process.env.TEST_DATABASES!, 'rollbook.db')}`);
  const content: Record<string, unknown[]> = {};
  for (const { name, key } of await tablesOf(template)) {
    const rows: Record<string, unknown>[] = await database.knex(name).orderBy([...key]);
    content[name] = rows.map((row) =>
      JSON.parse(JSON.stringify(row, (_, value) => (typeof value === 'boolean' ? +value : value))),
    );
  }
  await template.close();
  return content;
}

test('a backup under load holds all that was acknowledged before it began, and nothing by half', async () => {
  const { token } = await clientOf(world);
  const server = await serve(world);
  const { put, get } = attendanceOf(server.url, world, token);
  const { ada, grace, alan } = world.enrollments;
  const acknowledged = [0, 0, 0, 0];
  let writing = true;
  const writers = acknowledged.map(async (_, writer) => {
    while (writing) {
      const [date, status] = [`2025-10-1${3 + writer}`, 2 + (acknowledged[writer]! % 3)];
      const { attendance } = (await (
        await put([ada, date, status], [grace, date, status], [alan, date, status])
      ).json()) as { attendance: { response_code: number }[] };
      expect(attendance.map(({ response_code }) => response_code)).toEqual([200, 200, 200]);
      acknowledged[writer]!++;
    }
  });
  while (Math.min(...acknowledged) < 10) await wait(5);
  const before = [...acknowledged];
  const { bytes, rows, seconds } = await backup(world, 'under-load.db');
  const after = [...acknowledged];
  writing = false;
  await Promise.all(writers);
  expect([bytes, rows, seconds].every((figure) => figure > 0)).toBe(true);

  const copy = await restored('under-load.db');
  const said = await copy.database.knex('journal').whereNotNull('enrollment_id').orderBy('id');
  const all = await world.database.knex('journal').whereNotNull('enrollment_id').orderBy('id');
  for (const [writer] of before.entries()) {
    const of = (journal: { date: string }[]) => journal.filter(({ date }) => date === `2025-10-1${3 + writer}`);
    const requests = of(said).length / 3;
    expect(Number.isInteger(requests)).toBe(true);
    expect(requests).toBeGreaterThanOrEqual(before[writer]!);
    expect(requests).toBeLessThanOrEqual(after[writer]! + 1);
    expect(of(said)).toEqual(of(all).slice(0, of(said).length).map(restoredRow));
  }

  await backup(world, 'at-rest.db');
  const again = attendanceOf((await serve(await restored('at-rest.db'))).url, world, token);
  const [one, two] = [await get(), await again.get()];
  expect([two.status, await two.json()]).toEqual([200, await one.json()]);
  expect(two.headers.get('etag')).not.toBe(one.headers.get('etag')); // restored.test.ts says why
  expect((await again.put([ada, '2025-10-20', 2])).status).toBe(200);
});

test('what one engine has backed up the other restores, row by row, and back', async () => {
  await fillEverything();
  const whole = Object.fromEntries(
    Object.entries(await contentOf(world.database)).map(([name, rows]) => [
      name,
      rows.map((row) => restoredRow(row as object)),
    ]),
  );
  const { rows } = await backup(world, 'first.db');
  expect(rows).toBe(Object.values(whole).flat().length); // as many as are restored
  const moved = await restored('first.db', other);
  expect(await contentOf(moved.database)).toEqual(whole);
  await backup(moved, 'second.db');
  const back = await restored('second.db');
  expect(await contentOf(back.database)).toEqual(whole);
  const { database } = moved.database.partitioned ? moved : back;
  if (database.partitioned) {
    const [known] = await database.knex('pg_stats').where({ tablename: 'enrollments' }).limit(1);
    expect(known).toBeDefined(); // else its planner takes the table for empty
  }
  const { larkspur: district_id } = world.districts;
  const fresh = { district_id, name: 'New', type: 'school', number: '9' };
  const [{ id }] = await back.database.knex('schools').insert(fresh).returning('id');
  expect(id).toBeGreaterThan(Math.max(...whole.schools!.map((school) => (school as { id: number }).id)));
  expect(
    ['former_schools', 'former_terms', 'corrections', 'corrected_rolls'].map((table) => whole[table]!.length),
  ).toEqual([1, 1, 1, 1]);
});

/** Something in each table, in days of several school years, with what is hard to copy. */
async function fillEverything(): Promise<void> {
  const { knex } = world.database;
  const { larkspur: district_id } = world.districts;
  const { ada } = world.enrollments;
  await clientOf(world);
  await knex('enrollments').where({ id: ada }).update({ begin_date: '1995-01-01', end_date: '2095-01-01' });
  const mark = (date: string, comment: string) => ({ enrollment: ada, date, status: 2, comment });
  await world.ledger.record(
    [mark('1995-06-30', 'née "O\'Hara"\n{\\u0041, null}'), mark('2025-10-07', '病 🤒'), mark('2094-07-01', '0012')],
    world.actor,
  );
  const now = '2025-10-07T08:00:00.123Z';
  const entry = { district_id, enrollment_id: ada, date: '2025-10-07' };
  await knex('osdi_attendances').insert({
    ...entry,
    comment: '',
    identifiers: '["a:1"]',
    created_at: now,
    changed_at: now,
  });
  await knex('wix_attendances').insert({ ...entry, number_of_attendees: 2 });
  const section_id = world.sections.algebra;
  const until = { begin_date: '0001-01-01', end_date: '2025-09-02' };
  await knex('former_schools').insert({ district_id, section_id, school_id: 0, ...until });
  await knex('former_terms').insert({ district_id, section_id, is_between: true, ...until });
  const days = { api: 'enrollment set', what: 'days', from_value: '', to_value: '../..' };
  const corrected = { ...days, district_id, section_id, enrollment_id: ada, date: '2025-10-07', at: now };
  await knex('corrections').insert(corrected);
  await knex('corrected_rolls').insert({ ...entry, section_id, at: now, is_on: true });
}

test('a backup is readable by its owner alone, never takes the place of a file unasked, and leaves nothing beside it', async () => {
  await backup(world, 'kept.db');
  expect(statSync(inFolder('kept.db')).mode & 0o777).toBe(0o600);
  const kept = readFileSync(inFolder('kept.db'));
  await world.ledger.record([{ enrollment: world.enrollments.ada, date: '2025-10-07', status: 2 }], world.actor);
  const refused = await run(world, ['backup', inFolder('kept.db')]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    `rollbook: ${inFolder('kept.db')} exists; --force replaces it.\n`,
  ]);
  expect(readFileSync(inFolder('kept.db')).equals(kept)).toBe(true);
  expect((await run(world, ['backup', inFolder('kept.db'), '--force'])).code).toBe(0);
  expect(readFileSync(inFolder('kept.db')).equals(kept)).toBe(false);
  const nowhere = await run(world, ['backup', inFolder('no/kept.db')]);
  expect([nowhere.code, nowhere.stderr]).toEqual([1, `rollbook: There is no folder ${inFolder('no')}.\n`]);
  expect(readdirSync(folder)).toEqual(['kept.db']);
});

/** What is no sound backup: makes it of one that is. */
const faults: [what: string, spoil: (file: string) => void, sentence: string][] = [
  ['a file that is not there', (file) => rmSync(file), 'There is no file'],
  ['an empty file', (file) => truncateSync(file), 'is not a backup of rollbook'],
  ['a text', (file) => writeFileSync(file, 'select 1;\n'), 'is not a backup of rollbook'],
  ['a dump of pg_dump', (file) => writeFileSync(file, 'PGDMP\u0001\u000e'), 'was written by pg_dump'],
  ['a header alone', (file) => truncateSync(file, 100), 'is damaged'],
  ['half of a file', (file) => truncateSync(file, 4096 * Math.floor(statSync(file).size / 8192)), 'is damaged'],
  ['a page of zeros', (file) => writeFileSync(file, readFileSync(file).fill(0, 4096 * 5, 4096 * 6)), 'is damaged'],
  [
    'a database of something else',
    (file) => {
      rmSync(file);
      change(file, 'create table people (id integer)');
    },
    'not one of rollbook',
  ],
  [
    'a backup of a newer rollbook',
    (file) => change(file, "insert into knex_migrations (name) values ('9999_later')"),
    'newer rollbook, which has the migration 9999_later',
  ],
  [
    'migrations without a name',
    (file) => change(file, 'update knex_migrations set name = null where id = 2'),
    'name is to be a string, not null',
  ],
  ['rows that name others that are missing', (file) => change(file, 'delete from people'), 'a row of'],
  ['a database in use', (file) => writeFileSync(`${file}-wal`, 'x'), 'is a database in use'],
];
function change(file: string, sql: string): void {
  const connection = new BetterSqlite3(file);
  connection.pragma('foreign_keys = off');
  connection.exec(sql);
  connection.close();
}

test.each(faults)('%s is refused, and the database stays empty', async (_what, spoil, sentence) => {
  const { file } = await writeBackup(world.database, inFolder('spoilt.db'));
  spoil(file);
  const into = await empty();
  const tried = restore(
    file,
    () => openDatabase(into.url),
    async () => undefined,
  );
  await expect(tried).rejects.toThrow(BackupError);
  await expect(tried).rejects.toThrow(sentence);
  expect(await into.database.knex('districts')).toEqual([]);
});

test('a database that is not empty stays as it is', async () => {
  await backup(world, 'whole.db');
  const before = await contentOf(world.database);
  const { code, stderr } = await run(world, ['restore', inFolder('whole.db')], { TMPDIR: folder });
  expect(readdirSync(folder)).toEqual(['whole.db']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('The database is not empty')]);
  expect(await contentOf(world.database)).toEqual(before);
});

/** The table that is the last but one to be filled takes nothing. */
/** An index that takes no row: somebody may have added indexes. */
const noRow = {
  sqlite: ['create index mine on api_tokens (json(hash))', 'malformed JSON'],
  postgres: ['create index mine on api_tokens ((1 / (length(hash) - length(hash))))', 'division by zero'],
};

test('a restore that fails in its midst leaves nothing behind', async () => {
  await clientOf(world);
  await backup(world, 'whole.db');
  const into = await empty(here, false);
  const { knex } = into.database;
  const [index, sentence] = noRow[here as keyof typeof noRow];
  await knex.raw(index!);
  const { code, stderr } = await run(into, ['restore', inFolder('whole.db')]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(sentence!)]);
  for (const table of ['districts', 'people', 'enrollments', 'api_clients']) expect(await knex(table)).toEqual([]);
});

test('the backup of an older schema is restored and migrated', async () => {
  const old = openDatabase(`sqlite:${inFolder('old.db')}`);
  await migrate(old, { only: ['0001_roster', '0002_ledger', '0003_clients'] });
  await old.knex('districts').insert({ name: 'Old', time_zone: 'UTC', created_at: '2020-01-01T00:00:00.000Z' });
  await old.close();
  const into = await restored('old.db');
  expect(await into.database.knex('districts').pluck('name')).toEqual(['Old']);
  expect(await into.database.knex('wix_attendances')).toEqual([]);
});

test('what Litestream restores is restored like a backup, without the tables that it keeps for itself', async () => {
  await clientOf(world);
  await backup(world, 'replica.db');
  change(
    inFolder('replica.db'),
    `pragma journal_mode = wal;
    create table _litestream_lock (id integer); insert into _litestream_lock values (1);
    create table _litestream_seq (id integer primary key, seq integer); insert into _litestream_seq values (1, 2)`,
  );
  const into = await restored('replica.db');
  expect(await contentOf(into.database)).toEqual(await contentOf(world.database));
  expect(await into.database.knex.schema.hasTable('_litestream_lock')).toBe(false);
});

test('a backup whose list of migrations has a gap is refused, and none is made of such a database', async () => {
  await world.close();
  world = await openWorld({ reuse: false });
  const { knex } = world.database;
  const row = await knex('knex_migrations').where('name', '0014_summaries').first();
  await backup(world, 'whole.db');
  const file = new BetterSqlite3(inFolder('whole.db'));
  file.prepare("delete from knex_migrations where name = '0014_summaries'").run();
  file.close();
  const into = await empty();
  const refused = await run(into, ['restore', inFolder('whole.db')]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    `rollbook: The list of migrations in ${inFolder('whole.db')} (knex_migrations) lacks 0014_summaries, though it has later ones. Put back what was deleted from the list.\n`,
  ]);
  expect(await into.database.knex('districts')).toEqual([]);

  await knex('knex_migrations').where('name', '0014_summaries').delete();
  const { code, stderr } = await run(world, ['backup', inFolder('gap.db')]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/lacks 0014_summaries, though it has later ones\. Put back/),
  ]);
  expect(readdirSync(folder)).toEqual(['whole.db']);
  // Put back, it is the last one of the list.
  const { id: _, ...rest } = row;
  await knex('knex_migrations').insert(rest);
  await backup(world, 'again.db');
  await restored('again.db');
});

test('a key that does not fit is refused, unless one can do without the secrets', async () => {
  await clientOf(world);
  await backup(world, 'sealed.db');
  const into = await empty();
  const restoring = (...args: string[]) =>
    run(into, ['restore', inFolder('sealed.db'), ...args], { ROLLBOOK_SECRET_KEY: 'y'.repeat(40) });
  const refused = await restoring();
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/^rollbook: ROLLBOOK_SECRET_KEY is not the key/),
  ]);
  const without = await run(into, ['restore', inFolder('sealed.db')], { ROLLBOOK_SECRET_KEY: '' });
  expect([without.code, without.stderr]).toEqual([1, expect.stringMatching(/there is no key/)]);
  expect(await into.database.knex('districts')).toEqual([]);
  expect((await restoring('--any-key')).code).toBe(0);
  expect(await into.database.knex('api_clients')).toHaveLength(1);
});

test('check prints what is wrong with exit code 2, bounded, and as one JSON document', async () => {
  const marks = [world.enrollments.ada, world.enrollments.grace].map((enrollment) => ({
    enrollment,
    date: '2025-10-07',
    status: 2,
    comment: '',
  }));
  await world.ledger.record(marks, world.actor);
  const clean = await run(world, ['check', '--json']);
  expect([clean.code, JSON.parse(clean.stdout)]).toMatchObject([0, { errors: 0 }]);
  await world.database.knex('marks').update({ status: 3 });
  const found = await run(world, ['check', '--first', '1', '--json']);
  expect([
    found.code,
    JSON.parse(found.stdout).findings.filter(({ level }: { level: string }) => level === 'error'),
  ]).toMatchObject([
    2,
    [
      {
        name: 'mark_journaled',
        table: 'marks',
        count: 2,
        rows: [{ date: '2025-10-07', status: 3, journal_status: 2 }],
      },
    ],
  ]);
  const { code, stdout } = await run(world, ['check', '--first', '1']);
  expect([code, stdout]).toEqual([
    2,
    expect.stringMatching(/error mark_journaled: 2 in marks\. The last row[\s\S]*and 1 more/),
  ]);
});
