import type { Term } from '../../../schemas/powerschool/resources';
import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { day, integer, nullable, oneOf, type RowOf, string } from '../../database/rows';
import { isSchoolDay, plusDays } from '../../days';
import type { Actor } from '../../ledger/actor';
import { openSchoolYears, schoolYearOn } from '../../roster/school-years';

const termRow = {
  id: integer,
  sourced_id: nullable(string),
  parent_sourced_id: nullable(string),
  title: string,
  type: string,
  begin_date: day,
  /** Exclusive. */
  end_date: day,
  /** Whether a section of the school is in it. */
  used: oneOf(0, 1),
};
type TermRow = RowOf<typeof termRow>;

/** A session as a term of a school. */
export type SchoolTerm = Omit<Term, 'school_number'>;

/**
 * Reads the terms of a school. A roster has sessions of the district: those of a school are the ones that its sections are in,
 * and the ones that these are a part of. One without days is none.
 */
export function openTerms(database: Database) {
  const schoolYears = openSchoolYears(database);
  const find = text(
    database.knex,
    `select terms.id, terms.sourced_id, terms.parent_sourced_id, terms.title, terms.type, terms.begin_date, terms.end_date,
      case when terms.id in (
        select section_terms.term_id
        from sections
        cross join section_terms
        where section_terms.district_id = sections.district_id and section_terms.section_id = sections.id
          and sections.district_id = :district and coalesce(sections.school_id, 0) = :school and sections.active)
      then 1 else 0 end as used
    from terms
    where terms.district_id = :district and terms.active
    order by terms.begin_date, terms.id`,
    termRow,
  );
  return async ({ district }: Actor, school: number): Promise<SchoolTerm[]> => {
    const terms = await database.all(find, { district, school });
    const years = await schoolYears(district);
    const inUse = withParents(terms);
    return terms
      .filter((term) => inUse.has(term) && isSchoolDay(term.begin_date) && isSchoolDay(term.end_date))
      .map((term) => termOf(term, terms, schoolYearOn(term.begin_date, years)));
  };
}

function withParents(terms: readonly TermRow[]): ReadonlySet<TermRow> {
  const byCode = new Map(terms.map((term) => [term.sourced_id, term]));
  const met = new Set<TermRow>();
  for (let term of terms.filter(({ used }) => used === 1))
    while (!met.has(term)) {
      met.add(term);
      term = byCode.get(term.parent_sourced_id ?? '') ?? term;
    }
  return met;
}

const termOf = (term: TermRow, terms: readonly TermRow[], start_year: number): SchoolTerm => {
  const portion = portionOf(term, terms);
  return {
    id: term.id,
    term_number: term.id,
    start_year,
    ...(portion !== undefined && { portion }),
    start_date: term.begin_date,
    end_date: plusDays(term.end_date, -1),
    abbreviation: term.title,
    name: term.title,
  };
};

/** 1 is a whole year, 2 a half of one: as many as there are of its like in the whole that it is a part of. */
function portionOf(term: TermRow, terms: readonly TermRow[], depth = 0): number | undefined {
  if (term.type.toLowerCase() === 'schoolyear') return 1;
  const whole = terms.find(({ sourced_id }) => sourced_id !== null && sourced_id === term.parent_sourced_id);
  if (!whole || depth > MAX_DEPTH) return undefined;
  const like = terms.filter(
    ({ parent_sourced_id, type }) => parent_sourced_id === term.parent_sourced_id && type === term.type,
  );
  const ofWhole = portionOf(whole, terms, depth + 1);
  return ofWhole === undefined ? undefined : ofWhole * like.length;
}

/** Parents may go in a circle. */
const MAX_DEPTH = 8;
