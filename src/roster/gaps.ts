import type { Database, Executor } from '../database/database';
import { type Query, text } from '../database/query';
import { day, integer, type RowOf } from '../database/rows';
import type { Days } from './enrolled';
import { dayAfter } from './past';

/*
 * A class whose terms leave days between them does not meet on these. On the day that a term says as its end it may still
 * meet: some systems mean the last day by it.
 */

const term = (section: string, when: string): string => `exists (
  select 1 from section_terms join terms on terms.id = section_terms.term_id
  where section_terms.section_id = ${section} and ${when})`;

/** SQL that is true of a section on a day between its terms. */
export const betweenTerms = (section: string, date: string): string => `(
  ${term(section, `terms.end_date < ${date}`)} and ${term(section, `terms.begin_date > ${date}`)}
  and not ${term(section, `terms.begin_date <= ${date} and terms.end_date >= ${date}`)})`;

export type Gaps = ReadonlyMap<number, readonly Days[]>;

/** From the end of a term to the beginning of the next. */
const gapRow = { section: integer, end: day, next: day };

/** Reads the days between the terms of sections, where there are any. */
export function openGaps(database: Pick<Database, 'knex' | 'rows'>) {
  const gaps = (source: string, where: string) =>
    text(
      database.knex,
      `select section_terms.section_id as section, terms.end_date as "end", min(later.begin_date) as next
      from ${source}
      join section_terms on section_terms.section_id = sections.id
      join terms on terms.id = section_terms.term_id
      join section_terms as others on others.section_id = section_terms.section_id
      join terms as later on later.id = others.term_id and later.begin_date > terms.end_date
      where ${where} and not exists (
        select 1 from section_terms as held join terms as over on over.id = held.term_id
        where held.section_id = section_terms.section_id and over.begin_date <= terms.end_date
          and over.end_date > terms.end_date)
      group by section_terms.section_id, terms.end_date
      order by section_terms.section_id, terms.end_date`,
      gapRow,
    );
  const ofSections = gaps(
    `${database.rows('ids', { id: 'bigint' })} as asked cross join sections`,
    'sections.id = asked.id and +sections.district_id = :district',
  );
  const ofAssuming = gaps(
    'sections',
    `+sections.district_id = :district and sections.id in (
        select present.id from schools join sections as present on present.school_id = schools.id
        where schools.district_id = :district and schools.untaken = 'present'
        union all
        select former_schools.section_id from schools
        join former_schools on former_schools.district_id = :district and former_schools.school_id = schools.id
        where schools.district_id = :district and schools.untaken = 'present')`,
  );
  const read = async (
    executor: Executor,
    query: Query<RowOf<typeof gapRow>>,
    values: Record<string, string | number>,
  ) => {
    const found = new Map<number, Days[]>();
    for (const { section, end, next } of await executor.all(query, values)) {
      const begin_date = dayAfter(end);
      if (begin_date < next) found.set(section, [...(found.get(section) ?? []), { begin_date, end_date: next }]);
    }
    return found;
  };
  return {
    ofSections: (executor: Executor, district: number, sections: readonly number[]): Promise<Gaps> =>
      read(executor, ofSections, { district, ids: JSON.stringify(sections.map((id) => [id])) }),
    /** Those of all sections that are, or ever were, in a school in which students who are not marked count as present. */
    ofAssuming: (executor: Executor, district: number): Promise<Gaps> => read(executor, ofAssuming, { district }),
  };
}
