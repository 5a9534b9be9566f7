import type { Writable } from 'node:stream';
import { Client, types } from 'pg';

/** A connection as the driver has it, and as knex's pool marks it. */
export type Connection = Client & {
  readonly connection: { readonly stream: Writable & { destroy(): void } };
  /** Why the pool throws it away before it is used again. */
  __knex__disposed?: unknown;
};

/** What is known of a connection. */
export interface Session {
  /** When it was asked for: what it may do was settled after. By the clock of `performance.now`. */
  readonly asked: number;
  /** Whether the server ends by itself what takes too long on it; if not, each transaction has to ask for that. */
  readonly limited: boolean;
}

/** How long to wait for a new connection, in milliseconds. */
export const CONNECT = 5_000;
/** After which silence the system asks whether the other side is still there, in milliseconds: a second later again, ten times. */
const KEEP_ALIVE = 10_000;
/** How long a connection that is closed has to say goodbye, in milliseconds: one that leads nowhere never would. */
const GOODBYE = 1_000;

/** Type numbers of PostgreSQL's catalogue (pg_type.dat). */
const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

/** The instant that was read last: rows that were written together have the same one, and each takes a microsecond. */
let latest = { text: '', instant: '' };

/** Days stay `YYYY-MM-DD` text; a `Date` would be the day before in half of the world. Ids stay below 2^53. */
const parsers: Record<number, (text: string) => unknown> = {
  [INT8]: Number,
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: (text) => {
    if (text !== latest.text) latest = { text, instant: new Date(text).toISOString() };
    return latest.instant;
  },
};

const getTypeParser = (oid: number, format?: 'text') => parsers[oid] ?? types.getTypeParser(oid, format);

/**
 * Makes connections to a PostgreSQL, or to a pooler before it. A pooler that hands the sessions of the server round, a
 * transaction each, has no place for settings of a session: PgBouncer refuses `statement_timeout` at its start, or drops
 * it where `ignore_startup_parameters` says so. So each session is asked whether it has the limits.
 * @param timeout how long a statement, or a pause within a transaction, may take, in milliseconds; 0 for no limit
 */
export function connectionsTo(url: string, timeout: number): () => Promise<[Connection, Session]> {
  const limits = { statement_timeout: timeout, idle_in_transaction_session_timeout: timeout };
  let isRefused = timeout === 0;

  async function open(): Promise<Connection> {
    if (isRefused) return connect(url, {});
    return connect(url, limits).catch((error) => {
      if (!refusesLimits(error)) throw error;
      isRefused = true;
      return connect(url, {});
    });
  }

  return async () => {
    const asked = performance.now();
    const connection = await open();
    try {
      const limited = timeout === 0 || (!isRefused && (await hasLimits(connection, timeout)));
      return [connection, { asked, limited }];
    } catch (error) {
      await disconnect(connection);
      throw error;
    }
  };
}

async function connect(connectionString: string, settings: object): Promise<Connection> {
  const connection = new Client({
    connectionString,
    types: { getTypeParser },
    connectionTimeoutMillis: CONNECT,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE,
    pipeline: true,
    ...settings,
  } as object) as unknown as Connection;
  connection.on('error', (error) => {
    connection.__knex__disposed = error;
  });
  connection.on('end', () => {
    connection.__knex__disposed ??= 'it has ended';
  });
  await connection.connect();
  return connection;
}

/** Closes a connection, also one whose other side is not there any more. */
export async function disconnect(connection: Connection): Promise<void> {
  const late = setTimeout(() => connection.connection.stream.destroy(), GOODBYE);
  await connection.end();
  clearTimeout(late);
}

/** SQLSTATE protocol_violation, and the words of PgBouncer. */
const refusesLimits = ({ code, message }: { readonly code?: unknown; readonly message: string }): boolean =>
  code === '08P01' && /unsupported startup parameter/.test(message);

const LIMITED = `select count(*) = 2 as limited from pg_settings
  where name in ('statement_timeout', 'idle_in_transaction_session_timeout') and setting = $1`;

async function hasLimits(connection: Connection, timeout: number): Promise<boolean> {
  const { rows } = await connection.query<{ limited: boolean }>(LIMITED, [String(timeout)]);
  return rows[0]!.limited;
}
