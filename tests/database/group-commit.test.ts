import BetterSqlite3 from 'better-sqlite3';
import type { Database } from '../../src/database/database';
import { groupCommit } from '../../src/database/group-commit';
import { executor, writeLock } from '../../src/database/sqlite';

/** What the connection was told, and what callers heard, in the order it happened. */
let log: string[];
let connection: BetterSqlite3.Database;
let transaction: Database['transaction'];
beforeEach(() => {
  log = [];
  connection = new BetterSqlite3(':memory:', { verbose: (sql) => log.push(String(sql)) });
  connection.exec('create table marks (name text)');
  log.length = 0;
  ({ transaction } = groupCommit(connection, executor(connection), writeLock(connection)));
});
afterEach(() => connection.close());

const insert = (name: string) => ({ sql: `insert into marks values ('${name}')`, names: [] });
const write = (name: string, fault?: Error) =>
  transaction(async (tx) => {
    await tx.all(insert(name));
    if (fault) throw fault;
    return name;
  }).then(
    (done) => log.push(`told ${done}`),
    (error) => log.push(`told ${name} ${error.code ?? error.message}`),
  );
const names = () => connection.prepare('select name from marks').pluck().all();

test('writes that wait at the same time share one commit, and none is answered before it', async () => {
  await Promise.all(['a', 'b', 'c'].map((name) => write(name)));
  expect(log.filter((line) => /^(begin|commit|told)/.test(line))).toEqual([
    'begin immediate',
    'commit',
    'told a',
    'told b',
    'told c',
  ]);
  expect(names()).toEqual(['a', 'b', 'c']);
});

test('one that fails is undone alone', async () => {
  await Promise.all([write('a'), write('b', new Error('stale')), write('c')]);
  expect(names()).toEqual(['a', 'c']);
  expect(log.filter((line) => line.startsWith('told')).sort()).toEqual(['told a', 'told b stale', 'told c']);
});

test('where the whole transaction is lost, none of them was done, and the next ones go on', async () => {
  const fault = Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' });
  const lost = transaction(async (tx) => {
    await tx.all(insert('lost'));
    connection.prepare('rollback').run(); // as SQLite itself does
    throw fault;
  }).catch((error) => log.push(`told lost ${error.code}`));
  await Promise.all([write('a'), lost, write('b')]);
  expect(names()).toEqual([]);
  expect(log.filter((line) => line.startsWith('told')).sort()).toEqual([
    'told a SQLITE_FULL',
    'told b SQLITE_FULL',
    'told lost SQLITE_FULL',
  ]);
  await write('later');
  expect(names()).toEqual(['later']);
});

test('a write that goes on after the whole transaction was lost is not told that it is done, nor are the others', async () => {
  const unaware = transaction(async () => {
    connection.prepare('rollback').run();
  }).then(
    () => log.push('told unaware'),
    (error) => log.push(`told unaware ${error.message}`),
  );
  await Promise.all([write('a'), unaware, write('b')]);
  expect(names()).toEqual([]);
  expect(log.filter((line) => /^told (a|b|unaware)$/.test(line))).toEqual([]);
  await write('later');
  expect(names()).toEqual(['later']);
});

test('more than a hundred take more than one commit, in the order they came', async () => {
  const all = Array.from({ length: 250 }, (_, index) => `m${index}`);
  await Promise.all(all.map((name) => write(name)));
  expect(names()).toEqual(all);
  expect(log.filter((line) => line === 'commit')).toHaveLength(3);
});

test('a write that begins another one afterwards is not stuck behind itself', async () => {
  await write('first');
  await write('second');
  expect(names()).toEqual(['first', 'second']);
});
