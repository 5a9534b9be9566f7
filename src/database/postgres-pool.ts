import makeKnex from 'knex';
import { type Connection, disconnect, type Session } from './connect';
import { connectionShares } from './connection-shares';
import { connectionsTo } from './failover';
import { quiet } from './query';

/** How often the whole pool is made anew at most, while the server cannot be written, in milliseconds. */
const PAUSE = 1_000;
/** How long whoever asks waits for a connection in all, for a free one and for it to be opened, in milliseconds. */
const PATIENCE = 5_000;
/** And where none could be opened when last tried: so what asks one thing after the other does not wait for each. */
const WHILE_AWAY = 1_500;
/** SQLSTATE read_only_sql_transaction. */
const READ_ONLY = '25006';

/** What a statement that writes would be told. */
export class ReadOnly extends Error {
  readonly code = READ_ONLY;
}

export const isReadOnly = (error: unknown): boolean => (error as { code?: unknown }).code === READ_ONLY;

/** PostgreSQL has not answered in time. */
class Silent extends Error {
  /** SQLSTATE sqlclient_unable_to_establish_sqlconnection. */
  readonly code = '08001';
}

interface PoolOptions {
  /** At most so many connections at a time. */
  readonly pool: number;
  /** How long a statement, or a pause within a transaction, may take, in milliseconds; 0 for as long as it likes. */
  readonly timeout: number;
  /** Throws an error of the driver as what it means. */
  readonly rethrow: (error: unknown) => never;
}

/** The connections to PostgreSQL. They are opened as they are wanted, and made anew where others may do better. */
export function connectionPool(url: string, { pool, timeout, rethrow }: PoolOptions) {
  const knex = makeKnex({
    client: 'pg',
    ...quiet,
    connection: { connectionString: url },
    pool: { min: 0, max: pool },
    acquireConnectionTimeout: PATIENCE,
  });
  const { client } = knex;
  const shares = connectionShares(pool);
  const sessions = new WeakMap<Connection, Session>();
  /** Those that were asked for earlier are made anew by the pool, before they are used again. */
  let validFrom = Number.NEGATIVE_INFINITY;
  let refused = Number.NEGATIVE_INFINITY;
  /** Whether none could be opened when last tried, and nothing has been answered since. */
  let isAway = false;
  const connections = connectionsTo(url, timeout);
  client.acquireRawConnection = async () => {
    try {
      const [connection, session] = await connections.open();
      sessions.set(connection, session);
      isAway = false;
      return connection;
    } catch (error) {
      isAway = true;
      throw error;
    }
  };
  client.destroyRawConnection = disconnect;
  client.validateConnection = (connection: Connection) => {
    const session = sessions.get(connection)!;
    return session.asked >= validFrom && connections.isGood(session);
  };

  /** A server that cannot be written may have been demoted: others of the pool lead there, too. New ones ask for the primary. */
  const wasRefused = () => {
    refused = performance.now();
    if (refused - validFrom >= PAUSE) validFrom = refused;
  };

  /** There is one for each who has entered, but it may have to be opened. */
  async function acquire(end: number): Promise<Connection> {
    const asked = client.pool.acquire();
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      asked.abort();
    }, end - performance.now());
    try {
      return await asked.promise;
    } catch (error) {
      isAway = true;
      if (isLate) throw new Silent('PostgreSQL has not answered in time.');
      return rethrow(error);
    } finally {
      clearTimeout(late);
    }
  }

  const onAny = async <T>(end: number, work: (connection: Connection, session: Session) => Promise<T>): Promise<T> => {
    const connection = await acquire(end);
    try {
      const result = await work(connection, sessions.get(connection)!);
      isAway = false;
      return result;
    } catch (error) {
      if (isReadOnly(error)) wasRefused();
      // The pool throws a connection away that is marked so; one that the server ends has said so before it is closed.
      if (isLost(error)) connection.__knex__disposed = error;
      throw error;
    } finally {
      client.releaseConnection(connection);
    }
  };

  return {
    knex,

    /** Works on a connection that nobody else has meanwhile. */
    async onConnection<T>(
      district: number | undefined,
      work: (connection: Connection, session: Session) => Promise<T>,
    ): Promise<T> {
      const patience = isAway ? WHILE_AWAY : PATIENCE;
      const end = performance.now() + patience;
      const leave = await shares.enter(district, patience);
      return onAny(end, work).finally(leave);
    },

    /** Once it can be written, each that was asked for before the last refusal might refuse one more write. */
    wasWritten(): void {
      validFrom = Math.max(validFrom, refused);
    },

    load: () => ({
      inUse: client.pool.numUsed(),
      waiting: shares.waiting() + client.pool.numPendingAcquires(),
      most: pool,
    }),

    close(): Promise<void> {
      connections.close();
      return knex.destroy();
    },
  };
}

/** Classes 08, connection exception, and 57P, operator intervention, of SQLSTATE; what the system says of sockets. */
const isLost = (error: unknown): boolean =>
  /^(08|57P|25006$|E[A-Z]+$)/.test(String((error as { code?: unknown }).code));
