import { LRUCache } from 'lru-cache';
import type { Database } from '../database/database';
import { text } from '../database/query';

/** How soon a use is written, and how long those after it are not, in milliseconds: the last use is known to the hour. */
const SOON = 5_000;
const OFTEN = 3_600_000;
/** How many clients are remembered that have been noted within the hour, and how many wait to be written. */
const MOST = 10_000;

export type LastUse = ReturnType<typeof openLastUse>;

/** Keeps when each client last did something, beside the requests: nobody waits for it, and none fails by it. */
export function openLastUse(database: Database) {
  const use = text(
    database.knex,
    `update api_clients set used_at = :now
    where id in (select asked.id from ${database.rows('clients', { id: 'bigint' })} as asked)`,
    undefined,
    { acrossDistricts: 'a client was found by its credentials' },
  );
  const noted = new LRUCache<number, true>({
    maxSize: MOST, // not `max`, for which room is made at once
    sizeCalculation: () => 1,
    ttl: OFTEN,
    perf: performance,
  });
  const waiting = new Set<number>();
  let timer: NodeJS.Timeout | undefined;

  /** Writes what waits. What cannot be written is noted again by the next use. */
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const clients = [...waiting];
    waiting.clear();
    if (clients.length === 0) return;
    const values = { now: new Date().toISOString(), clients: JSON.stringify(clients.map((id) => [id])) };
    await database
      .transaction((tx) => tx.all(use, values))
      .catch(() => {
        for (const client of clients) noted.delete(client);
      });
  }

  return {
    note(client: number): void {
      if (noted.has(client) || waiting.size >= MOST) return;
      noted.set(client, true);
      waiting.add(client);
      timer ??= setTimeout(() => void flush(), SOON).unref();
    },

    flush,
  };
}
