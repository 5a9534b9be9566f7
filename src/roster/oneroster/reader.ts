import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { integer, oneOf, string } from '../../database/rows';
import type { Erased } from '../erasures';
import { exportedPeople } from './adoption';
import { type Aliases, aliasesOf } from './aliases';
import type { Bundle, BundleFile, Manifest } from './bundle';
import { type Row, rowsOf } from './csv';
import type { FileSpec, Reading } from './files';
import type { Listed } from './merge';
import type { PastOptions } from './past';
import { FileError, type ImportReport, type Refusal, ValueError } from './report';
import { type Spans, spansOf } from './term-days';
import { isActive, textIn } from './values';

/**
 * Keeps `section_terms` at what the rows of classes.csv say; a term that is not known is left out. Where the past was wrong,
 * these are their terms on all days. Answers the sourcedIds of the sections that have others than before.
 */
export function sectionTerms(
  database: Database,
  district: number,
  { terms }: References,
  { correctPast }: Pick<PastOptions, 'correctPast'>,
) {
  const { knex } = database;
  const pairs = database.rows('pairs', { section: 'text', term_id: 'bigint' });
  const sections = database.rows('sections', { sourced_id: 'text' });
  const listed = `select sections.district_id, sections.id, pairs.term_id from ${pairs} as pairs
    cross join sections
    where sections.district_id = :district and sections.sourced_id = pairs.section`;
  const named = `(select sections.sourced_id from sections
    where sections.district_id = section_terms.district_id and sections.id = section_terms.section_id)`;
  const changedRow = { sourced_id: string };
  const remove = text(
    knex,
    `delete from section_terms
    where district_id = :district
      and section_id in (select sections.id from ${sections} as asked
        cross join sections
        where sections.district_id = :district and sections.sourced_id = asked.sourced_id)
      and (district_id, section_id, term_id) not in (${listed})
    returning ${named} as sourced_id`,
    changedRow,
  );
  const insert = text(
    knex,
    `insert into section_terms (district_id, section_id, term_id) ${listed}
    on conflict do nothing returning ${named} as sourced_id`,
    changedRow,
  );
  const forget = text(
    knex,
    `delete from former_terms
    where former_terms.district_id = :district and former_terms.section_id in (
      select sections.id from ${sections} as asked
      cross join sections
      where sections.district_id = :district and sections.sourced_id = asked.sourced_id)`,
  );

  return async (rows: readonly Listed[]): Promise<Set<string>> => {
    const values = {
      district,
      sections: JSON.stringify(rows.map(({ sourcedId }) => [sourcedId])),
      pairs: JSON.stringify(
        rows.flatMap((row) => row.terms.flatMap((term) => (terms.has(term) ? [[row.sourcedId, terms.get(term)]] : []))),
      ),
    };
    return database.transaction(async (tx) => {
      const removed = await tx.all(remove, values);
      const { sections, ...inserted } = values;
      if (correctPast) await tx.all(forget, { district, sections });
      return new Set([...removed, ...(await tx.all(insert, inserted))].map(({ sourced_id }) => sourced_id));
    });
  };
}

type Ids = ReadonlyMap<string, number>;

/** What the rows of a file refer to: ids by sourcedId, the days of each section's terms, and the roles of 1.2. */
export interface References {
  readonly schools: Ids;
  readonly terms: Ids;
  readonly courses: Ids;
  readonly sections: Ids;
  readonly people: Ids;
  readonly spans: Spans;
  readonly roles: ReadonlyMap<string, Role>;
  /** The people who were deleted, and the sections that were, or whose schools were. */
  readonly deleted: Deleted;
  /**
   * Every sourcedId of the file that users or sessions refer to, also of what is not kept, such as a district. Undefined
   * where the bundle does not list them all.
   */
  readonly listed: ReadonlySet<string> | undefined;
}

interface Deleted {
  readonly people: ReadonlySet<number>;
  readonly sections: ReadonlyMap<number, 'class' | 'school of the class'>;
}

interface Role {
  readonly role: string;
  readonly org: string;
}

const none: References = {
  schools: new Map(),
  terms: new Map(),
  courses: new Map(),
  sections: new Map(),
  people: new Map(),
  spans: new Map(),
  roles: new Map(),
  deleted: { people: new Set(), sections: new Map() },
  listed: undefined,
};

/**
 * Reads what the rows of this file may refer to, and no more.
 * @param isBelieved whether what a file does not list is deleted
 */
export async function referencesFor(
  file: string,
  database: Database,
  district: number,
  bundle: Bundle & Pick<Manifest, 'modeOf'>,
  refuse: (refusal: Refusal) => void,
  isBelieved: (file: 'users' | 'classes' | 'orgs') => boolean = () => true,
): Promise<References> {
  const { knex } = database;
  const ids = async (table: string): Promise<Map<string, number>> => {
    const query = text(
      knex,
      `select ${table}.sourced_id, ${table}.id from ${table}
      where ${table}.district_id = :district and ${table}.sourced_id is not null`,
      { sourced_id: string, id: integer },
    );
    const rows = await database.all(query, { district });
    return new Map(rows.map(({ sourced_id, id }) => [sourced_id, id]));
  };
  if (file === 'academicSessions')
    return { ...none, terms: await ids('terms'), listed: await sourcedIdsIn(bundle.files.get('academicsessions')) };
  if (file === 'courses') return { ...none, schools: await ids('schools') };
  if (file === 'classes')
    return { ...none, schools: await ids('schools'), terms: await ids('terms'), courses: await ids('courses') };
  if (file === 'users') {
    const orgs = bundle.modeOf('orgs') === 'bulk' ? bundle.files.get('orgs') : undefined;
    const roles = await rolesIn(bundle, refuse);
    return { ...none, schools: await ids('schools'), roles, listed: await sourcedIdsIn(orgs) };
  }
  if (file !== 'enrollments') return none;
  const people = await ids('people');
  for (const [alias, { id }] of await aliasesOf(database, 'people', district)) people.set(alias, id);
  for (const [name, id] of await exportedPeople(database, district)) if (!people.has(name)) people.set(name, id);
  return {
    ...none,
    sections: await ids('sections'),
    people,
    spans: await spansOf(database, district),
    deleted: await deletedIn(database, district, isBelieved),
  };
}

async function deletedIn(
  database: Database,
  district: number,
  isBelieved: (file: 'users' | 'classes' | 'orgs') => boolean,
): Promise<Deleted> {
  const people = text(
    database.knex,
    `select people.id from people where people.district_id = :district and not people.active`,
    { id: integer },
  );
  const sections = text(
    database.knex,
    `select sections.id, case when sections.active then 0 else 1 end as own
    from sections
    left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
    where sections.district_id = :district and (not sections.active or not schools.active)`,
    { id: integer, own: oneOf(0, 1) },
  );
  const ofPeople = isBelieved('users') ? await database.all(people, { district }) : [];
  const ofSections = (await database.all(sections, { district })).filter(({ own }) =>
    isBelieved(own ? 'classes' : 'orgs'),
  );
  return {
    people: new Set(ofPeople.map(({ id }) => id)),
    sections: new Map(ofSections.map(({ id, own }) => [id, own ? 'class' : 'school of the class'])),
  };
}

/** The sourcedIds that a file lists; undefined where it cannot be read to its end. */
async function sourcedIdsIn(file: BundleFile | undefined): Promise<Set<string> | undefined> {
  if (!file) return undefined;
  const listed = new Set<string>();
  try {
    for await (const row of rowsOf(file, ['sourcedId'])) if (!row.fault) listed.add(row.get('sourcedId'));
  } catch (error) {
    if (!(error instanceof FileError || error instanceof ValueError)) throw error;
    return undefined; // the import of the file says what is wrong with it
  }
  return listed;
}

/** OneRoster 1.2: a user's primary role, else the first one that stands. Throws FileError where there is no telling. */
async function rolesIn({ files }: Bundle, refuse: (refusal: Refusal) => void): Promise<References['roles']> {
  const roles = new Map<string, Role>();
  const file = files.get('roles');
  if (!file) return roles;
  for await (const row of rowsOf(file, ['userSourcedId', 'role'])) {
    try {
      if (row.fault) throw new ValueError('', row.fault);
      addRole(roles, row);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      refuse({ file: file.name, line: row.line, column: error.column, reason: error.message });
    }
  }
  return roles;
}

function addRole(roles: Map<string, Role>, row: Row): void {
  const user = row.get('userSourcedId');
  const role = { role: textIn(row, 'role'), org: row.get('orgSourcedId') };
  if (row.get('status').toLowerCase() === 'tobedeleted') return;
  if (roles.has(user) && row.get('roleType').toLowerCase() !== 'primary') return;
  roles.set(user, role);
}

/** A row of which it is known what it is about. */
interface Told {
  readonly row: Row;
  readonly sourcedId: string;
}

/** Tells rows that are understood from those that are refused, and remembers which sourcedIds were listed. */
export function readerOf(
  spec: FileSpec,
  file: string,
  { references, reading, aliases }: { references: References; reading: Reading; aliases: Aliases },
  report: ImportReport,
) {
  const seen = new Set<string>();
  /** Listed by another sourcedId than the one they are known by. */
  const otherwise = new Set<string>();
  let [lastTold, lastRefused] = [0, 0];
  let untold = 0;

  /** Reads a row, or refuses it. */
  const orRefuse = <T>(row: Row, read: (row: Row) => T): T | undefined => {
    try {
      return read(row);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      report.refused.push({ file, line: row.line, column: error.column, reason: error.message });
      report.counts[spec.file].refused++;
      lastRefused = row.line;
      return undefined;
    }
  };

  const tell = (row: Row): Told => {
    untold++;
    const sourcedId = sourcedIdOf(row);
    untold--;
    const count = seen.size;
    seen.add(sourcedId); // listed, though its row may be wrong: it is not ended for that
    if (seen.size === count) throw new ValueError('sourcedId', 'The same sourcedId stands on an earlier line.');
    lastTold = row.line;
    const alias = aliases.get(sourcedId);
    if (alias?.sourcedId) otherwise.add(alias.sourcedId);
    return { row, sourcedId };
  };

  /** Whether the row is about somebody who was erased; it is then reported, and nothing of it is taken. */
  const isErased = (row: Row, erased: Erased): boolean => {
    const { userIn } = spec;
    if (userIn === undefined || !erased(row.get(userIn))) return false;
    report.erased.push({ file, line: row.line, column: userIn, reason: 'The person was erased, and stays so.' });
    return true;
  };

  const readTold = (
    { row, sourcedId }: Told,
    known: ReadonlySet<string>,
    erased: Erased,
  ): Listed | 'deleted' | undefined => {
    if (isErased(row, erased)) return undefined;
    // Of a person the row of the other sourcedId says it all.
    if (spec.table === 'people' && aliases.has(sourcedId)) return undefined;
    if (spec.concerns && !spec.concerns(row)) return undefined;
    const active = isActive(row.get('status'));
    if (!active && (known.has(sourcedId) || !spec.keepsDeleted)) return 'deleted';
    const values = spec.values(row, references, reading);
    const deleted = spec.deletedWith?.(values, references);
    if (deleted) {
      const goesOn = String(values.end_date) > reading.today;
      if (goesOn) reading.warn(row, deleted.column, `The ${deleted.what} was deleted: the enrollment has ended.`);
      // What is over is a class's past, also where it is listed for the first time.
      if (goesOn || deleted.what === 'user') return 'deleted';
    }
    return { sourcedId, line: row.line, values, terms: spec.terms?.(row) ?? NO_TERMS, active };
  };

  return {
    /** How many rows it lists. */
    count: () => seen.size,
    /** Whether a row has this sourcedId, though it may be refused. */
    isTold: (sourcedId: string): boolean => seen.has(sourcedId),
    isListed: (sourcedId: string): boolean => seen.has(sourcedId) || otherwise.has(sourcedId),
    /** Whether the last row was refused: where a file does not end in a line end, it was cut there. */
    endsRefused: () => lastRefused > 0 && lastRefused >= lastTold,
    /** How many rows may be about anything. */
    untold: () => untold,
    /** The rows of which it is known what they are about. */
    told(rows: readonly Row[]): Told[] {
      const told: Told[] = [];
      for (const row of rows) {
        const each = orRefuse(row, tell);
        if (each) told.push(each);
      }
      return told;
    },
    read(rows: readonly Told[], known: ReadonlySet<string>, erased: Erased): { listed: Listed[]; deleted: string[] } {
      const listed: Listed[] = [];
      const deleted: string[] = [];
      for (const told of rows) {
        const read = orRefuse(told.row, () => readTold(told, known, erased));
        if (read === 'deleted') deleted.push(told.sourcedId);
        else if (read) listed.push(read);
      }
      return { listed, deleted };
    },
  };
}

const NO_TERMS: readonly string[] = [];

function sourcedIdOf(row: Row): string {
  if (row.fault) throw new ValueError('', row.fault);
  const sourcedId = row.get('sourcedId');
  if (sourcedId === '') throw new ValueError('sourcedId', 'It is empty.');
  if (sourcedId.length > 255)
    throw new ValueError('sourcedId', `It has ${sourcedId.length} characters; at most 255 are kept.`);
  return sourcedId;
}
