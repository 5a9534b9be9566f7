import type { ExportedMark } from '../../schemas/rollbook/marks';
import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { day, integer, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import { exception, statusWords } from '../ledger/attendance';
import { mayReadOn, permittedSection, scopeOf } from '../roster/access';
import { schoolOn } from '../roster/section-schools';

/** A mark as it is exported, but for the word of its status. */
const markRow = {
  section: integer,
  section_title: string,
  student: integer,
  student_number: string,
  family_name: string,
  given_name: string,
  enrollment: integer,
  date: day,
  status: exception,
  code: string,
  comment: string,
};
type MarkRow = RowOf<typeof markRow>;

export const exportColumns = Object.keys(markRow) as readonly (keyof MarkRow)[];

/** The statements by which marks are read to be taken elsewhere. */
function exportSql({ knex, rows }: Engine) {
  const ids = rows('ids', { id: 'bigint' });
  return {
    /** The sections whose marks the caller may read, in the order of ids; those that are or were in a school. */
    readable: text(
      knex,
      `select sections.id
      from sections
      where sections.district_id = :district and ${permittedSection}
        and (cast(:section as bigint) is null or sections.id = :section)
        and (cast(:school as bigint) is null or sections.school_id = :school or exists (
          select 1 from former_schools
          where former_schools.district_id = :district and former_schools.section_id = sections.id
            and former_schools.school_id = :school))
      order by sections.id`,
      { id: integer },
    ),
    /** Marks of some sections, on days on which these were in the school, after a place in the order (section, date, enrollment). */
    marks: text(
      knex,
      `select marks.section_id as section, sections.title as section_title, enrollments.person_id as student,
        people.identifier as student_number, people.family_name, people.given_name, marks.enrollment_id as enrollment,
        marks.date, marks.status, coalesce(codes.code, '') as code, marks.comment
      from ${ids} as asked
      cross join marks
      join enrollments on enrollments.district_id = marks.district_id and enrollments.id = marks.enrollment_id
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      join sections on sections.district_id = marks.district_id and sections.id = marks.section_id
      left join attendance_codes as codes on codes.id = marks.code_id and codes.district_id = :district
      where marks.district_id = :district and marks.section_id = asked.id and marks.date >= :from and marks.date <= :to
        and ${mayReadOn('marks.section_id', 'marks.date')}
        and (cast(:school as bigint) is null or ${schoolOn('marks.date')} = :school)
        and (marks.section_id, marks.date, marks.enrollment_id) > (:after_section, :after_date, :after_enrollment)
      order by marks.section_id, marks.date, marks.enrollment_id
      limit :limit`,
      markRow,
    ),
  };
}

/** Which marks: days are inclusive, all of them where nothing is said. */
export interface ExportFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly section: number | null;
  readonly school: number | null;
}

/**
 * How many sections are read together, and marks at once: a few milliseconds' work, for which an embedded database
 * holds up everybody else. Each time the sections that are left are put in order anew.
 */
const SECTIONS = 5;
const MARKS = 500;

/** Reads the marks of a district in the order (section, date, enrollment), as far as the actor may see them. */
export function openMarksExport(database: Database) {
  const sql = exportSql(database);

  return async function* marks(actor: Actor, filter: ExportFilter): AsyncGenerator<ExportedMark[]> {
    const { section, school, from = FIRST_DAY, to = LAST_DAY } = filter;
    const sections = await database.all(sql.readable, { ...scopeOf(actor), section, school });
    for (let first = 0; first < sections.length; first += SECTIONS) {
      const together = sections.slice(first, first + SECTIONS).map(({ id }) => id);
      let chunk: readonly MarkRow[];
      let last: MarkRow | undefined;
      do {
        const ids = JSON.stringify(together.filter((id) => id >= (last?.section ?? 0)).map((id) => [id]));
        const after = {
          after_section: last?.section ?? 0,
          after_date: last?.date ?? FIRST_DAY,
          after_enrollment: last?.enrollment ?? 0,
        };
        chunk = await database.all(sql.marks, {
          ...scopeOf(actor),
          ...{ ids, from, to, school, limit: MARKS },
          ...after,
        });
        last = chunk.at(-1);
        yield chunk.map(({ status, ...mark }) => ({ ...mark, status: statusWords[status] }));
      } while (chunk.length === MARKS);
    }
  };
}
