import type { Database } from '../database/database';
import { FIRST_DAY, LAST_DAY } from '../days';
import { type Assuming, openAssuming, openDaysToAssume, type Stretch } from './assuming';
import { breath } from './breath';
import { openCountDays } from './count-days';
import { countingSql } from './counting-sql';

/** A section as it was when counting began. */
interface ChangedSection {
  readonly section: number;
  readonly school: number;
  readonly revision: number;
  /** The last row of its journal that has been counted; 0 where it was never counted. */
  readonly after: number;
}

/** Days of a section whose roster has changed, in the school that it is or was in. */
interface Recount extends Stretch {
  readonly id: number;
  readonly section: number;
  readonly school: number;
}

/** How many changes of the roster are followed at a time. */
const MOST = 10_000;

/** What has to be counted in a school. */
interface Work {
  readonly changed: ChangedSection[];
  readonly recounts: Recount[];
  /** Where students who are not marked count as present on past days. */
  readonly assuming?: Assuming | undefined;
}

interface Last {
  readonly section: number;
  readonly last: number;
}

/**
 * Brings what reports have counted up to date, school by school, in steps between which others have their turn. The
 * rows of a section's journal come in the order of its revisions, so that what was written since it was counted is
 * known, whatever else is written meanwhile. A school that was not counted to its end is counted again.
 */
export function openCounting(database: Database): (district: number) => Promise<void> {
  const sql = countingSql(database);
  const countDays = openCountDays(database, sql);
  const assumingIn = openAssuming(database);
  const daysToAssume = openDaysToAssume(database);

  return async (district) => {
    while (await countSome(district));
  };

  /** Whether there may be more. */
  async function countSome(district: number): Promise<boolean> {
    const changed = await database.all<ChangedSection>(sql.changed, { district });
    const recounts = await database.all<Recount>(sql.recounts, { district, limit: MOST });
    const assuming = await assumingIn(district);
    for (const [school, work] of bySchool(changed, recounts, assuming)) {
      await breath();
      await countSchool(district, school, work);
    }
    return recounts.length === MOST;
  }

  async function countSchool(district: number, school: number, work: Work): Promise<void> {
    const { changed, recounts, assuming } = work;
    const [known, unknown] = [changed.filter(({ after }) => after > 0), changed.filter(({ after }) => after === 0)];
    const written = await database.all<Last & { date: string }>(sql.written, {
      district,
      sections: rowsOf(known, ({ section, after }) => [section, after]),
    });
    const newest = await database.all<Last>(sql.newest, { district, ids: rowsOf(unknown, ({ section }) => [section]) });
    const stretches = rowsOf(
      [...unknown.map(({ section }) => ({ section, from_date: FIRST_DAY, to_date: LAST_DAY })), ...recounts],
      ({ section, from_date, to_date }) => [section, from_date, to_date],
    );
    const met = await database.all<{ date: string }>(sql.met, { district, stretches });
    const days = new Set([...written, ...met].map(({ date }) => date));
    if (assuming) for (const day of await daysToAssume(district, assuming, recounts)) days.add(day);
    await countDays(district, school, [...days].sort());
    if (changed.length + recounts.length === 0) return;
    await finish(district, changed, lastOf(changed, [...written, ...newest]), recounts);
  }

  async function finish(
    district: number,
    changed: readonly ChangedSection[],
    last: ReadonlyMap<number, number>,
    recounts: readonly Recount[],
  ): Promise<void> {
    const sections = rowsOf(changed, ({ section, revision }) => [section, revision, last.get(section)!]);
    await database.transaction(async (tx) => {
      await tx.all(sql.hold, { district, ids: rowsOf(changed, ({ section }) => [section]) });
      await tx.all(sql.done, { district, sections });
      await tx.all(sql.forget, { district, ids: rowsOf(recounts, ({ id }) => [id]) });
    });
  }
}

const rowsOf = <Item>(items: readonly Item[], row: (item: Item) => unknown[]): string => JSON.stringify(items.map(row));

function bySchool(
  changed: readonly ChangedSection[],
  recounts: readonly Recount[],
  assuming: ReadonlyMap<number, Assuming>,
): Map<number, Work> {
  const schools = new Map<number, Work>();
  const of = (school: number): Work => {
    const work = schools.get(school) ?? { changed: [], recounts: [], assuming: assuming.get(school) };
    schools.set(school, work);
    return work;
  };
  for (const { school, counted, until } of assuming.values()) if (counted === null || counted < until) of(school);
  for (const section of changed) of(section.school).changed.push(section);
  for (const stretch of recounts) of(stretch.school).recounts.push(stretch);
  return schools;
}

/** The last journal row of each section that is counted now. */
function lastOf(changed: readonly ChangedSection[], rows: readonly Last[]): Map<number, number> {
  const last = new Map(changed.map(({ section, after }) => [section, after]));
  for (const row of rows) last.set(row.section, Math.max(last.get(row.section)!, row.last));
  return last;
}
