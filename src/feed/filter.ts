import type { Database } from '../database/database';
import type { Actor } from '../ledger/actor';
import { Problem } from '../lib/problem';
import type { Roster } from '../roster/roster';
import { openFormerSchools } from '../roster/section-schools';
import type { Filter } from './cursors';
import { feedSql } from './sql';

/** The ids of a section and a school, as they were sent. */
interface Named {
  readonly section?: string | undefined;
  readonly school?: string | undefined;
}

/**
 * Which changes are asked for, as far as the caller may see them: those of a section, of a school, or all. Throws NOT_FOUND where
 * there is no such section or school, SECTION_FORBIDDEN where it is not the caller's, and by the given code where the section was
 * never in the school: there would never be a change.
 */
export function openFilter(database: Database, roster: Pick<Roster, 'section' | 'one'>) {
  const { schools } = feedSql(database);
  const formerSchools = openFormerSchools(database);
  return async (caller: Actor, named: Named, code: 'QUERY_INVALID' | 'BODY_INVALID'): Promise<Filter> => {
    const { district } = caller;
    const section = named.section ? (await roster.section(caller, named.section)).id : null;
    const school = named.school ? (await roster.one('school', caller, named.school)).id : null;
    if (section === null || school === null) return { section, school };
    const [now] = await database.all(schools, { district, sections: JSON.stringify([[section]]) });
    const former = (await formerSchools(database, district, [section])).get(section) ?? [];
    if (now?.school === school || former.some((days) => days.school === school)) return { section, school };
    const is = now?.school ? `is in school ${now.school}` : 'is in no school';
    const message = `must be a school of section ${section}, which ${is} and was never in school ${school}`;
    throw new Problem(code, `school ${message}`, { violations: [{ field: 'school', message }] });
  };
}
