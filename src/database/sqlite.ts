import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import makeKnex from 'knex';
import type { Database, Engine, Executor } from './database';
import { bind, type Query } from './query';

/** How long a statement waits for another process to finish writing, in milliseconds. */
const BUSY_TIMEOUT = 10_000;

export const sqliteEngine = (knex: Engine['knex']): Engine => ({
  knex,
  clustered: ' without rowid',
  migrationLock: 'pragma user_version = 1',
  rows: (name, columns) =>
    `(select ${Object.keys(columns)
      .map((column, index) => `value ->> ${index} as ${column}`)
      .join(', ')} from json_each(:${name}))`,
});

/**
 * SQLite embedded: one connection writes, one transaction after the other, durably (WAL, synchronous FULL);
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
    pool: { min: 0, max: 1, afterCreate },
  });
  const write = executor(writer);
  let tail: Promise<unknown> = Promise.resolve();
  return {
    ...sqliteEngine(knex),
    ...executor(reader),
    file: filename,
    transaction: (work) => {
      const turn = tail.then(() => inTransaction(writer, () => work(write)));
      tail = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      await tail;
      await knex.destroy();
      reader.close();
      writer.close();
    },
  };
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

function executor(connection: BetterSqlite3.Database): Executor {
  const statements = new Map<Query, BetterSqlite3.Statement>();
  const prepared = (query: Query) => {
    const known = statements.get(query);
    if (known) return known;
    const statement = connection.prepare(query.sql);
    statements.set(query, statement);
    return statement;
  };
  return {
    async all<Row>(query: Query, values = {}) {
      const statement = prepared(query);
      const bound = bind(query, values);
      if (statement.reader) return statement.all(bound) as Row[];
      statement.run(bound);
      return [];
    },
  };
}

async function inTransaction<T>(connection: BetterSqlite3.Database, work: () => Promise<T>): Promise<T> {
  connection.exec('begin immediate');
  try {
    const result = await work();
    connection.exec('commit');
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}
