import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { integer, nullable, string } from '../../database/rows';
import { FIRST_DAY } from '../../days';
import { daysText, openCorrections } from '../corrections';
import { commonDays, type Days } from '../enrolled';
import { type Between, daysBetweenTerms, openGaps } from '../gaps';
import { recountNotes } from '../recounts';
import { CORRECTING, type PastOptions } from './past';
import { pastSql } from './past-sql';
import type { ImportReport } from './report';
import type { TermMoves } from './term-moves';

/** Classes as they are before an import, by their ids, and what is known of their terms. */
export interface TermsBefore {
  readonly sections: ReadonlyMap<number, string | null>;
  readonly between: ReadonlyMap<number, Between>;
  /** Those that are, or ever were, in a school that counts days on which nobody took the roll. */
  readonly counting: ReadonlySet<number>;
}

/**
 * Undefined where no school counts days on which nobody took the roll: of all others the terms say nothing. Sessions and
 * classes are written one file after the other: until `keepFormerTerms`, also where the import breaks off before it, all
 * classes are kept as they counted on the days that are over.
 */
export async function termsBefore(
  database: Database,
  district: number,
  { today, correctPast }: PastOptions,
): Promise<TermsBefore | undefined> {
  const [found] = await database.all(pastSql(database).any, { district, today });
  if (found!.assumes === 0) return undefined;
  const sql = formerTermsSql(database);
  const sections = await database.all(sql.sections, { district });
  const between = await openGaps(database).ofDistrict(database, district);
  const ids = JSON.stringify(sections.map(({ id }) => [id]));
  const assumed = await database.all(pastSql(database).assumed, { district, ids });
  const counting = new Set(assumed.map(({ section }) => section));
  const kept = new Map([...counting].map((id) => [id, partsOf(over(between.get(id) ?? NOTHING, today), today)]));
  if (!correctPast) await database.transaction((tx) => write(tx, sql, district, kept));
  return { sections: new Map(sections.map(({ id, sourced_id }) => [id, sourced_id])), between, counting };
}

/** Has of these classes what is to be kept of their terms, and nothing else. */
async function write(
  tx: Executor,
  sql: ReturnType<typeof formerTermsSql>,
  district: number,
  kept: ReadonlyMap<number, Between['former']>,
): Promise<void> {
  const rows = [...kept].flatMap(([section, parts]) =>
    parts.map(({ begin_date, end_date, is_between }) => [section, begin_date, end_date, is_between === 1]),
  );
  if (kept.size > 0)
    await tx.all(sql.forget, { district, ids: JSON.stringify([...kept.keys()].map((section) => [section])) });
  if (rows.length > 0) await tx.all(sql.keep, { district, rows: JSON.stringify(rows) });
}

/** The days between its terms that are over. */
const over = (between: Between, today: string): Days[] =>
  commonDays(daysBetweenTerms(between), [{ begin_date: FIRST_DAY, end_date: today }]);

/**
 * Where the terms of a class are others, days that are over stay as they counted: it met on them, or was between its terms.
 * Where the past was wrong, they follow the terms of today.
 */
export async function keepFormerTerms(
  database: Database,
  district: number,
  { before, moves }: { readonly before: TermsBefore | undefined; readonly moves: TermMoves },
  { today, correctPast }: PastOptions,
  report: ImportReport,
): Promise<void> {
  if (!before) return;
  const sql = formerTermsSql(database);
  await database.transaction(async (tx) => {
    if (!correctPast)
      await write(
        tx,
        sql,
        district,
        new Map([...before.counting].map((id) => [id, before.between.get(id)?.former ?? []])),
      );
    const after = await openGaps(database).ofDistrict(tx, district);
    const changed = [...new Set([...before.between.keys(), ...after.keys()])].flatMap((section) => {
      if (!before.sections.has(section)) return [];
      const [was, stands] = [before.between.get(section) ?? NOTHING, after.get(section) ?? NOTHING];
      const is = correctPast && !isSame(was.now, stands.now) ? { ...stands, former: [] } : stands;
      return isSame(daysBetweenTerms(was), daysBetweenTerms(is)) ? [] : [{ section, was, is }];
    });
    if (changed.length === 0) return;
    const ids = JSON.stringify(changed.map(({ section }) => [section]));
    const counting = new Set(
      (await tx.all(pastSql(database).assumed, { district, ids })).map(({ section }) => section),
    );
    const ofPast = changed.filter(
      ({ section, was, is }) => counting.has(section) && !isSame(over(was, today), over(is, today)),
    );
    const kept = new Map(
      ofPast.map(({ section, was }) => [section, correctPast ? [] : partsOf(over(was, today), today)]),
    );
    await write(tx, sql, district, kept);
    const movers = await moves.moversOf(
      tx,
      ofPast.map(({ section }) => section),
    );
    for (const { section } of ofPast) {
      const mover = movers.get(section) ?? { file: 'academicSessions.csv', line: 0 }; // a session that is listed no more
      const source = { ...mover, sourcedId: before.sections.get(section) ?? null };
      report[correctPast ? 'corrected' : 'kept'].push({ ...source, enrollment: null, rolls: 0 });
    }
    if (correctPast)
      await openCorrections(database).note(
        tx,
        { district, api: CORRECTING },
        today,
        ofPast.map(({ section, was, is }) => ({
          ...{
            section,
            enrollment: null,
            what: 'terms',
            from: daysText(over(was, today)),
            to: daysText(over(is, today)),
          },
        })),
      );
    const recounts = changed.flatMap(({ section, was, is }) =>
      [was, kept.has(section) ? { ...is, former: kept.get(section)! } : is]
        .flatMap(daysBetweenTerms)
        .map(({ begin_date: from, end_date: to }) => ({ section, from, to })),
    );
    await recountNotes(database)(tx, district, recounts);
  });
}

const NOTHING: Between = { now: [], former: [] };

const isSame = (one: readonly Days[], other: readonly Days[]): boolean => JSON.stringify(one) === JSON.stringify(other);

/** All days up to today, and whether they are among these. */
function partsOf(between: readonly Days[], today: string): Between['former'] {
  const parts: (Days & { is_between: 0 | 1 })[] = [];
  let begin_date = FIRST_DAY;
  for (const days of [...between, { begin_date: today, end_date: today }]) {
    if (begin_date < days.begin_date) parts.push({ begin_date, end_date: days.begin_date, is_between: 0 });
    if (days.begin_date < days.end_date) parts.push({ ...days, is_between: 1 });
    begin_date = days.end_date;
  }
  return parts;
}

function formerTermsSql({ knex, rows }: Pick<Database, 'knex' | 'rows'>) {
  const columns = { section_id: 'bigint', begin_date: 'date', end_date: 'date', is_between: 'boolean' } as const;
  return {
    sections: text(
      knex,
      'select sections.id, sections.sourced_id from sections where sections.district_id = :district',
      { id: integer, sourced_id: nullable(string) },
    ),
    forget: text(
      knex,
      `delete from former_terms
      where former_terms.district_id = :district
        and former_terms.section_id in (select asked.id from ${rows('ids', { id: 'bigint' })} as asked)`,
    ),
    keep: text(
      knex,
      `insert into former_terms (district_id, section_id, begin_date, end_date, is_between)
      select :district, kept.section_id, kept.begin_date, kept.end_date, kept.is_between
      from ${rows('rows', columns)} as kept`,
    ),
  };
}
