import type BetterSqlite3 from 'better-sqlite3';
import { overloaded } from '../lib/problem';
import type { Database, Transaction } from './database';

/** How many writes share a transaction at most: what one waits for the others is bounded. */
const MOST = 100;
/** How many may wait; who comes after them is refused. */
const QUEUE = 1_000;

/** A write that waits for its turn. */
interface Write {
  /** Does it; resolves with how to say that it is on disk. */
  work(): Promise<() => void>;
  reject(error: unknown): void;
}

/**
 * Transactions on the one connection that writes. Those that wait at the same time share one, since most of what a small
 * write costs is the sync of the disk; each is still whole or undone by itself (a savepoint), and none is answered
 * before all of them are on disk. They run in the order they came. `begin` waits for other processes.
 */
export function groupCommit(
  connection: BetterSqlite3.Database,
  executor: Transaction,
  begin: () => Promise<void>,
): Pick<Database, 'transaction' | 'load'> {
  const [commit, rollback] = ['commit', 'rollback'].map((sql) => connection.prepare(sql));
  const [save, release, undo] = ['savepoint write', 'release write', 'rollback to write'].map((sql) =>
    connection.prepare(sql),
  );
  const waiting: Write[] = [];
  let running = false;

  /** Waits for the requests that have arrived already to be read, so that their writes join. */
  const start = () => {
    running = true;
    setImmediate(async () => {
      await together(waiting.splice(0, MOST));
      running = false;
      if (waiting.length > 0) start();
    });
  };

  async function together(writes: readonly Write[]): Promise<void> {
    const done: { write: Write; resolve: () => void }[] = [];
    try {
      await begin();
      for (const write of writes) {
        const resolve = await apart(write);
        if (resolve) done.push({ write, resolve });
      }
      commit!.run();
      for (const { resolve } of done) resolve();
    } catch (error) {
      if (connection.inTransaction) rollback!.run();
      for (const write of writes) write.reject(error);
    }
  }

  /** One write among the others: its failure is its own, unless it has taken the whole transaction with it. */
  async function apart(write: Write): Promise<(() => void) | undefined> {
    save!.run();
    try {
      const resolve = await write.work();
      if (!connection.inTransaction) throw new Error('A write went on after SQLite had undone its transaction.');
      return resolve;
    } catch (error) {
      if (!connection.inTransaction) throw error;
      undo!.run();
      write.reject(error);
      return undefined;
    } finally {
      if (connection.inTransaction) release!.run();
    }
  }

  return {
    transaction: (work) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= QUEUE) return reject(overloaded());
        waiting.push({
          work: async () => {
            const result = await work(executor);
            return () => resolve(result);
          },
          reject,
        });
        if (!running) start();
      }),
    load: () => ({ inUse: Number(running), waiting: waiting.length, most: 1 }),
  };
}
