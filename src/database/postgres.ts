import makeKnex from 'knex';
import { type Client, types } from 'pg';
import type { Database, Engine, Executor } from './database';
import { bind, type Query } from './query';

/** Type numbers of PostgreSQL's catalogue (pg_type.dat). */
const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

/** Days stay `YYYY-MM-DD` text; a `Date` would be the day before in half of the world. Ids stay below 2^53. */
const parsers: Record<number, (text: string) => unknown> = {
  [INT8]: Number,
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
};

export const postgresEngine = (knex: Engine['knex']): Engine => ({
  knex,
  clustered: '',
  partitioned: true,
  migrationLock: 'select pg_advisory_xact_lock(7655260)',
  rows: (name, columns) =>
    `(select ${Object.entries(columns)
      .map(([column, type], index) => `cast(value ->> ${index} as ${type}) as ${column}`)
      .join(', ')} from jsonb_array_elements(cast(:${name} as jsonb)))`,
  // `offset 0` keeps the planner from turning it round: without statistics of a new part it might read all of it.
  lookUp: (table, where, as = table) =>
    `cross join lateral (select * from ${table} as ${as} where ${where} offset 0) as ${as} where true`,
});

/** PostgreSQL: a pool of connections, statements prepared by name on each. */
export function openPostgres(connectionString: string): Database {
  const getTypeParser = (oid: number, format?: 'text') => parsers[oid] ?? types.getTypeParser(oid, format);
  const knex = makeKnex({
    client: 'pg',
    connection: { connectionString, types: { getTypeParser } } as object,
    pool: { min: 0, max: 10 },
  });
  const onConnection = async <T>(work: (connection: Client) => Promise<T>): Promise<T> => {
    const connection: Client = await knex.client.acquireConnection();
    try {
      return await work(connection);
    } finally {
      knex.client.releaseConnection(connection);
    }
  };
  return {
    ...postgresEngine(knex),
    all: (query, values) => onConnection((connection) => executor(connection).all(query, values)),
    transaction: (work) => onConnection((connection) => inTransaction(connection, () => work(executor(connection)))),
    close: () => knex.destroy(),
  };
}

const names = new WeakMap<Query, string>();
let named = 0;

/** The name under which a connection keeps the query prepared: at most 63 bytes, the same on every connection. */
function nameOf(query: Query): string {
  const name = names.get(query) ?? `rollbook_${++named}`;
  names.set(query, name);
  return name;
}

function executor(connection: Client): Executor {
  return {
    async all<Row>(query: Query, values = {}) {
      const name = query.adHoc ? undefined : nameOf(query);
      const result = await connection.query({ name, text: query.sql, values: bind(query, values) });
      return result.rows as Row[];
    },
  };
}

async function inTransaction<T>(connection: Client, work: () => Promise<T>): Promise<T> {
  await connection.query('begin');
  try {
    const result = await work();
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch(() => undefined); // a connection that broke has rolled back already
    throw error;
  }
}
