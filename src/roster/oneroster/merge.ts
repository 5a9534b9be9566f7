import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import type { FileSpec, Values } from './files/spec';
import type { Past } from './past';
import { recountsFor } from './recounts';

/** A row that was understood. */
export interface Listed {
  readonly sourcedId: string;
  /** Where it stands in its file. */
  readonly line: number;
  readonly values: Values;
  /** The sourcedIds of its terms. */
  readonly terms: readonly string[];
  /** False: listed as deleted, but kept because others refer to it. */
  readonly active: boolean;
}

export interface Merged {
  readonly inserted: number;
  readonly updated: number;
  readonly ended: number;
}

/** How many rows are compared at a time when a bulk file is done. */
const PAGE = 10_000;

/** Merges what a file lists into its table: set-based, a handful of statements for a chunk of rows. */
export function mergerOf(
  database: Database,
  { table, columns: own, keepsUnsaid, endsToday, endsOn }: FileSpec,
  district: number,
  today: string,
  { past, file = '' }: { past?: Past | undefined; file?: string } = {},
) {
  const { knex } = database;
  const columns = { sourced_id: 'text', active: 'boolean', ...own } as const;
  const names = Object.keys(columns);
  const changing = names.filter((name) => name !== 'sourced_id');
  const next = (name: string) =>
    name === keepsUnsaid ? `coalesce(nullif(excluded.${name}, ''), ${table}.${name})` : `excluded.${name}`;
  const rows = database.rows('rows', columns);
  const ids = database.rows('ids', { sourced_id: 'text' });
  // It ends today, or never began; not later than it would have anyway.
  const ending = endsToday
    ? ', end_date = case when end_date <= :today then end_date when begin_date >= :today then begin_date else :today end'
    : endsOn
      ? `, ${endsOn} = :today`
      : '';

  const known = text(
    knex,
    `select ${table}.sourced_id from ${ids} as asked
    cross join ${table} where ${table}.district_id = :district and ${table}.sourced_id = asked.sourced_id`,
  );
  const upsert = text(
    knex,
    `insert into ${table} (district_id, ${names.join(', ')})
    select :district, ${names.join(', ')} from ${rows} as listed where true
    on conflict (district_id, sourced_id) do update set ${changing.map((name) => `${name} = ${next(name)}`).join(', ')}
    where ${changing.map((name) => `${table}.${name} is distinct from ${next(name)}`).join(' or ')}
    returning sourced_id`,
  );
  const end = text(
    knex,
    `update ${table} set active = false${ending}
    where district_id = :district and active and sourced_id in (select asked.sourced_id from ${ids} as asked)
    returning sourced_id`,
  );
  const active = text(
    knex,
    `select ${table}.sourced_id from ${table}
    where ${table}.district_id = :district and ${table}.active and ${table}.sourced_id > :after
    order by ${table}.sourced_id limit ${PAGE}`,
  );

  const recounts = recountsFor(database, table, district);
  const idRows = (sourcedIds: readonly string[]) => JSON.stringify(sourcedIds.map((id) => [id]));
  const endAll = async (tx: Executor, sourcedIds: readonly string[]): Promise<number> =>
    sourcedIds.length === 0
      ? 0
      : (await tx.all(end, { ids: idRows(sourcedIds), district, ...(ending && { today }) })).length;

  async function endNoted(tx: Executor, sourcedIds: readonly string[]): Promise<number> {
    const stood = await recounts?.standing(tx, sourcedIds);
    const ended = await endAll(tx, sourcedIds);
    await recounts?.note(tx, stood!, await recounts.standing(tx, sourcedIds));
    return ended;
  }

  return {
    /** What of these is known already. */
    async known(sourcedIds: readonly string[]): Promise<Set<string>> {
      const found = await database.all<{ sourced_id: string }>(known, { ids: idRows(sourcedIds), district });
      return new Set(found.map(({ sourced_id }) => sourced_id));
    },

    /** One short transaction, so that the service can write in between. */
    merge: (listed: readonly Listed[], before: ReadonlySet<string>, deleted: readonly string[]): Promise<Merged> =>
      database.transaction(async (tx) => {
        const there = listed.map(({ sourcedId }) => sourcedId).filter((id) => before.has(id));
        const stood = await recounts?.standing(tx, [...there, ...deleted]);
        const plan = await past?.plan(tx, listed, stood!, file);
        if (plan) {
          await past!.detach(tx, plan.moved);
          await past!.keep(tx, plan.kept);
        }
        const planned = plan?.listed ?? listed;
        const values = planned.map((row) =>
          names.map((name) =>
            name === 'sourced_id' ? row.sourcedId : name === 'active' ? row.active : row.values[name],
          ),
        );
        const changed = await tx.all<{ sourced_id: string }>(upsert, { rows: JSON.stringify(values), district });
        const updated = changed.filter(({ sourced_id }) => before.has(sourced_id)).length;
        const ended = await endAll(tx, deleted);
        if (recounts) {
          const rows = planned.map(({ sourcedId, values }): [string, Values] => [sourcedId, values]);
          await recounts.note(tx, stood!, new Map([...rows, ...(await recounts.standing(tx, deleted))]));
        }
        const moved = plan?.moved.length ?? 0; // these ended, and new ones are in their place
        return { inserted: changed.length - updated + moved, updated: updated - moved, ended: ended + moved };
      }),

    /** What has not ended and is not among these. */
    async unlisted(isListed: (sourcedId: string) => boolean): Promise<string[]> {
      const gone: string[] = [];
      for (let after = ''; ; ) {
        const page = await database.all<{ sourced_id: string }>(active, { district, after });
        for (const { sourced_id } of page) if (!isListed(sourced_id)) gone.push(sourced_id);
        if (page.length < PAGE) return gone;
        after = page.at(-1)!.sourced_id;
      }
    },

    /** Nothing is ever deleted: marks stay. */
    async end(sourcedIds: readonly string[]): Promise<number> {
      let ended = 0;
      for (let at = 0; at < sourcedIds.length; at += PAGE)
        ended += await database.transaction((tx) => endNoted(tx, sourcedIds.slice(at, at + PAGE)));
      return ended;
    },
  };
}
