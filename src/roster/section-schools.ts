import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { integer, type RowOf } from '../database/rows';
import { earlier, later } from '../days';
import { daysRow, isWithin } from './enrolled';

/*
 * The school of a section on a day: that in which it is, but for the days on which it was in another (former_schools). What
 * asks about a day that may be over goes by these functions. School 0 is none.
 */

/** Days on which a section was in another school than it is now. */
const formerRow = { section: integer, school: integer, ...daysRow };
export type FormerSchool = RowOf<typeof formerRow>;

/** SQL of the school of the section in `sections` on the day. */
export const schoolOn = (date: string): string => `coalesce((
  select former_schools.school_id from former_schools
  where former_schools.district_id = sections.district_id and former_schools.section_id = sections.id
    and former_schools.begin_date <= ${date} and former_schools.end_date > ${date}), sections.school_id, 0)`;

/** SQL that is true of the sections of the `:district` that were in the `:school` on the day, entered by the school. */
export const ofSchoolOn = (date: string): string => `+sections.district_id = :district and sections.id in (
  select present.id from sections as present
  where present.district_id = :district and coalesce(present.school_id, 0) = :school
  union all
  select former_schools.section_id from former_schools
  where former_schools.district_id = :district and former_schools.school_id = :school
    and former_schools.begin_date <= ${date} and former_schools.end_date > ${date})
  and ${schoolOn(date)} = :school`;

/** SQL that is true of the sections of the `:district` that are in the `:school`, or ever were. */
export const everOfSchool = `+sections.district_id = :district and sections.id in (
  select present.id from sections as present
  where present.district_id = :district and coalesce(present.school_id, 0) = :school
  union all
  select former_schools.section_id from former_schools
  where former_schools.district_id = :district and former_schools.school_id = :school)`;

/** Reads in which schools sections were before. */
export function openFormerSchools({ knex, rows }: Pick<Database, 'knex' | 'rows'>) {
  const find = text(
    knex,
    `select former_schools.section_id as section, former_schools.school_id as school, former_schools.begin_date,
      former_schools.end_date
    from ${rows('ids', { id: 'bigint' })} as asked
    cross join former_schools
    where former_schools.district_id = :district and former_schools.section_id = asked.id
    order by former_schools.section_id, former_schools.begin_date`,
    formerRow,
  );
  return async (
    executor: Executor,
    district: number,
    sections: Iterable<number>,
  ): Promise<Map<number, FormerSchool[]>> => {
    const former = new Map<number, FormerSchool[]>();
    const ids = JSON.stringify([...new Set(sections)].map((id) => [id]));
    if (ids === '[]') return former;
    for (const row of await executor.all(find, { district, ids }))
      former.set(row.section, [...(former.get(row.section) ?? []), row]);
    return former;
  };
}

/** The school of a section on a day, by the one in which it is and those in which it was. */
export const schoolAt = (date: string, school: number, former: readonly FormerSchool[] = []): number =>
  former.find((days) => isWithin(date, days))?.school ?? school;

/** Days of a section. */
export interface SectionStretch {
  readonly section: number;
  readonly from_date: string;
  /** Exclusive. */
  readonly to_date: string;
}

/** Those of the days of a section on which it was in another school. */
export const partsIn = (
  { section, from_date, to_date }: SectionStretch,
  there: readonly FormerSchool[],
): SectionStretch[] =>
  there
    .filter((days) => days.section === section)
    .map(({ begin_date, end_date }) => ({
      section,
      from_date: later(from_date, begin_date),
      to_date: earlier(to_date, end_date),
    }))
    .filter((part) => part.from_date < part.to_date);
