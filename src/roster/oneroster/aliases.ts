import type { Database } from '../../database/database';
import { text } from '../../database/query';
import type { FileSpec } from './files';
import type { Listed } from './merge';

/** By another sourcedId of the same thing: its id, and the sourcedId that it is known by. */
export type Aliases = ReadonlyMap<string, { readonly id: number; readonly sourcedId: string | null }>;

const tables: Partial<Record<FileSpec['table'], { aliases: string; id: string }>> = {
  people: { aliases: 'person_aliases', id: 'person_id' },
  enrollments: { aliases: 'enrollment_aliases', id: 'enrollment_id' },
};

/** The other sourcedIds of a district's people or enrollments. */
export async function aliasesOf(database: Database, table: FileSpec['table'], district: number): Promise<Aliases> {
  const kept = tables[table];
  if (!kept) return new Map();
  const { aliases, id } = kept;
  const query = text(
    database.knex,
    `select ${aliases}.sourced_id as alias, ${table}.id, ${table}.sourced_id
    from ${aliases}
    join ${table} on ${table}.id = ${aliases}.${id}
    where ${aliases}.district_id = :district`,
  );
  const rows = await database.all<{ alias: string; id: number; sourced_id: string | null }>(query, { district });
  return new Map(rows.map((row) => [row.alias, { id: row.id, sourcedId: row.sourced_id }]));
}

/** These sourcedIds are of enrollments of their own from now on. */
export async function forgetAliases(
  database: Database,
  district: number,
  of: readonly { readonly sourcedId: string }[],
): Promise<void> {
  if (of.length === 0) return;
  const query = text(
    database.knex,
    `delete from enrollment_aliases
    where enrollment_aliases.district_id = :district and enrollment_aliases.sourced_id in (
      select asked.sourced_id from ${database.rows('ids', { sourced_id: 'text' })} as asked)`,
  );
  const ids = JSON.stringify(of.map(({ sourcedId }) => [sourcedId]));
  await database.transaction((tx) => tx.all(query, { district, ids }));
}

/** Rows of an enrollment that the SIS lists by several sourcedIds. */
export interface United {
  /** One row each, with the days of all of its rows together. */
  readonly listed: Listed[];
  /** Those that are of another student or class, or of other days, by now: enrollments of their own. */
  readonly apart: Listed[];
  readonly deleted: string[];
}

/** How many rows are taken together, at least as long as there are more. */
const CHUNK = 5_000;

/** Parts of some rows, each with all that are about the same enrollments. */
export function* inGroups<Row extends { readonly sourcedId: string }>(
  rows: readonly Row[],
  aliases: Aliases,
): Generator<Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const target = aliases.get(row.sourcedId)?.sourcedId ?? row.sourcedId;
    const group = groups.get(target);
    if (group) group.push(row);
    else groups.set(target, [row]);
  }
  let chunk: Row[] = [];
  for (const group of groups.values()) {
    chunk.push(...group);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Makes one row of those that are about the same enrollment. */
export function united(listed: readonly Listed[], deleted: readonly string[], aliases: Aliases): United {
  const targetOf = (sourcedId: string) => aliases.get(sourcedId)?.sourcedId ?? sourcedId;
  const groups = new Map<string, Listed[]>();
  for (const row of listed) {
    const target = targetOf(row.sourcedId);
    const group = groups.get(target) ?? [];
    // The row by which it is known says whose it is.
    if (row.sourcedId === target) group.unshift(row);
    else group.push(row);
    groups.set(target, group);
  }
  const apart: Listed[] = [];
  const one = [...groups].map(([sourcedId, [first, ...others]]): Listed => {
    let values = first!.values;
    for (const other of others)
      if (isSame(values, other.values)) values = together(values, other.values);
      else apart.push(other);
    return { ...first!, sourcedId, values };
  });
  const gone = new Set(deleted.map(targetOf).filter((target) => !groups.has(target)));
  return { listed: one, apart, deleted: [...gone] };
}

/** Of the same student in the same class, and not before or after the other. */
const isSame = (one: Listed['values'], other: Listed['values']): boolean =>
  one.section_id === other.section_id &&
  one.person_id === other.person_id &&
  String(one.begin_date) < String(other.end_date) &&
  String(other.begin_date) < String(one.end_date);

function together(one: Listed['values'], other: Listed['values']): Listed['values'] {
  const [earlier, later] = [
    String(one.begin_date) <= String(other.begin_date) ? one : other,
    String(one.end_date) >= String(other.end_date) ? one : other,
  ];
  const { begin_date, inherits_begin } = earlier;
  const { end_date, inherits_end } = later;
  return {
    ...one,
    begin_date: begin_date!,
    inherits_begin: inherits_begin!,
    end_date: end_date!,
    inherits_end: inherits_end!,
  };
}
