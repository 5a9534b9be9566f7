import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { schoolNumber } from '../school-numbers';

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
