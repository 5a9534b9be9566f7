import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { integer, nullable, string } from '../database/rows';

/** How often who holds it says so, and how often the others look, in milliseconds. */
const BEAT = 1_000;
/**
 * Whose beat has not changed for so long is gone. Whoever is started in the place of a process that was killed waits as long: where
 * processes are killed again and again, there must be time left to send.
 */
const GONE = 4_000;

export type Lease = ReturnType<typeof openLease>;

/**
 * One of the processes that share a database sends, and another as soon as that one is gone. A row rather than an advisory lock
 * of PostgreSQL: such a lock takes a connection for as long as it is held, is lost behind a pooler that hands connections
 * round, and SQLite, which several processes share as well, has none. Who holds it counts a beat up. The others go by whether it
 * goes on, each by its own clock, so that it does not matter whose clock is right.
 */
export function openLease({ knex, all, transaction }: Pick<Database, 'knex' | 'all' | 'transaction'>) {
  const own = { holder: randomUUID() };
  const sql = leaseSql(knex);
  let held: number | undefined; // since when, by the last beat
  let looked = Number.NEGATIVE_INFINITY;
  let seen: { readonly holder: string | null; readonly beat: number; readonly since: number } | undefined;

  const won = async (query: typeof sql.beat, values: Record<string, string | number>) => {
    const now = performance.now();
    const rows = await transaction((tx) => tx.all(query, { ...own, ...values }));
    held = rows.length > 0 ? now : undefined;
    seen = undefined;
    return held !== undefined;
  };

  async function take(): Promise<boolean> {
    const now = performance.now();
    if (now - looked < BEAT) return false;
    looked = now;
    const [found] = await all(sql.read);
    if (!found) return won(sql.make, {});
    if (found.holder === null) return won(sql.takeFree, {});
    if (found.holder !== seen?.holder || found.beat !== seen.beat) seen = { ...found, since: now };
    return now - seen.since >= GONE && won(sql.takeOver, { seen: found.holder, beat: found.beat });
  }

  return {
    /** By which a transaction can make sure that it is still ours: see `openHeld`. */
    holder: own.holder,

    /** Whether this process is the one that sends, as it is or from now on. */
    async hold(): Promise<boolean> {
      if (held === undefined) return take();
      if (performance.now() - held < BEAT) return true;
      return won(sql.beat, {});
    },

    /** Whether nobody else can have taken it: a process that hung, or was stopped for a while, learns so before it sends on. */
    isOurs: (): boolean => held !== undefined && performance.now() - held < GONE,

    /** Has another process send at once. */
    async release(): Promise<void> {
      if (held === undefined) return;
      held = undefined;
      await transaction((tx) => tx.all(sql.release, own));
    },
  };
}

/** Whether a process holds the lease, which nobody takes over before the transaction ends. */
export function openHeld({ knex }: Pick<Database, 'knex'>) {
  const held = text(
    knex,
    knex('webhook_lease').select('beat').whereRaw("name = 'sending' and holder = :holder").forShare().toQuery(),
    { beat: integer },
  );
  return async (tx: Executor, holder: string): Promise<boolean> => (await tx.all(held, { holder })).length > 0;
}

function leaseSql(knex: Database['knex']) {
  const row = { beat: integer };
  const taking = (condition: string) =>
    text(
      knex,
      `update webhook_lease set holder = :holder, beat = beat + 1 where name = 'sending' and ${condition} returning beat`,
      row,
    );
  return {
    read: text(knex, "select holder, beat from webhook_lease where name = 'sending'", {
      holder: nullable(string),
      ...row,
    }),
    make: text(
      knex,
      `insert into webhook_lease (name, holder, beat) values ('sending', :holder, 0)
      on conflict (name) do nothing returning beat`,
      row,
    ),
    beat: taking('holder = :holder'),
    takeFree: taking('holder is null'),
    takeOver: taking('holder = :seen and beat = :beat'),
    release: text(knex, "update webhook_lease set holder = null where name = 'sending' and holder = :holder"),
  };
}
