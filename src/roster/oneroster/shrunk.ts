import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { each, integer, nullable, type RowOf, string } from '../../database/rows';
import { schoolNumber } from '../schools';
import { aliasesOf } from './aliases';
import type { Bundle, BundleFile, Manifest } from './bundle';
import { batchesIn } from './csv';
import { fileSpecs } from './files';
import { FileError } from './report';
import { type Ending, endings, type Survey, valueIn } from './survey';

/** A file that ends more than so many of a school's enrollments, and more than this part of them, is not believed. */
const MANY = 20;
const PART = 1 / 5;
const PAGE = 10_000;

/** Why files that shrank are not believed. */
export type Shrunk = ReadonlyMap<string, string>;

/** An enrollment that runs today. */
const runningRow = {
  id: integer,
  ...each(endings, nullable(string)),
  /** The sourcedIds of the class and the user. */
  section: string,
  person: string,
  school: string,
};
type Running = RowOf<typeof runningRow>;

type IsListed = (row: Running) => boolean;

/**
 * The bulk files of a bundle that would end too much: enrollments, or what enrollments that run today are in. An export
 * that broke off looks like one of a school that everybody has left.
 * @param allowed so many enrollments may end
 */
export async function shrunkIn(
  database: Database,
  district: number,
  bundle: Bundle & Manifest,
  { listed }: Survey,
  { today, allowed }: { today: string; allowed: number },
): Promise<Shrunk> {
  const checks = new Map<Ending, IsListed>();
  for (const file of endings)
    if (bundle.modeOf(file) === 'bulk' && listed[file].size > 0)
      checks.set(file, await isListedIn(database, district, file, listed[file]));
  if (checks.size === 0) return new Map();
  const shrunk = await notBelieved(database, district, today, checks, allowed);
  if (!shrunk.has('enrollments')) return shrunk;
  // An SIS may give all rows new sourcedIds: then the same students are in the same classes.
  const pairs = await pairsIn(bundle.files.get('enrollments')!);
  const isListed = checks.get('enrollments')!;
  const isPaired: IsListed = (row) => isListed(row) || pairs.has(`${row.section} ${row.person}`);
  const left = await notBelieved(database, district, today, new Map([['enrollments', isPaired]]), allowed);
  shrunk.delete('enrollments');
  return new Map([...shrunk, ...left]);
}

/** Whether a file does not end what an enrollment is in. */
async function isListedIn(
  database: Database,
  district: number,
  file: Ending,
  ids: ReadonlySet<string>,
): Promise<IsListed> {
  const { table } = fileSpecs.find((spec) => spec.file === file)!;
  const otherwise = new Set<string | null>();
  for (const [alias, { sourcedId }] of await aliasesOf(database, table, district))
    if (ids.has(alias)) otherwise.add(sourcedId);
  return ({ [file]: id }) => id === null || ids.has(id) || otherwise.has(id);
}

/** The classes and users of all enrollments, by their sourcedIds. */
async function pairsIn(file: BundleFile): Promise<ReadonlySet<string>> {
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

/** What of these files would end too much, and why. */
async function notBelieved(
  database: Database,
  district: number,
  today: string,
  checks: ReadonlyMap<Ending, IsListed>,
  allowed: number,
): Promise<Map<string, string>> {
  // What no file has listed is not for a file to end.
  const page = text(
    database.knex,
    `select enrollments.id, enrollments.sourced_id as enrollments,
      schools.sourced_id as orgs, sections.sourced_id as classes, people.sourced_id as users,
      coalesce(sections.sourced_id, '') as section, coalesce(people.sourced_id, '') as person,
      coalesce(schools.name || ' (' || ${schoolNumber} || ')', 'no school') as school
    from enrollments
    join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
    join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
    left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
    where enrollments.district_id = :district and enrollments.id > :after and enrollments.active
      and enrollments.sourced_id is not null and enrollments.begin_date <= :today and enrollments.end_date > :today
    order by enrollments.id limit ${PAGE}`,
    runningRow,
  );
  const running = new Map<string, number>();
  const ending = new Map([...checks.keys()].map((file) => [file, new Map<string, number>()]));
  const count = (counts: Map<string, number>, school: string) => counts.set(school, (counts.get(school) ?? 0) + 1);
  for (let after = 0, rows: Running[] = []; ; after = rows.at(-1)!.id) {
    rows = await database.all(page, { district, today, after });
    for (const row of rows) {
      count(running, row.school);
      for (const [file, isListed] of checks) if (!isListed(row)) count(ending.get(file)!, row.school);
    }
    if (rows.length < PAGE) break;
  }
  const reasons = new Map<string, string>();
  for (const [file, counts] of ending) {
    const all = [...counts.values()].reduce((sum, some) => sum + some, 0);
    const shrunk = [...counts].filter(([school, some]) => some > MANY && some > running.get(school)! * PART);
    if (shrunk.length === 0 || all <= allowed) continue;
    const figures = shrunk.map(([school, some]) => `${some} of ${running.get(school)} of ${school}`).join(', ');
    reasons.set(file, reasonOf(file, figures, all));
  }
  return reasons;
}

const carriers = { orgs: 'schools', classes: 'classes', users: 'users' } as const;

function reasonOf(file: Ending, figures: string, all: number): string {
  if (file === 'enrollments')
    return (
      `It does not list ${figures} that run today: more than a fifth. An export may have broken off, so nothing of it ` +
      `was taken. --allow-ending ${all} takes it.`
    );
  return (
    `It does not list ${carriers[file]} that have enrollments which run today, ${figures}: more than a fifth. An export may ` +
    `have broken off, so nothing was ended. --allow-ending ${all} ends what it does not list.`
  );
}
