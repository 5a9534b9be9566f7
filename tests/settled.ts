import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../src/database/database';

/**
 * A change may be read once everything that began before it has ended, in the whole server of PostgreSQL, which the tests that
 * run at the same time share: waits for that.
 */
export async function settled({ knex, partitioned }: Database): Promise<void> {
  if (!partitioned) return;
  const [{ begun }] = (await knex.raw('select txid_current() as begun')).rows;
  const isOver = 'select txid_snapshot_xmin(txid_current_snapshot()) > cast(? as bigint) as over';
  while (!(await knex.raw(isOver, [begun])).rows[0].over) await wait(10);
}
