import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { schoolNumber } from '../schools';
import type { Bundle, BundleFile } from './bundle';
import { batchesIn, type Row } from './csv';
import { fileSpecs } from './files';
import { FileError, ValueError } from './report';

/** What is to be known of a bundle before anything of it is taken. */
export interface Survey {
  /** The newest `dateLastModified`, ISO 8601; undefined where none is said. */
  readonly modified: string | undefined;
  /** The sourcedIds of all enrollments. */
  readonly enrollments: ReadonlySet<string>;
}

/** Reads a bundle through; what is wrong in it is for the import itself to say. */
export async function surveyOf({ files }: Bundle): Promise<Survey> {
  const modified = newestModified();
  const enrollments = new Set<string>();
  for (const { file } of fileSpecs) {
    const found = files.get(file.toLowerCase());
    try {
      if (found)
        for await (const rows of batchesIn(found, ['sourcedId']))
          for (const row of rows) {
            if (row.fault) continue;
            modified.add(row);
            if (file === 'enrollments') enrollments.add(valueIn(row, 'sourcedId'));
          }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return { modified: modified.at(), enrollments };
}

/** The classes and users of all enrollments, by their sourcedIds. */
export async function pairsIn(file: BundleFile): Promise<ReadonlySet<string>> {
  const pairs = new Set<string>();
  try {
    for await (const rows of batchesIn(file, ['sourcedId']))
      for (const row of rows)
        if (!row.fault) pairs.add(`${valueIn(row, 'classSourcedId')} ${valueIn(row, 'userSourcedId')}`);
  } catch (error) {
    if (!(error instanceof FileError)) throw error; // the import says so
  }
  return pairs;
}

/** The newest `dateLastModified` of some rows, ISO 8601; undefined where none is said. */
export function newestModified() {
  let [newest, last] = ['', ''];
  return {
    add(row: Row): void {
      const value = valueIn(row, 'dateLastModified');
      if (value === last) return; // many rows say the same
      last = value;
      const at = instantOf(value);
      if (at > newest) newest = at;
    },
    at: (): string | undefined => newest || undefined,
  };
}

function valueIn(row: Row, column: string): string {
  try {
    return row.get(column);
  } catch (error) {
    if (error instanceof ValueError) return '';
    throw error;
  }
}

/** In one way of writing, in which later ones are greater; empty where it is none, or of a day to come. */
function instantOf(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) return '';
  const at = Date.parse(value);
  return Number.isNaN(at) || at > Date.now() + DAY ? '' : new Date(at).toISOString();
}

/** Milliseconds; clocks differ. */
const DAY = 86_400_000;

/** What the district knows of the bundles that were imported. */
export function openModified(database: Database) {
  const sql = {
    known: text(
      database.knex,
      `select districts.roster_modified_at as modified,
        case when exists (select 1 from people where people.district_id = :district) then 1 else 0 end as "hasRoster"
      from districts where districts.id = :district`,
    ),
    set: text(database.knex, 'update districts set roster_modified_at = :modified where id = :district'),
  };
  return {
    async of(district: number): Promise<{ modified: string | null; hasRoster: 0 | 1 }> {
      return (await database.all<{ modified: string | null; hasRoster: 0 | 1 }>(sql.known, { district }))[0]!;
    },
    set: (district: number, modified: string): Promise<void> =>
      database.transaction(async (tx) => void (await tx.all(sql.set, { district, modified }))),
  };
}

/** A file that ends more than so many of a school's enrollments, and more than this part of them, is not believed. */
const MANY = 20;
const PART = 1 / 5;
const PAGE = 10_000;

export interface Running {
  readonly id: number;
  readonly sourced_id: string;
  /** The sourcedIds of the class and the user. */
  readonly section: string;
  readonly person: string;
  readonly school: string;
}

/**
 * Why a file that lists these enrollments, and ends all others, is not believed; undefined where it may be right. An export
 * that broke off looks like one of a school that everybody has left.
 * @param allowed so many may end
 */
export async function whyNotBelieved(
  database: Database,
  district: number,
  today: string,
  isListed: (row: Running) => boolean,
  allowed: number,
): Promise<string | undefined> {
  const page = text(
    database.knex,
    `select enrollments.id, enrollments.sourced_id, coalesce(sections.sourced_id, '') as section,
      coalesce(people.sourced_id, '') as person, coalesce(schools.name || ' (' || ${schoolNumber} || ')', 'no school') as school
    from enrollments
    join sections on sections.id = enrollments.section_id
    join people on people.id = enrollments.person_id
    left join schools on schools.id = sections.school_id
    where enrollments.district_id = :district and enrollments.id > :after and enrollments.active
      and enrollments.sourced_id is not null and enrollments.begin_date <= :today and enrollments.end_date > :today
    order by enrollments.id limit ${PAGE}`,
  );
  const schools = new Map<string, { running: number; ending: number }>();
  for (let after = 0, rows: Running[] = []; ; after = rows.at(-1)!.id) {
    rows = await database.all<Running>(page, { district, today, after });
    for (const row of rows) {
      const { school } = row;
      const counts = schools.get(school) ?? { running: 0, ending: 0 };
      counts.running++;
      if (!isListed(row)) counts.ending++;
      schools.set(school, counts);
    }
    if (rows.length < PAGE) break;
  }
  const ending = [...schools.values()].reduce((sum, counts) => sum + counts.ending, 0);
  const shrunk = [...schools].filter(([, { running, ending }]) => ending > MANY && ending > running * PART);
  if (shrunk.length === 0 || ending <= allowed) return undefined;
  const figures = shrunk.map(([school, counts]) => `${counts.ending} of ${counts.running} of ${school}`).join(', ');
  return (
    `It does not list ${figures} that run today: more than a fifth. An export may have broken off, so nothing of it was ` +
    `taken. --allow-ending ${ending} takes it.`
  );
}
