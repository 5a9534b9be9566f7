import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { bit, day, integer, nullable, string } from '../../database/rows';
import type { Days } from '../enrolled';
import type { EnrollmentRow } from '../enrollment-rows';
import type { FileSpec, Values } from './files';
import type { Listed } from './merge';
import type { SaidDays } from './past';
import { type Spans, saidDays } from './term-days';

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
    join ${table} on ${table}.district_id = ${aliases}.district_id and ${table}.id = ${aliases}.${id}
    where ${aliases}.district_id = :district`,
    { alias: string, id: integer, sourced_id: nullable(string) },
  );
  const rows = await database.all(query, { district });
  return new Map(rows.map((row) => [row.alias, { id: row.id, sourcedId: row.sourced_id }]));
}

/** An enrollment gets another one of its sourcedIds as its own. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** These sourcedIds are no longer other ones of enrollments. */
export async function forgetAliases(
  database: Database,
  district: number,
  sourcedIds: readonly string[],
  renamings: readonly Renaming[] = [],
): Promise<void> {
  const forgotten = [...sourcedIds, ...renamings.map(({ to }) => to)];
  if (forgotten.length === 0) return;
  const forget = text(
    database.knex,
    `delete from enrollment_aliases
    where enrollment_aliases.district_id = :district and enrollment_aliases.sourced_id in (
      select asked.sourced_id from ${database.rows('ids', { sourced_id: 'text' })} as asked)`,
  );
  const rename = text(
    database.knex,
    `update enrollments set sourced_id = renamed.next
    from ${database.rows('rows', { sourced_id: 'text', next: 'text' })} as renamed
    where enrollments.district_id = :district and enrollments.sourced_id = renamed.sourced_id`,
  );
  await database.transaction(async (tx) => {
    await tx.all(forget, { district, ids: JSON.stringify(forgotten.map((id) => [id])) });
    const rows = JSON.stringify(renamings.map(({ from, to }) => [from, to]));
    if (renamings.length > 0) await tx.all(rename, { district, rows });
  });
}

const runningRow = {
  sourced_id: string,
  section_id: integer,
  person_id: integer,
  admin: bit,
  begin_date: day,
  end_date: day,
  inherits_begin: bit,
  inherits_end: bit,
};

/** The running enrollments of these sourcedIds, as they stand. */
export async function runningOf(
  database: Database,
  district: number,
  sourcedIds: Iterable<string>,
): Promise<Map<string, Values>> {
  const query = text(
    database.knex,
    `select enrollments.sourced_id, enrollments.section_id, enrollments.person_id, enrollments.admin,
      enrollments.begin_date, enrollments.end_date, enrollments.inherits_begin, enrollments.inherits_end
    from ${database.rows('ids', { sourced_id: 'text' })} as asked
    cross join enrollments
    where enrollments.district_id = :district and enrollments.sourced_id = asked.sourced_id and enrollments.active`,
    runningRow,
  );
  const ids = JSON.stringify([...new Set(sourcedIds)].map((id) => [id]));
  const rows = await database.all(query, { district, ids });
  return new Map(
    rows.map(({ sourced_id, ...row }) => [
      sourced_id,
      {
        ...row,
        admin: Boolean(row.admin),
        inherits_begin: Boolean(row.inherits_begin),
        inherits_end: Boolean(row.inherits_end),
      },
    ]),
  );
}

/** Rows of enrollments that the SIS lists by several sourcedIds. */
export interface United {
  /** One row each, with the days of all of its rows together. */
  readonly listed: Listed[];
  /** Those that are of another student or class, or of other days, by now: enrollments of their own. */
  readonly apart: Listed[];
  readonly deleted: string[];
  /** The sourcedIds by which enrollments are listed no longer. */
  readonly forgotten: string[];
  readonly renamings: Renaming[];
  /** The sourcedIds of rows that end, or say fewer days than the enrollment has, which goes on by its other rows. */
  readonly outlived: string[];
  /** What each of the rows says by which enrollments are listed. */
  readonly rows: EnrollmentRow[];
}

/** What is known of rows that stand already. */
export interface StandingRows {
  /** The sourcedIds of the rows that the file has, also of those that were refused. */
  readonly told: readonly string[];
  /** Whether a sourcedId that is neither listed nor deleted still stands. */
  isUnsaid(sourcedId: string): boolean;
  /** The days that its row says, of a section; undefined where they were not kept. */
  daysOf(sourcedId: string, section: number): SaidDays | undefined;
  readonly today: string;
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

/**
 * Makes one row of those that are about the same enrollment, also of those that stand and that the file does not say anew.
 * Of enrollments that were made of several before the days of single rows were kept, they are not known: then the enrollment
 * keeps the days that it has, and gets no fewer, and only the sourcedIds of rows that are deleted or over are forgotten.
 */
export function united(
  listed: readonly Listed[],
  deleted: readonly string[],
  aliases: Aliases,
  running: ReadonlyMap<string, Values>,
  { told, isUnsaid, daysOf, today }: StandingRows,
): United {
  const targetOf = (sourcedId: string) => aliases.get(sourcedId)?.sourcedId ?? sourcedId;
  const groups = new Map<string, { rows: Listed[]; deleted: string[]; others: string[] }>();
  const groupOf = (sourcedId: string) => {
    const target = targetOf(sourcedId);
    const group = groups.get(target) ?? { rows: [], deleted: [], others: [] };
    groups.set(target, group);
    return group;
  };
  for (const row of listed) {
    const { rows } = groupOf(row.sourcedId);
    // The row by which it is known says whose it is.
    if (row.sourcedId === targetOf(row.sourcedId)) rows.unshift(row);
    else rows.push(row);
  }
  for (const sourcedId of deleted) groupOf(sourcedId).deleted.push(sourcedId);
  // Of a row that was refused what it said before stands, but not what the other rows of its enrollment did.
  for (const sourcedId of told) if (running.has(targetOf(sourcedId))) groupOf(sourcedId);
  for (const [alias, { sourcedId }] of aliases) groups.get(sourcedId ?? alias)?.others.push(alias);

  const all: United = { listed: [], apart: [], deleted: [], forgotten: [], renamings: [], outlived: [], rows: [] };
  for (const [target, { rows: listed, deleted, others }] of groups) {
    const said = new Set([...listed.map(({ sourcedId }) => sourcedId), ...deleted]);
    const standing = running.get(target);
    // Of one that has ended no row stands.
    const left = standing ? [target, ...others].filter((sourcedId) => !said.has(sourcedId) && isUnsaid(sourcedId)) : [];
    const known = standing && left.length > 0 ? rowsOf(left, standing, daysOf) : undefined;
    const rows = known ? inOrder([...listed, ...known], standing!, target) : listed;
    const [unsaid, stands] = known ? [[], undefined] : [left, left.length > 0 ? standing : undefined];
    const names = new Set<string>(unsaid);
    const own: Listed[] = [];
    let one: Listed | undefined;
    // One that has grown may meet another.
    for (let [left, some] = [rows, [] as Listed[]]; left.length > 0; left = some) {
      some = [];
      for (const row of left) {
        const values = one?.values ?? (stands && { ...row.values, ...stands });
        if (values && !isSame(values, row.values)) {
          some.push(row);
          continue;
        }
        if (stands && isFewer(row.values, stands)) all.outlived.push(row.sourcedId);
        if (stands && String(row.values.end_date) <= today) continue;
        names.add(row.sourcedId);
        own.push(row);
        one = { ...(one ?? row), sourcedId: target, values: values ? together(values, row.values) : row.values };
      }
      if (some.length < left.length) continue;
      all.apart.push(...some);
      break;
    }
    if (stands) all.outlived.push(...deleted);
    else if (!one) all.deleted.push(target);
    // Whatever it is listed by, it is known by one of these.
    const name = names.has(target) ? target : ([...names][0] ?? target);
    all.forgotten.push(...others.filter((sourcedId) => !names.has(sourcedId)));
    if (name !== target) all.renamings.push({ from: target, to: name });
    if (one) all.listed.push({ ...one, sourcedId: name });
    if (names.size > 1)
      // What is said already may have days that the terms have moved.
      for (const { sourcedId, values } of own)
        if (said.has(sourcedId)) all.rows.push({ ...(values as unknown as SaidDays), sourcedId, of: name });
  }
  return all;
}

/** Rows that the file does not say anew, as they were said; undefined where that is not known of all of them. */
function rowsOf(sourcedIds: readonly string[], standing: Values, daysOf: StandingRows['daysOf']): Listed[] | undefined {
  const rows: Listed[] = [];
  for (const sourcedId of sourcedIds) {
    const days = daysOf(sourcedId, Number(standing.section_id));
    if (!days) return undefined;
    rows.push({ sourcedId, line: 0, values: { ...standing, ...days }, terms: [], active: true });
  }
  return rows;
}

/** Those first that are about the same student in the same class as the enrollment, and of these the one that it is known by. */
function inOrder(rows: readonly Listed[], standing: Values, target: string): Listed[] {
  const rank = ({ sourcedId, values }: Listed): number => {
    const isOwn = values.section_id === standing.section_id && values.person_id === standing.person_id;
    return isOwn ? (sourcedId === target ? 0 : 1) : 2;
  };
  return rows.toSorted((one, other) => rank(one) - rank(other));
}

const isFewer = (one: Values, other: Values): boolean =>
  String(one.begin_date) > String(other.begin_date) || String(one.end_date) < String(other.end_date);

/** Of the same student in the same class, and not before or after the other. */
const isSame = (one: Values, other: Values): boolean =>
  one.section_id === other.section_id &&
  one.person_id === other.person_id &&
  Boolean(one.admin) === Boolean(other.admin) &&
  runTogether(one as unknown as SaidDays, other as unknown as SaidDays);

/** Also where one of them has no day, as its terms have moved behind its end. */
const runTogether = (one: Days, other: Days): boolean =>
  one.begin_date < other.end_date && other.begin_date < one.end_date;

const together = (one: Values, other: Values): Values => ({
  ...one,
  ...togetherDays(one as unknown as SaidDays, other as unknown as SaidDays),
});

/**
 * What the rows of an enrollment say, of which a file says none anew. The enrollment may have other days: it was delayed, or
 * the terms to which rows leave their days have moved. Where the days of its rows were not kept, they are its own.
 */
export function openSaidBefore(aliases: Aliases, daysOf: StandingRows['daysOf'], spans: Spans) {
  const others = new Map<string, string[]>();
  for (const [alias, { sourcedId }] of aliases)
    if (sourcedId !== null) others.set(sourcedId, [...(others.get(sourcedId) ?? []), alias]);
  return (sourcedId: string, stands: SaidDays & { readonly section_id: number }): SaidDays => {
    const rows = [sourcedId, ...(others.get(sourcedId) ?? [])].map((name) => daysOf(name, stands.section_id));
    const said = rows.reduce((all, row) => all && row && (runTogether(all, row) ? togetherDays(all, row) : all));
    return said ?? saidDays(stands, spans.get(stands.section_id));
  };
}

/** The days that two rows say together, which have a day in common. */
export function togetherDays(one: SaidDays, other: SaidDays): SaidDays {
  const [earlier, later] = [
    one.begin_date <= other.begin_date ? one : other,
    one.end_date >= other.end_date ? one : other,
  ];
  // Whichever of them says it first: where one does not say the day, it follows the terms.
  const inherits = (end: 'begin' | 'end', of: SaidDays): boolean =>
    [one, other].some((days) => days[`${end}_date`] === of[`${end}_date`] && Boolean(days[`inherits_${end}`]));
  return {
    begin_date: earlier.begin_date,
    inherits_begin: inherits('begin', earlier),
    end_date: later.end_date,
    inherits_end: inherits('end', later),
  };
}
