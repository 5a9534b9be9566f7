import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { check } from '../../src/cli/check';
import { migrate } from '../../src/database/migrate';
import { openDatabase } from '../../src/database/open';
import { type PostgresServer, startPostgres } from '../engines/postgres-server';
import { openWorld, type World } from '../world';
import { envOf } from './many';
import { rollbook } from './process';

/** Pages that a disk has lost: `check` says of which table, with exit code 2, never that it could not check. */
jest.setTimeout(120_000);

let world: World;
let where: string;
const mark = async () => {
  const { ada, grace } = world.enrollments;
  const days = Array.from({ length: 28 }, (_, day) => `2025-10-${String(day + 1).padStart(2, '0')}`);
  const marks = days.flatMap((date) =>
    [ada, grace].map((enrollment) => ({ enrollment, date, status: 2, comment: date })),
  );
  await world.ledger.record(marks, world.actor);
};
const run = async () => {
  const { code, stdout, stderr } = await rollbook(['check', '--json'], { ...envOf(world), DATABASE_URL: where });
  const { complete, findings } = JSON.parse(stdout || '{}');
  return {
    code,
    stderr,
    complete,
    tables: findings?.flatMap((each: { name: string; table: string }) =>
      each.name === 'table_intact' ? each.table : [],
    ),
  };
};

const onSqlite = () => {
  let file: string;
  let pages: Map<string, number>;
  const PAGE = 4096;
  /** By it SQLite knows that a file is one of its own. */
  const HEADER = 100;
  beforeEach(async () => {
    world = await openWorld();
    await mark();
    await world.database.knex.raw('pragma wal_checkpoint(truncate)');
    file = `${world.database.file}.spoilt`;
    copyFileSync(world.database.file!, file);
    where = `sqlite:${file}`;
    const connection = new BetterSqlite3(file);
    pages = new Map(
      connection.prepare('select name, rootpage from sqlite_schema where rootpage > 0').raw().all() as [
        string,
        number,
      ][],
    );
    connection.close();
  });
  afterEach(() => world.close());
  const spoil = (page: number, fill = 0xa5, from = 0) => {
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(PAGE - from, fill), 0, PAGE - from, (page - 1) * PAGE + from);
    closeSync(descriptor);
  };

  test.each([
    ['people', 'people'],
    ['journal', 'journal'],
    ['people_mail_index', 'people'],
    ['knex_migrations', 'knex_migrations'],
    ['epochs', 'epochs'],
  ])('a page of %s that is damaged is found in the table %s', async (of, table) => {
    spoil(pages.get(of)!);
    expect(await run()).toEqual({ code: 2, stderr: '', complete: false, tables: [table] });
  });

  test.each([
    ['sqlite_sequence', 0x00, 0],
    ['sqlite_sequence', 0xa5, 0],
    ['sqlite_schema', 0x00, HEADER],
    ['sqlite_schema', 0xa5, HEADER],
    ['sqlite_schema', 0xa5, 0],
  ])("a page of %s, which is SQLite's own, is found in the file (%d from byte %d on)", async (of, fill, from) => {
    spoil(pages.get(of) ?? 1, fill, from);
    expect(await run()).toEqual({ code: 2, stderr: '', complete: false, tables: [file] });
    const { stdout } = await rollbook(['check'], { ...envOf(world), DATABASE_URL: where });
    expect(stdout).toContain(`error table_intact: 1 in ${file}. `);
    expect(stdout).not.toContain('sqlite_');
  });

  test('what is wrong with the file beside its tables is found in the file', async () => {
    const connection = new BetterSqlite3(file);
    connection.exec('create table mine (text text)');
    connection.prepare('insert into mine values (?)').run('x'.repeat(20 * PAGE));
    connection.exec('drop table mine'); // leaves free pages
    connection.pragma('wal_checkpoint(truncate)');
    connection.close();
    const trunk = Buffer.alloc(4);
    const descriptor = openSync(file, 'r');
    readSync(descriptor, trunk, 0, 4, 32); // https://sqlite.org/fileformat2.html#free_page_list
    closeSync(descriptor);
    expect(trunk.readUInt32BE()).toBeGreaterThan(0);
    spoil(trunk.readUInt32BE());
    const { code, stdout } = await rollbook(['check'], { ...envOf(world), DATABASE_URL: where });
    expect([code, stdout]).toEqual([2, expect.stringMatching(/^error file_intact: \d+ in /)]);
    expect(stdout).toContain(` in ${file}. `);
    expect(stdout).not.toContain('sqlite_');
  });

  test('it is said in a sentence, and what else is wrong beside it', async () => {
    spoil(pages.get('marks')!);
    const { code, stdout } = await rollbook(['check'], { ...envOf(world), DATABASE_URL: where });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^error table_intact: \d+ in marks\. Each page of the table/m);
    expect(stdout).toContain('The database is damaged: not all that it holds could be checked.\n');
  });

  test.each([
    ['the first page', () => spoil(1)],
    ['all but the first page', () => truncateSync(file, PAGE)],
    ['half of the pages', () => truncateSync(file, Math.floor(statSync(file).size / 2 / PAGE) * PAGE)],
  ])('where %s is gone, it says so', async (_what, lose) => {
    lose();
    const { code, tables } = await run();
    expect([code, tables.length]).toEqual([2, expect.any(Number)]);
    expect(tables.length).toBeGreaterThan(0);
  });

  test('whichever page is damaged, it is found', async () => {
    const whole = readFileSync(file);
    try {
      for (let page = 1; page <= whole.length / PAGE; page++) {
        file = `${world.database.file}.${page}`;
        writeFileSync(file, whole);
        spoil(page);
        process.env.DATABASE_URL = `sqlite:${file}`;
        const { findings } = await check(3);
        expect([page, findings.filter(({ level }) => level === 'error').length > 0]).toEqual([page, true]);
      }
    } finally {
      delete process.env.DATABASE_URL;
    }
  });
};

const onPostgres = () => {
  let postgres: PostgresServer;
  const shared = process.env.TEST_POSTGRES_URL;
  const ask = async (sql: string, url = world.url) => {
    const client = new Client(url);
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows[0];
  };
  beforeAll(async () => {
    postgres = await startPostgres();
    process.env.TEST_POSTGRES_URL = postgres.url;
    await ask('create database template_rollbook', `${postgres.url}postgres`);
    const database = openDatabase(`${postgres.url}template_rollbook`);
    await migrate(database);
    await database.close();
  });
  afterAll(async () => {
    process.env.TEST_POSTGRES_URL = shared;
    await postgres.stop();
  });
  beforeEach(async () => {
    world = await openWorld({ reuse: false });
    where = world.url;
    await mark();
    await migrate(world.database);
    await world.database.close();
  });
  afterEach(() => world.close());

  test.each([
    ['people', 'people'],
    ['marks_2025', 'marks_2025'],
    ['journal_2025', 'journal_2025'],
    ['people_mail_index', 'people'],
  ])('a page of %s that is damaged is found in the table %s', async (of, table) => {
    const { path } = await ask(
      `select current_setting('data_directory') || '/' || pg_relation_filepath('${of}') as path`,
    );
    await ask('checkpoint');
    await postgres.crash(); // nothing of it is in memory any more
    const descriptor = openSync(path, 'r+');
    const size = statSync(path).size;
    for (let at = 0; at < size; at += 8192) writeSync(descriptor, Buffer.alloc(4096, 0xa5), 0, 4096, at + 2048);
    const { code, stderr, complete, tables } = await run();
    expect([code, stderr, complete, tables]).toEqual([2, '', false, [table]]);
  });
};

if (process.env.ENGINE === 'postgres') describe('PostgreSQL', onPostgres);
else describe('SQLite', onSqlite);
