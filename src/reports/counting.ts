import type { Database } from '../database/database';
import { countingSql } from './counting-sql';

/** A section as it was when counting began. */
interface ChangedSection {
  readonly section: number;
  readonly school: number;
  readonly revision: number;
  /** The last row of its journal that has been counted. */
  readonly after: number;
}

interface Written {
  readonly section: number;
  readonly date: string;
  readonly last: number;
}

/**
 * Brings what reports have counted up to date. The rows of a section's journal come in the order of its revisions, so
 * that what was written since it was counted is known, whatever else is written meanwhile; each school's day is counted
 * anew, whole, in a transaction of its own.
 */
export function openCounting(database: Database): (district: number) => Promise<void> {
  const sql = countingSql(database);

  return async (district) => {
    const changed = await database.all<ChangedSection>(sql.changed, { district });
    if (changed.length === 0) return;
    const asked = JSON.stringify(changed.map(({ section, after }) => [section, after]));
    const written = await database.all<Written>(sql.written, { district, sections: asked });
    for (const [school, date] of daysOf(changed, written)) await countDay(district, school, date);
    const last = new Map(changed.map(({ section, after }) => [section, after]));
    for (const row of written) last.set(row.section, Math.max(last.get(row.section)!, row.last));
    const done = JSON.stringify(changed.map(({ section, revision }) => [section, revision, last.get(section)]));
    await database.transaction((tx) => tx.all(sql.done, { district, sections: done }));
  };

  async function countDay(district: number, school: number, date: string): Promise<void> {
    const day = { district, school, date };
    await database.transaction(async (tx) => {
      await tx.all(sql.forget, day);
      await tx.all(sql.count, day);
      await tx.all(sql.countDay, day);
    });
  }
}

/** Each school with each day on which one of its sections was written to. */
function daysOf(changed: readonly ChangedSection[], written: readonly Written[]): [school: number, date: string][] {
  const schools = new Map(changed.map(({ section, school }) => [section, school]));
  const days = new Map(
    written.map(({ section, date }) => [`${schools.get(section)} ${date}`, [schools.get(section)!, date]]),
  );
  return [...days.values()] as [number, string][];
}
