import type { Database } from '../database/database';
import { openEpoch } from '../database/epoch';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { ageOf, firstAfter, firstRow } from '../feed/lag';
import { END, endSql, upTo } from '../feed/sql';
import { openMayBeTold } from './may-be-told';
import { disabledReason } from './targets-sql';

/** How the webhooks of all districts do, but for those of clients that are revoked or may not read attendance any more. */
export interface WebhookStanding {
  /** How long ago the first change was made that is yet to be told to one that is not disabled, in seconds; 0 where there is none. */
  readonly lag: number;
  /** Those that rollbook has disabled, also where the process that sends has not come upon it: `disabledReason`. */
  readonly disabled: number;
  /** Those whose last message did not arrive, and that are tried again. */
  readonly failing: number;
}

export function openWebhookStanding(database: Database): () => Promise<WebhookStanding> {
  const { knex, all } = database;
  const { end } = endSql(database);
  const epoch = openEpoch(database);
  const mayBeTold = openMayBeTold(database);
  const place = { transaction: 'cast(targets.after_transaction as bigint)', id: 'targets.after_id' };
  const first = firstAfter(database, 'targets.district_id', place, END);
  const ofWorking = (sql: string) => `case when ${disabledReason} is null then ${sql} end`;
  const sql = text(
    knex,
    `select targets.client_id, min(${ofWorking(first.journaled)}) as journaled, min(${ofWorking(first.others)}) as others,
      count(${ofWorking('targets.failing_since')}) as failing,
      count(case when ${disabledReason} <> 'asked' then 1 end) as disabled
    from webhook_targets as targets
    group by targets.district_id, targets.client_id`,
    { client_id: integer, ...firstRow, failing: integer, disabled: integer },
    { acrossDistricts: 'it is of all districts together, and tells of none' },
  );
  return async () => {
    const rows = await all(sql, { ...upTo((await all(end))[0]!), epoch: await epoch() });
    const told = await mayBeTold(rows.map(({ client_id }) => client_id));
    return rows
      .filter(({ client_id }) => told.has(client_id))
      .reduce<WebhookStanding>(
        (sum, row) => ({
          lag: Math.max(sum.lag, ageOf(row)),
          disabled: sum.disabled + row.disabled,
          failing: sum.failing + row.failing,
        }),
        { lag: 0, disabled: 0, failing: 0 },
      );
  };
}
