import { setTimeout as wait } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';

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
export function turnsOf(connection: BetterSqlite3.Database): () => Promise<void> {
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
