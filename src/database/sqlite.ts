import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import makeKnex from 'knex';
import type { Database, Engine, Executor, Identity, Transaction } from './database';
import { groupCommit } from './group-commit';
import { sqliteInvariants } from './invariants';
import { type AnyQuery, bind, type Query, quiet, type Values } from './query';
import { checkRows, integer, oneOf } from './rows';
import { sqliteSchema } from './schema';

/** How long a writer queues for its turn, in milliseconds. */
const PATIENCE = 10_000;
/** The longest pause between two looks whether it is our turn. */
const PAUSE = 4;
/** For how long one process writes on while others write too, and for how long it then leaves the file to them. */
const TURN = 25;
const GAP = PAUSE + 2;
/** Others are taken to be writing for so long after they were last seen to. */
const MEMORY = 1_000;

/**
 * Begins transactions that write, in turn with other processes. SQLite would wait within a call and hold up
 * everything this process does; so each try returns at once, and the waiting is ours. Throws SQLITE_BUSY when
 * patience is at an end.
 */
export function writeLock(connection: BetterSqlite3.Database): () => Promise<void> {
  let seen = versionOf(connection);
  connection.pragma('busy_timeout = 0');
  let company = 0;
  let since = 0;
  return async () => {
    const [now, version] = [performance.now(), await patiently(() => versionOf(connection))];
    if (version !== seen) company = now + MEMORY;
    if (company > now && now - since > TURN) {
      await wait(GAP);
      since = performance.now();
    }
    await patiently(() => connection.exec('begin immediate'));
    seen = versionOf(connection);
  };
}

/** Tries until nobody is in the way: who writes, or who recovers what a killed process has left (SQLITE_BUSY_RECOVERY). */
async function patiently<T>(attempt: () => T): Promise<T> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= end) throw error;
    }
    await wait(1 + Math.random() * (PAUSE - 1));
  }
}

/** Changes when another connection has written (https://sqlite.org/pragma.html#pragma_data_version). */
const versionOf = (connection: BetterSqlite3.Database) => connection.pragma('data_version', { simple: true });

const isBusy = (error: unknown): boolean => String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');

interface Prepared {
  readonly statement: BetterSqlite3.Statement;
  /** The names of its columns; undefined where it returns no rows. */
  readonly columns: readonly string[] | undefined;
}

/** Runs compiled queries as prepared statements on one connection. */
export function executor(connection: BetterSqlite3.Database): Transaction {
  const known = new WeakMap<AnyQuery, Prepared>();
  const prepared = (query: AnyQuery): Prepared => {
    const statement = connection.prepare(query.sql);
    const columns = statement.reader
      ? statement
          .raw()
          .columns()
          .map(({ name }) => name)
      : undefined;
    known.set(query, { statement, columns });
    return { statement, columns };
  };
  const run = <Row>(query: AnyQuery, values: Values = {}): Row[] => {
    const { statement, columns } = known.get(query) ?? prepared(query);
    const bound = bind(query, values);
    if (columns) return (statement.all(bound) as unknown[][]).map((row) => objectOf<Row>(columns, row));
    statement.run(bound);
    return [];
  };
  return {
    all: async <Row>(query: Query<Row>, values?: Values) => run<Row>(query, values),
    write(query, values) {
      run(query, values);
    },
  };
}

/** Twice as fast as letting the driver make the objects. */
function objectOf<Row>(columns: readonly string[], row: readonly unknown[]): Row {
  const object: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) object[columns[index]!] = row[index];
  return object as Row;
}

/** How long a statement of knex waits for another process to finish writing, in milliseconds. */
const BUSY_TIMEOUT = 10_000;

/** As many pages as the interface takes. */
const ALL_PAGES = 0x7fffffff;

export const sqliteEngine = (knex: Engine['knex'], filename: string): Engine => ({
  knex,
  system: 'sqlite',
  clustered: ' without rowid',
  partitioned: false,
  migrationLock: 'pragma user_version = 1',
  lastId: (table) => `select coalesce(max(seq), 0) as last from sqlite_sequence where name = '${table}'`,
  resumeIds: (table) => [
    `update sqlite_sequence set seq = max(seq, :last) where name = '${table}'`,
    `insert into sqlite_sequence (name, seq) select '${table}', :last
    where not exists (select 1 from sqlite_sequence where name = '${table}')`,
  ],
  transactionNumber: '0',
  written: (table) =>
    `select 0 as "transaction", coalesce(max(seq), 0) as id from sqlite_sequence where name = '${table}'`,
  // The id is the rowid, and in a comparison of rows it enters no index.
  between: (table, after, to) =>
    `${table}.transaction_id = 0 and ${table}.id > ${after.id} and ${table}.id <= ${to.id}`,
  sharedId: (table) =>
    `(select coalesce(max(seq), 0) from sqlite_sequence where name = '${table}') + row_number() over ()`,
  keepSharedIds: (table, other) => {
    const last = `(select ${other}.id from ${other} where ${other}.district_id = :district
      order by ${other}.transaction_id desc, ${other}.id desc limit 1)`;
    return [
      `update sqlite_sequence set seq = max(seq, ${last}) where name = '${table}'`,
      `insert into sqlite_sequence (name, seq) select '${table}', ${last}
      where not exists (select 1 from sqlite_sequence where name = '${table}')`,
    ];
  },
  skipIds: [
    "update sqlite_sequence set seq = seq + :gap where name not like 'knex\\_%' escape '\\'",
    `insert into sqlite_sequence (name, seq) select sqlite_schema.name, :gap from sqlite_schema
    where sqlite_schema.type = 'table' and sqlite_schema.sql like '%autoincrement%' and sqlite_schema.name not like 'knex\\_%' escape '\\'
      and not exists (select 1 from sqlite_sequence where sqlite_sequence.name = sqlite_schema.name)`,
  ],
  tables:
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name",
  readWhole: (table) =>
    // A row that a constraint would refuse is no damage; `file_intact` tells of it.
    `select integrity_check as problem from pragma_integrity_check('${table}')
    where integrity_check <> 'ok' and integrity_check not like 'CHECK constraint failed%'
      and integrity_check not like 'NULL value in%'`,
  readSchema: sqliteSchema,
  schemaFile: 'sqlite.txt',
  invariants: sqliteInvariants(filename),
  folded: (sql) => `lower(${sql})`,
  rows: (name, columns) =>
    `(select ${Object.keys(columns)
      .map((column, index) => `value ->> ${index} as ${column}`)
      .join(', ')} from json_each(:${name}))`,
  hasOneOf: (column, name) => `${column} in (select value ->> 0 from json_each(:${name}))`,
  // `cross join` holds it to this order of the tables.
  lookUp: (table, where) => `cross join ${table} where ${where}`,
  leftLookUp: (table, where) => `left join ${table} on ${where}`,
});

/**
 * SQLite embedded: one connection writes, durably (WAL, synchronous FULL);
 * another reads the last committed state, so that no reader sees half a transaction.
 */
export function openSqlite(filename: string): Database {
  createFor(filename);
  const writer = connect(filename);
  const reader = connect(filename);
  reader.pragma('query_only = on');
  const knex = makeKnex({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    ...quiet,
    pool: { min: 0, max: 1, afterCreate },
  });
  const identity = identityOf(filename);
  const { transaction, load } = groupCommit(writer, executor(writer), writeLock(writer));
  return {
    ...sqliteEngine(knex, filename),
    ...executor(reader),
    file: filename,
    identities: [identity],
    transaction,
    load,
    snapshot: (work) => onSnapshot(filename, work),
    damagedTable: async () => filename, // each table but SQLite's own can be asked by itself
    probe: async () => {
      identity.check?.();
      reader.pragma('schema_version');
      return 'ready';
    },
    copyTo: (copy) => copyInOneStep(filename, copy),
    scrub: () => scrub(writer),
    close: async () => {
      await transaction(async () => undefined); // the last in the queue
      await knex.destroy();
      reader.close();
      writer.close();
    },
  };
}

/** The file that was opened has been replaced by another: what is written into it is lost. */
class FileReplaced extends Error {
  readonly code = 'ESTALE';
}

/** A file that was copied, or brought from elsewhere, is another one of its file system. One that was moved may be, too. */
function identityOf(filename: string): Identity {
  const number = statSync(filename, { bigint: true }).ino;
  return {
    check: () => {
      if (statSync(filename, { bigint: true, throwIfNoEntry: false })?.ino !== number)
        throw new FileReplaced(`${filename} was replaced while it was in use: start rollbook again.`);
    },
    made: `'${number}'`,
    holds: `epochs.identity = '${number}'`,
    certain: false,
  };
}

async function onSnapshot<T>(filename: string, work: (reading: Executor) => Promise<T>): Promise<T> {
  const connection = connect(filename);
  try {
    connection.pragma('query_only = on');
    connection.exec('begin');
    return await work(executor(connection));
  } finally {
    connection.close();
  }
}

/**
 * "If the source database is modified [...] by an external process [...] the backup will be automatically restarted
 * by the next call" (https://sqlite.org/c3ref/backup_finish.html): page by page it would never end while others write.
 * One step holds one state of the database and, in WAL mode, nobody up.
 */
async function copyInOneStep(filename: string, copy: string): Promise<void> {
  const connection = new BetterSqlite3(filename, { timeout: BUSY_TIMEOUT });
  try {
    await connection.backup(copy, { progress: () => ALL_PAGES });
  } finally {
    connection.close();
  }
  standAlone(copy);
}

/** Leaves the database in one file, without a journal beside it. */
export function standAlone(filename: string): void {
  const connection = new BetterSqlite3(filename);
  connection.pragma('journal_mode = delete');
  connection.close();
}

/** What `wal_checkpoint` answers: whether it was kept from emptying the log, and how many pages there were. */
const emptied = { busy: oneOf(0, 1), log: integer, checkpointed: integer };

/** Writes the whole file anew, without what lay in its free pages, and empties the log of it (https://sqlite.org/lang_vacuum.html). */
async function scrub(connection: BetterSqlite3.Database): Promise<string | undefined> {
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
  try {
    connection.exec('vacuum');
    const sql = 'pragma wal_checkpoint(truncate)';
    const [done] = checkRows<{ busy: number }>({ sql, row: emptied }, connection.prepare(sql).all());
    return done!.busy
      ? 'The write-ahead log could not be emptied while others read; it is once they pause.'
      : undefined;
  } finally {
    connection.pragma('busy_timeout = 0');
  }
}

/** A new database is readable by its owner alone; SQLite gives its journal the same mode. */
function createFor(filename: string): void {
  mkdirSync(dirname(filename), { recursive: true, mode: 0o700 });
  closeSync(openSync(filename, 'a', 0o600));
}

function connect(filename: string): BetterSqlite3.Database {
  const connection = new BetterSqlite3(filename, { timeout: BUSY_TIMEOUT });
  prepare(connection);
  return connection;
}

function prepare(connection: BetterSqlite3.Database): void {
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
}

/** knex's own connection, for migrations, under the same settings. */
function afterCreate(connection: BetterSqlite3.Database, done: () => void): void {
  prepare(connection);
  done();
}
