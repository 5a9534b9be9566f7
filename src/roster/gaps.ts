import type { Database, Executor } from '../database/database';
import { type Query, text } from '../database/query';
import { day, integer, oneOf, type RowOf } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import { commonDays, type Days, daysBeside, daysRow } from './enrolled';
import { dayAfter } from './past';

/*
 * A class whose terms leave days between them does not meet on these. On the day that a term says as its end it may still
 * meet: some systems mean the last day by it. On days that were over when its terms changed it is as it was then
 * (former_terms).
 */

const term = (when: string): string => `exists (
  select 1 from section_terms join terms on terms.district_id = section_terms.district_id
    and terms.id = section_terms.term_id
  where section_terms.district_id = sections.district_id and section_terms.section_id = sections.id and ${when})`;

/** SQL that is true of the section in `sections` on a day between its terms. */
export const betweenTerms = (date: string): string => `coalesce((
  select case when former_terms.is_between then 1 else 0 end from former_terms
  where former_terms.district_id = sections.district_id and former_terms.section_id = sections.id
    and former_terms.begin_date <= ${date} and former_terms.end_date > ${date}), case when (
  ${term(`terms.end_date < ${date}`)} and ${term(`terms.begin_date > ${date}`)}
  and not ${term(`terms.begin_date <= ${date} and terms.end_date >= ${date}`)}) then 1 else 0 end) = 1`;

export type Gaps = ReadonlyMap<number, readonly Days[]>;

/** From the end of a term to the beginning of the next. */
const gapRow = { section: integer, end: day, next: day };

/** Days that were over when the terms of a class changed. */
const formerRow = { section: integer, ...daysRow, is_between: oneOf(0, 1) };

/** What is known of the terms of a class. */
export interface Between {
  /** The days between the terms that it has. */
  readonly now: readonly Days[];
  /** The days that are as they were under former terms, in their order and without a gap, from the first day on. */
  readonly former: readonly (Days & { readonly is_between: 0 | 1 })[];
}

/** The days on which a class is between its terms. */
export function daysBetweenTerms({ now, former }: Between): Days[] {
  const since = former.at(-1)?.end_date ?? FIRST_DAY;
  const between = former.filter(({ is_between }) => is_between);
  return daysBeside(NONE, [...between, ...commonDays(now, [{ begin_date: since, end_date: LAST_DAY }])]);
}

const NONE: Days = { begin_date: FIRST_DAY, end_date: FIRST_DAY };

/** Reads the days between the terms of sections, where there are any. */
export function openGaps({ knex, rows }: Pick<Database, 'knex' | 'rows'>) {
  const gaps = (source: string, where: string) =>
    text(
      knex,
      `select section_terms.section_id as section, terms.end_date as "end", min(later.begin_date) as next
      from ${source}
      join section_terms on section_terms.district_id = sections.district_id and section_terms.section_id = sections.id
      join terms on terms.district_id = section_terms.district_id and terms.id = section_terms.term_id
      join section_terms as others on others.district_id = section_terms.district_id
        and others.section_id = section_terms.section_id
      join terms as later on later.district_id = others.district_id
        and later.id = others.term_id and later.begin_date > terms.end_date
      where ${where} and not exists (
        select 1 from section_terms as held join terms as over on over.district_id = held.district_id
          and over.id = held.term_id
        where held.district_id = section_terms.district_id and held.section_id = section_terms.section_id
          and over.begin_date <= terms.end_date and over.end_date > terms.end_date)
      group by section_terms.section_id, terms.end_date
      order by section_terms.section_id, terms.end_date`,
      gapRow,
    );
  const former = (source: string, where: string) =>
    text(
      knex,
      `select former_terms.section_id as section, former_terms.begin_date, former_terms.end_date,
        case when former_terms.is_between then 1 else 0 end as is_between
      from ${source}
      where former_terms.district_id = :district${where}
      order by former_terms.section_id, former_terms.begin_date`,
      formerRow,
    );
  const asked = `${rows('ids', { id: 'bigint' })} as asked cross join`;
  const some = {
    gaps: gaps(`${asked} sections`, 'sections.id = asked.id and +sections.district_id = :district'),
    former: former(`${asked} former_terms`, ' and former_terms.section_id = asked.id'),
  };
  const all = { gaps: gaps('sections', 'sections.district_id = :district'), former: former('former_terms', '') };

  const read = async (executor: Executor, { gaps, former }: Statements, values: Record<string, string | number>) => {
    const found = new Map<number, { now: Days[]; former: RowOf<typeof formerRow>[] }>();
    const of = (section: number) => {
      const known = found.get(section) ?? { now: [], former: [] };
      found.set(section, known);
      return known;
    };
    for (const { section, end, next } of await executor.all(gaps, values)) {
      const begin_date = dayAfter(end);
      if (begin_date < next) of(section).now.push({ begin_date, end_date: next });
    }
    for (const row of await executor.all(former, values)) of(row.section).former.push(row);
    return found;
  };
  return {
    async ofSections(executor: Executor, district: number, sections: readonly number[]): Promise<Gaps> {
      const found = await read(executor, some, { district, ids: JSON.stringify(sections.map((id) => [id])) });
      return new Map([...found].map(([section, between]) => [section, daysBetweenTerms(between)]));
    },
    /** Of all sections of a district. */
    ofDistrict: (executor: Executor, district: number): Promise<ReadonlyMap<number, Between>> =>
      read(executor, all, { district }),
  };
}

interface Statements {
  readonly gaps: Query<RowOf<typeof gapRow>>;
  readonly former: Query<RowOf<typeof formerRow>>;
}
