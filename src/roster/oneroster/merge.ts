import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { each, scalar, string } from '../../database/rows';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { openOtherChanges } from '../other-changes';
import { dayAfter } from '../past';
import { personNames } from '../person-names';
import { type Recount, recountNotes } from '../recounts';
import type { BundleFile } from './bundle';
import type { openClassTypes } from './class-types';
import { batchesIn, type Row } from './csv';
import type { FileSpec, Values } from './files';
import type { openMovedSections } from './moved-sections';
import { endingDay, type Orphans } from './orphans';
import type { Past } from './past';
import { FileError, type progressOf } from './report';

/** Rows a transaction: enough to be fast, few enough that the service can write in between. */
const CHUNK = 5_000;
/** PostgreSQL takes 256 MiB of JSON at once, and a character may be six in it. */
const CHUNK_BYTES = 16 * 1024 * 1024;

/** Reads a file in chunks; never more than one of them is in memory. What was read before a fault is taken. */
export async function inChunks(
  file: BundleFile,
  progress: ReturnType<typeof progressOf>,
  take: (rows: Row[]) => Promise<void>,
  rowsAtOnce = CHUNK,
): Promise<void> {
  const step = progress.start(file);
  let chunk: Row[] = [];
  let bytes = 0;
  const taken = async () => {
    if (chunk.length > 0) await take(chunk);
    step.rows(chunk.length);
    chunk = [];
    bytes = 0;
  };
  try {
    for await (const rows of batchesIn(file, ['sourcedId'], step.bytes))
      for (const row of rows) {
        chunk.push(row);
        bytes += row.size;
        if (chunk.length >= rowsAtOnce || bytes >= CHUNK_BYTES) await taken();
      }
  } catch (error) {
    if (error instanceof FileError) await taken();
    throw error;
  }
  await taken();
}

/** Rows of a table by their sourcedIds. */
export type Rows = ReadonlyMap<string, Values>;

interface Counted {
  /** The columns of which rates are made, and what a merge is to know of a row as it stood. */
  readonly columns: readonly string[];
  /** What is to be counted anew when a row has become another. */
  recounts(before: Values | undefined, after: Values | undefined): Recount[];
}

const tables: Readonly<Record<string, Counted>> = {
  sections: {
    columns: ['id', 'school_id', 'class_type'],
    recounts(before, after) {
      if (!before || !after) return [];
      const whole = { section: Number(before.id), from: FIRST_DAY, to: LAST_DAY };
      if (before.school_id !== after.school_id) return [whole, { ...whole, school: Number(before.school_id ?? 0) }];
      return before.class_type === after.class_type ? [] : [whole];
    },
  },
  enrollments: {
    columns: ['id', 'section_id', 'person_id', 'admin', 'active', 'begin_date', 'end_date'],
    recounts(before, after) {
      const [was, is] = [stayOf(before), stayOf(after)];
      if (!was || !is || was.section !== is.section || was.person !== is.person) return [was, is].flatMap(asked);
      return [
        { section: is.section, ...between(was.from, is.from) },
        { section: is.section, ...between(was.to, is.to) },
      ];
    },
  },
};

interface Stay extends Recount {
  readonly person: number;
}

/** A student's time in a section; undefined for teachers. */
const stayOf = (row: Values | undefined): Stay | undefined =>
  row && !row.admin
    ? {
        section: Number(row.section_id),
        person: Number(row.person_id),
        from: String(row.begin_date),
        to: String(row.end_date),
      }
    : undefined;

const asked = (stay: Stay | undefined): Recount[] => (stay ? [stay] : []);

const between = (one: string, other: string) => (one < other ? { from: one, to: other } : { from: other, to: one });

/** Compares a table before and after it is merged with what rates are made of; undefined where it is none of that. */
export function recountsFor(database: Database, table: string, district: number) {
  const counted = tables[table];
  if (!counted) return undefined;
  const note = recountNotes(database);
  const standing = text(
    database.knex,
    `select ${table}.sourced_id, ${counted.columns.map((column) => `${table}.${column}`).join(', ')}
    from ${database.rows('ids', { sourced_id: 'text' })} as asked
    cross join ${table} where ${table}.district_id = :district and ${table}.sourced_id = asked.sourced_id`,
    { ...each(counted.columns, scalar), sourced_id: string },
  );
  return {
    /** The rows as they stand. */
    async standing(tx: Executor, sourcedIds: readonly string[]): Promise<Map<string, Values>> {
      if (sourcedIds.length === 0) return new Map();
      const ids = JSON.stringify(sourcedIds.map((id) => [id]));
      const rows = await tx.all(standing, { district, ids });
      return new Map(rows.map((row) => [row.sourced_id, row]));
    },

    note(tx: Executor, before: Rows, after: Rows): Promise<void> {
      const recounts: Recount[] = [];
      for (const [id, row] of before) recounts.push(...counted.recounts(row, after.get(id)));
      for (const [id, row] of after) if (!before.has(id)) recounts.push(...counted.recounts(undefined, row));
      return note(tx, district, recounts);
    },
  };
}

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
  /** The sourcedIds of what was inserted or updated. */
  readonly changed: readonly string[];
}

/** Who is to know of what is merged. */
interface Watching {
  readonly past: Past | undefined;
  readonly moved: ReturnType<typeof openMovedSections> | undefined;
  readonly types: ReturnType<typeof openClassTypes> | undefined;
  readonly orphans: Orphans;
  readonly file: string;
}

/** How many rows are compared at a time when a bulk file is done. */
const PAGE = 10_000;
/** How many rows end in one transaction: their enrollments end with them. */
const ENDING = 2_000;

const knownRow = { sourced_id: string };

/** Merges what a file lists into its table: set-based, a handful of statements for a chunk of rows. */
export function mergerOf(
  database: Database,
  { table, columns: own, keepsUnsaid, endsToday, endsOn, changedOn }: FileSpec,
  district: number,
  today: string,
  { past, moved, types, orphans, file = '' }: Watching,
) {
  const { knex } = database;
  const columns = { sourced_id: 'text', active: 'boolean', ...own } as const;
  const names = Object.keys(columns);
  const changing = names.filter((name) => name !== 'sourced_id');
  const next = (name: string) =>
    name === keepsUnsaid ? `coalesce(nullif(excluded.${name}, ''), ${table}.${name})` : `excluded.${name}`;
  const rows = database.rows('rows', columns);
  const ids = database.rows('ids', { sourced_id: 'text' });
  const ending = endsToday ? `, end_date = ${endingDay()}` : endsOn ? `, ${endsOn} = :today` : '';
  const noting = changedOn ? `, ${changedOn} = :now` : '';

  const known = text(
    knex,
    `select ${table}.sourced_id from ${ids} as asked
    cross join ${table} where ${table}.district_id = :district and ${table}.sourced_id = asked.sourced_id`,
    knownRow,
  );
  const upsert = text(
    knex,
    `insert into ${table} (district_id, ${names.join(', ')}${changedOn ? `, ${changedOn}` : ''})
    select :district, ${names.join(', ')}${changedOn ? ', :now' : ''} from ${rows} as listed where true
    on conflict (district_id, sourced_id) do update set ${changing.map((name) => `${name} = ${next(name)}`).join(', ')}
      ${changedOn ? `, ${changedOn} = excluded.${changedOn}` : ''}
    where ${changing.map((name) => `${table}.${name} is distinct from ${next(name)}`).join(' or ')}
    returning sourced_id`,
    knownRow,
  );
  const end = text(
    knex,
    `update ${table} set active = false${ending}${noting}
    where district_id = :district and active and sourced_id in (select asked.sourced_id from ${ids} as asked)
    returning sourced_id`,
    knownRow,
  );
  const active = text(
    knex,
    `select ${table}.sourced_id from ${table}
    where ${table}.district_id = :district and ${table}.active and ${table}.sourced_id > :after
    order by ${table}.sourced_id limit ${PAGE}`,
    knownRow,
  );

  const recounts = recountsFor(database, table, district);
  const changes = table === 'enrollments' ? openOtherChanges(database) : undefined;
  const noteNames = table === 'people' ? personNames(database) : undefined;
  const by = { district, api: 'import', client: null, person: null };
  const idRows = (sourcedIds: readonly string[]) => JSON.stringify(sourcedIds.map((id) => [id]));
  /** Those of them that had not ended. */
  const endAll = async (tx: Executor, sourcedIds: readonly string[]): Promise<string[]> =>
    sourcedIds.length === 0
      ? []
      : (
          await tx.all(end, {
            ids: idRows(sourcedIds),
            district,
            ...(ending && { today }),
            ...(endsToday && { tomorrow: dayAfter(today) }),
            ...(noting && { now: new Date().toISOString() }),
          })
        ).map(({ sourced_id }) => sourced_id);

  async function endNoted(tx: Executor, sourcedIds: readonly string[]): Promise<number> {
    const last = await changes?.lastEnrollment(tx, district);
    const stood = await recounts?.standing(tx, sourcedIds);
    const ended = await endAll(tx, sourcedIds);
    await recounts?.note(tx, stood!, await recounts.standing(tx, sourcedIds));
    await orphans.of(tx, table, sourcedIds);
    if (ended.length > 0) await changes?.listed(tx, by, { last: last!, sourcedIds: ended });
    return ended.length;
  }

  return {
    /** What of these is known already. */
    async known(sourcedIds: readonly string[]): Promise<Set<string>> {
      const found = await database.all(known, { ids: idRows(sourcedIds), district });
      return new Set(found.map(({ sourced_id }) => sourced_id));
    },

    /** One short transaction, so that the service can write in between. */
    merge: (asked: readonly Listed[], before: ReadonlySet<string>, deleted: readonly string[]): Promise<Merged> =>
      database.transaction(async (tx) => {
        const last = await changes?.lastEnrollment(tx, district);
        const there = asked.map(({ sourcedId }) => sourcedId).filter((id) => before.has(id));
        const stood = await recounts?.standing(tx, [...there, ...deleted]);
        const listed = (await types?.(tx, asked, stood!, file)) ?? asked;
        await moved?.(tx, listed, stood!, file);
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
        const now = changedOn && new Date().toISOString();
        const changed = await tx.all(upsert, { rows: JSON.stringify(values), district, ...(now && { now }) });
        await noteNames?.(tx, district, { sourcedIds: changed.map(({ sourced_id }) => sourced_id) });
        if (plan) await past!.moveAliases(tx, plan.moved);
        await past?.journal(tx);
        const updated = changed.flatMap(({ sourced_id }) => (before.has(sourced_id) ? [sourced_id] : []));
        const ended = await endAll(tx, deleted);
        await orphans.of(tx, table, deleted);
        if (recounts) {
          const after = new Map<string, Values>();
          for (const { sourcedId, values } of planned) after.set(sourcedId, values);
          for (const [id, row] of await recounts.standing(tx, deleted)) after.set(id, row);
          await recounts.note(tx, stood!, after);
        }
        await changes?.enrollments(tx, by, { changed: plan?.moved.map(([id]) => id) ?? [] });
        if (changed.length + ended.length > 0)
          await changes?.listed(tx, by, { last: last!, sourcedIds: [...updated, ...ended] });
        const gone = plan?.moved.length ?? 0; // these are no more, and new ones are in their place
        const over = plan?.moved.filter(([, , , sourcedId]) => !stood!.get(sourcedId)!.active).length ?? 0;
        return {
          inserted: changed.length - updated.length + gone,
          updated: updated.length - gone,
          ended: ended.length + gone - over,
          changed: changed.map(({ sourced_id }) => sourced_id),
        };
      }),

    /** What has not ended and is not among these. */
    async unlisted(isListed: (sourcedId: string) => boolean): Promise<string[]> {
      const gone: string[] = [];
      for (let after = ''; ; ) {
        const page = await database.all(active, { district, after });
        for (const { sourced_id } of page) if (!isListed(sourced_id)) gone.push(sourced_id);
        if (page.length < PAGE) return gone;
        after = page.at(-1)!.sourced_id;
      }
    },

    /** Nothing is ever deleted: marks stay. */
    async end(sourcedIds: readonly string[]): Promise<number> {
      let ended = 0;
      for (let at = 0; at < sourcedIds.length; at += ENDING)
        ended += await database.transaction((tx) => endNoted(tx, sourcedIds.slice(at, at + ENDING)));
      return ended;
    },
  };
}
