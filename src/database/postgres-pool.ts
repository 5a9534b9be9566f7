import makeKnex from 'knex';
import { CONNECT, type Connection, disconnect, type Session } from './connect';
import { connectionShares } from './connection-shares';
import { connectionsTo } from './failover';
import { quiet } from './query';

/** How often the whole pool is made anew at most, while the server cannot be written, in milliseconds. */
const PAUSE = 1_000;
/** SQLSTATE read_only_sql_transaction. */
const READ_ONLY = '25006';

/** What a statement that writes would be told. */
export class ReadOnly extends Error {
  readonly code = READ_ONLY;
}

export const isReadOnly = (error: unknown): boolean => (error as { code?: unknown }).code === READ_ONLY;

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
    acquireConnectionTimeout: 2 * CONNECT,
  });
  const { client } = knex;
  const shares = connectionShares(pool, 2 * CONNECT);
  const sessions = new WeakMap<Connection, Session>();
  /** Those that were asked for earlier are made anew by the pool, before they are used again. */
  let validFrom = Number.NEGATIVE_INFINITY;
  let refused = Number.NEGATIVE_INFINITY;
  const connections = connectionsTo(url, timeout);
  client.acquireRawConnection = async () => {
    const [connection, session] = await connections.open();
    sessions.set(connection, session);
    return connection;
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

  const onAny = async <T>(work: (connection: Connection, session: Session) => Promise<T>): Promise<T> => {
    const connection: Connection = await client.acquireConnection().catch(rethrow);
    try {
      return await work(connection, sessions.get(connection)!);
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
      const leave = await shares.enter(district);
      return onAny(work).finally(leave);
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
