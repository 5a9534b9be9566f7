import type { Writable } from 'node:stream';
import { Client, types } from 'pg';
import type { Server } from './hosts';
import { bit, checkRows, type RowOf } from './rows';

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
  /** What the server said of itself then. */
  readonly server: Server;
}

/** How long to wait for a new connection, in milliseconds: a little less than a request waits, which is to be told why there is none. */
export const CONNECT = 4_500;
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

/** A connection, and what is known of it. */
export type Opened = readonly [Connection, Session];

/** Makes a connection within so many milliseconds. */
export type OpenOne = (within: number) => Promise<Opened>;

/**
 * Makes connections to one host, which may be a pooler. A pooler that hands the sessions of the server round, a transaction
 * each, has no place for settings of a session: PgBouncer refuses `statement_timeout` at its start, or drops it where
 * `ignore_startup_parameters` says so. So each session is asked whether it has the limits.
 */
export function connectionsToOne(url: string, timeout: number): OpenOne {
  const limits = { statement_timeout: timeout, idle_in_transaction_session_timeout: timeout };
  let isRefused = timeout === 0;

  async function open(within: number): Promise<Connection> {
    if (isRefused) return connect(url, within, {});
    return connect(url, within, limits).catch((error) => {
      if (!refusesLimits(error)) throw error;
      isRefused = true;
      return connect(url, within, {});
    });
  }

  return async (within) => {
    const asked = performance.now();
    const connection = await open(within);
    try {
      const { limited, ...server } = await stateOf(connection, timeout);
      return [connection, { asked, limited: timeout === 0 || limited, server }];
    } catch (error) {
      await disconnect(connection);
      throw error;
    }
  };
}

async function connect(connectionString: string, within: number, settings: object): Promise<Connection> {
  const connection = new Client({
    connectionString,
    types: { getTypeParser },
    connectionTimeoutMillis: within,
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

const STATE = `select current_setting('transaction_read_only') = 'on' as "readOnly", pg_is_in_recovery() as standby,
  (select count(*) = 2 from pg_settings
    where name in ('statement_timeout', 'idle_in_transaction_session_timeout') and setting = $1) as limited`;

const stateRow = { readOnly: bit, standby: bit, limited: bit };

/** What a server says of itself, and whether it has the limits on this session. */
async function stateOf(connection: Connection, timeout: number): Promise<Server & { readonly limited: boolean }> {
  const query = { text: STATE, values: [String(timeout)], query_timeout: CONNECT };
  const answer = await connection.query(query);
  const [state] = checkRows<RowOf<typeof stateRow>>({ sql: STATE, row: stateRow }, answer.rows);
  const { readOnly, standby, limited } = state!;
  return { readOnly: Boolean(readOnly), standby: Boolean(standby), limited: Boolean(limited) };
}
