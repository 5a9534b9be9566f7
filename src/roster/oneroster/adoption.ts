import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { integer, type RowOf, string } from '../../database/rows';
import { isSameName, namesRow } from '../names';
import type { BundleFile } from './bundle';
import { type Row, rowsOf } from './csv';
import { FileError, type ImportReport, ValueError, type Warn } from './report';

/** Somebody who is here though the SIS did not list them: another system has added them. */
const unlistedRow = { id: integer, email: string, identifier: string, ...namesRow };
type Unlisted = RowOf<typeof unlistedRow>;

/** SQL for what other systems call people: `person_id`, and `name`, the part after that of the system. `:district`. */
export type OtherNames = readonly string[];

/** A sourcedId that `roster export` has made up for what has none. */
export const madeUp = (kind: 'person' | 'enrollment', id: number): string => `rollbook:${kind}:${id}`;

/** How a row tells who it is about. */
const ways = ['identifier', 'email'] as const;
type Way = (typeof ways)[number];

/**
 * Finds in users.csv those who are here already without the SIS: who has the same student number, the same name in another
 * system, or the same email. They get the sourcedId of their row, so that it is theirs from now on. Where it may be
 * another one's, somebody has to say so. Whom `roster export` has named is known by that name, and stays without the SIS:
 * answers their ids by these names.
 */
export async function adoptPeople(
  database: Database,
  district: number,
  file: BundleFile,
  otherNames: OtherNames,
  report: ImportReport,
  warn: Warn,
): Promise<Map<string, number>> {
  const people = await unlisted(database, district);
  if (people.length === 0) return new Map();
  const { matches, exported } = await matchesIn(file, people, await namesOf(database, district, otherNames), warn);
  const known = await listedAmong(database, district, [...matches.values()].flat());
  const adopted: { id: number; sourcedId: string }[] = [];
  const taken = new Set<string>();
  for (const [person, found] of matches) {
    const rows = found.filter(({ sourcedId }) => !known.has(sourcedId) && !taken.has(sourcedId));
    const [match] = rows;
    if (!match) continue;
    const where = { file: file.name, line: match.line, column: match.way };
    if (new Set(rows.map(({ sourcedId }) => sourcedId)).size > 1) {
      warn(
        where,
        `Several rows may be about person ${person.id}, whom another system has added; \`person merge\` says who is.`,
      );
      continue;
    }
    taken.add(match.sourcedId);
    adopted.push({ id: person.id, sourcedId: match.sourcedId });
    report.adopted.push({ ...where, reason: `It is person ${person.id}, whom another system has added.` });
  }
  await database.transaction((tx) => adopt(database, tx, 'people', district, adopted));
  for (const { id } of adopted) exported.delete(madeUp('person', id));
  return exported;
}

/** The names that `roster export` gives to whom the SIS does not list. */
export async function exportedPeople(database: Database, district: number): Promise<Map<string, number>> {
  return new Map((await unlisted(database, district)).map(({ id }) => [madeUp('person', id), id]));
}

interface Match {
  readonly sourcedId: string;
  readonly line: number;
  readonly way: Way;
}

async function matchesIn(
  file: BundleFile,
  people: readonly Unlisted[],
  names: ReadonlyMap<string, readonly number[]>,
  warn: Warn,
): Promise<{ matches: Map<Unlisted, Match[]>; exported: Map<string, number> }> {
  const byId = new Map(people.map((person) => [person.id, person]));
  const keys: Record<Way, Map<string, Unlisted[]>> = { identifier: new Map(), email: new Map() };
  const byName = new Map(people.map((person) => [madeUp('person', person.id), person]));
  const exported = new Map<string, number>();
  const put = (way: Way, key: string, person: Unlisted) => keys[way].set(key, [...(keys[way].get(key) ?? []), person]);
  for (const person of people) {
    if (person.identifier) put('identifier', person.identifier, person);
    if (person.email) put('email', person.email.toLowerCase(), person);
  }
  const found = new Map<Unlisted, Match[]>();
  // What is said by a number goes before an address, which families share.
  const add = (person: Unlisted, match: Match) => {
    const before = found.get(person) ?? [];
    const [better, same] = [ways.indexOf(before[0]?.way ?? match.way), ways.indexOf(match.way)];
    if (better === same) found.set(person, [...before, match]);
    else if (same < better) found.set(person, [match]);
  };
  await eachRow(file, (row) => {
    const [sourcedId, identifier, email] = [
      row.get('sourcedId'),
      row.get('identifier'),
      row.get('email').toLowerCase(),
    ];
    const named = byName.get(sourcedId);
    // The export of another database may have the same name for somebody else.
    if (named && isSameName(named.family_name, row.get('familyName')) && isCalled(named, row)) {
      exported.set(sourcedId, named.id);
      return;
    }
    const sameNumber = keys.identifier.get(identifier) ?? [];
    for (const person of sameNumber) add(person, { sourcedId, line: row.line, way: 'identifier' });
    for (const [name, column] of new Map([
      [sourcedId, 'sourcedId'],
      [identifier, 'identifier'],
    ]))
      for (const id of names.get(name) ?? []) {
        const person = byId.get(id);
        if (!person || sameNumber.includes(person)) continue;
        // Systems number as they like: the same number is the same person where the name is too.
        if (isSameName(person.family_name, row.get('familyName')) && isCalled(person, row))
          add(person, { sourcedId, line: row.line, way: 'identifier' });
        else
          warn(
            { file: file.name, line: row.line, column },
            `Another system calls person ${id} by this number, under another name: they were not taken for the same; ` +
              '`person merge` makes one of two.',
          );
      }
    for (const person of keys.email.get(email) ?? [])
      if (isCalled(person, row)) add(person, { sourcedId, line: row.line, way: 'email' });
      else
        warn(
          { file: file.name, line: row.line, column: 'email' },
          `It is that of person ${person.id}, whom another system has added under another name; \`person merge\` makes one of two.`,
        );
  });
  return { matches: found, exported };
}

/** Families share an address: the given name says who of them it is. */
const isCalled = ({ given_name }: Unlisted, row: Row): boolean =>
  ['givenName', 'preferredGivenName', 'preferredFirstName'].some((column) => isSameName(given_name, row.get(column)));

async function eachRow(file: BundleFile, take: (row: Row) => void): Promise<void> {
  try {
    for await (const row of rowsOf(file, ['sourcedId']))
      try {
        if (!row.fault && row.get('sourcedId')) take(row);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error; // the import says what is wrong with it
      }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

/** Gives rows that have none these sourcedIds. */
export async function adopt(
  database: Database,
  tx: Executor,
  table: 'people' | 'enrollments',
  district: number,
  adopted: readonly { id: number; sourcedId: string }[],
): Promise<void> {
  if (adopted.length === 0) return;
  const noted = table === 'people' ? { now: new Date().toISOString() } : {};
  const query = text(
    database.knex,
    `update ${table} set sourced_id = adopted.sourced_id${table === 'people' ? ', modified_at = :now' : ''}
    from ${database.rows('adopted', { id: 'bigint', sourced_id: 'text' })} as adopted
    where ${table}.id = adopted.id and ${table}.district_id = :district and ${table}.sourced_id is null`,
  );
  const rows = JSON.stringify(adopted.map(({ id, sourcedId }) => [id, sourcedId]));
  await tx.all(query, { district, adopted: rows, ...noted });
}

/** Who was erased has no sourcedId either, and is nobody's any more. */
function unlisted(database: Database, district: number): Promise<Unlisted[]> {
  const query = text(
    database.knex,
    `select people.id, people.email, people.identifier, people.given_name, people.preferred_name, people.family_name
    from people
    where people.district_id = :district and people.sourced_id is null and people.active
      and not exists (select 1 from erasures where erasures.person_id = people.id and erasures.district_id = :district)
    order by people.id`,
    unlistedRow,
  );
  return database.all(query, { district });
}

async function namesOf(database: Database, district: number, otherNames: OtherNames): Promise<Map<string, number[]>> {
  const names = new Map<string, number[]>();
  for (const sql of otherNames)
    for (const { person_id, name } of await database.all(
      text(database.knex, sql, { person_id: integer, name: string }),
      {
        district,
      },
    ))
      names.set(name, [...(names.get(name) ?? []), person_id]);
  return names;
}

async function listedAmong(database: Database, district: number, matches: readonly Match[]): Promise<Set<string>> {
  const query = text(
    database.knex,
    `select people.sourced_id from people
    where people.district_id = :district and people.sourced_id in (
      select asked.sourced_id from ${database.rows('ids', { sourced_id: 'text' })} as asked)`,
    { sourced_id: string },
  );
  const ids = JSON.stringify(matches.map(({ sourcedId }) => [sourcedId]));
  return new Set((await database.all(query, { district, ids })).map((row) => row.sourced_id));
}

/** Enrollments that no SIS has listed yet. */
export interface UnlistedEnrollments {
  /** Their ids by `section student`; of several the first. */
  readonly ids: Map<string, number>;
  /** `section student` by the names that `roster export` gives them. */
  readonly exported: ReadonlyMap<string, string>;
}

export async function unlistedEnrollments(database: Database, district: number): Promise<UnlistedEnrollments> {
  const query = text(
    database.knex,
    `select enrollments.id, enrollments.section_id, enrollments.person_id
    from enrollments
    where enrollments.district_id = :district and enrollments.sourced_id is null and enrollments.active
      and not enrollments.admin
    order by enrollments.id desc`,
    { id: integer, section_id: integer, person_id: integer },
  );
  const rows = await database.all(query, { district });
  const keyOf = ({ section_id, person_id }: (typeof rows)[number]) => `${section_id} ${person_id}`;
  return {
    ids: new Map(rows.map((row) => [keyOf(row), row.id])),
    exported: new Map(rows.map((row) => [madeUp('enrollment', row.id), keyOf(row)])),
  };
}
