import type { Database } from '../database/database';
import { breath } from './breath';
import type { countingSql } from './counting-sql';
import { openReadDays, type ReadDay } from './read-days';
import { placeOf, withDay, yearOfDay } from './year-line';

/** How many days are written together: the lines of a school's students are read and written once for them. */
const AT_ONCE = 20;

interface Line {
  readonly person: number;
  readonly line: string;
}

/** Counts days of a school anew from what stands in the ledger. */
export function openCountDays(database: Database, sql: ReturnType<typeof countingSql>) {
  const read = openReadDays(database, sql);

  return async (district: number, school: number, dates: readonly string[]): Promise<void> => {
    const byYear = new Map<number, string[]>();
    for (const date of dates) byYear.set(yearOfDay(date), [...(byYear.get(yearOfDay(date)) ?? []), date]);
    for (const [year, days] of byYear)
      for (let from = 0; from < days.length; from += AT_ONCE)
        while (!(await count({ district, school, year }, days.slice(from, from + AT_ONCE))));
  };

  /** False where another process has counted in the school meanwhile: what was read may be older than what that wrote. */
  async function count(of: { district: number; school: number; year: number }, dates: readonly string[]) {
    const version = (await database.all<{ version: number }>(sql.version, of))[0]?.version ?? 0;
    const lines = new Map((await database.all<Line>(sql.lines, of)).map(({ person, line }) => [person, line]));
    const days = await read(of, dates);
    const changed = changedLines(lines, days);
    await breath();
    return database.transaction(async (tx) => {
      if ((await tx.all(sql.claim, { ...of, version })).length === 0) return false;
      if (changed.length > 0) await tx.all(sql.keepLines, { ...of, lines: JSON.stringify(changed) });
      await tx.all(sql.keepDays, { ...of, days: JSON.stringify(days.map(sumsOf)) });
      return true;
    });
  }
}

/** The lines that another day makes other lines, as rows. */
function changedLines(lines: ReadonlyMap<number, string>, days: readonly ReadDay[]): [number, string][] {
  const places = days.map(({ date }) => placeOf(date));
  const people = new Set([...lines.keys(), ...days.flatMap(({ statuses }) => [...statuses.keys()])]);
  return [...people].flatMap((person): [number, string][] => {
    const before = lines.get(person) ?? '';
    const after = days.reduce((line, { statuses }, at) => withDay(line, places[at]!, statuses.get(person)), before);
    return after === before ? [] : [[person, after]];
  });
}

function sumsOf({ date, rolls, assumed, statuses }: ReadDay): unknown[] {
  const counts = { 1: 0, 2: 0, 3: 0, 4: 0 };
  let partials = 0;
  for (const { status, partial } of statuses.values()) {
    counts[status]++;
    if (partial) partials++;
  }
  return [date, rolls, statuses.size, counts[2] + counts[4], counts[4], counts[3], partials, assumed];
}
