import { withPerson } from '../clients/client';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { ageOf, firstAfter, firstRow } from '../feed/lag';
import { WRITTEN } from '../feed/sql';
import { mayBeTold } from './targets-sql';

/** How the webhooks of all districts do, but for those of clients that are revoked or may not read attendance any more. */
export interface WebhookStanding {
  /** How long ago the first change was made that is yet to be told to one that is not disabled, in seconds; 0 where there is none. */
  readonly lag: number;
  /** Those that rollbook has disabled. */
  readonly disabled: number;
  /** Those whose last message did not arrive, and that are tried again. */
  readonly failing: number;
}

export function openWebhookStanding(database: Database): () => Promise<WebhookStanding> {
  const { knex, written, all } = database;
  const place = { transaction: 'cast(targets.after_transaction as bigint)', id: 'targets.after_id' };
  const first = firstAfter(database, 'targets.district_id', place, WRITTEN);
  const ofWorking = (sql: string) => `case when targets.disabled_at is null then ${sql} end`;
  const sql = text(
    knex,
    `select min(${ofWorking(first.journaled)}) as journaled, min(${ofWorking(first.others)}) as others,
      count(${ofWorking('targets.failing_since')}) as failing,
      count(case when targets.disabled_reason <> 'asked' then 1 end) as disabled
    from api_clients ${withPerson}
    join webhook_targets as targets on targets.client_id = api_clients.id
    cross join (${written('journal')}) as written
    where ${mayBeTold}`,
    { ...firstRow, failing: integer, disabled: integer },
    { acrossDistricts: 'it is of all districts together, and tells of none' },
  );
  return async () => {
    const row = (await all(sql))[0]!;
    return { lag: ageOf(row), disabled: row.disabled, failing: row.failing };
  };
}
