import type { ExportedMark } from '../../schemas/rollbook/marks';
import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { bit, day, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import { exception } from '../ledger/attendance';
import { permittedSection, stillTeaches, writableSection, yesterday } from '../roster/access';
import { namesRow } from '../roster/names';
import { schoolOn } from '../roster/section-schools';
import { words } from './report';

/** One thing that a text names, and as what. */
const namedRow = { kind: oneOf('id', 'sourced_id', 'number'), text: string, id: integer };
export type NamedRow = RowOf<typeof namedRow>;

/** The enrollment of a student, with what is shown of it. */
const enrolledRow = {
  id: integer,
  section_id: integer,
  person_id: integer,
  active: bit,
  begin_date: day,
  /** Exclusive. */
  end_date: day,
  school_id: nullable(integer),
  title: string,
  ...namesRow,
  student_number: string,
  /** Whether the person acted for teaches the section still; true where none is. */
  permitted: bit,
};
export type EnrolledRow = RowOf<typeof enrolledRow>;

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

/** The statements by which rows find their enrollments, and marks are read to be taken elsewhere. */
export function marksSql({ knex, rows, lookUp }: Engine) {
  const ids = rows('ids', { id: 'bigint' });
  const byId = (table: string) => `
    select 'id' as kind, cast(${table}.id as text) as text, ${table}.id
    from ${ids} as asked
    ${lookUp(table, `${table}.id = asked.id and ${table}.district_id = :district`)}`;
  const byText = (kind: string, column: string) => {
    const [table] = column.split('.');
    return `
      select '${kind}' as kind, ${column} as text, ${table}.id
      from ${table}
      where ${table}.district_id = :district
        and ${column} in (select asked.text from ${rows('texts', { text: 'text' })} as asked)`;
  };
  const enrolled = `select enrollments.id, enrollments.section_id, enrollments.person_id, enrollments.active,
      enrollments.begin_date, enrollments.end_date, sections.school_id, sections.title,
      people.given_name, people.preferred_name, people.family_name, people.identifier as student_number,
      (cast(:person as bigint) is null or ${stillTeaches('enrollments.section_id')}) as permitted`;
  const beside = `join sections on sections.id = enrollments.section_id
    join people on people.id = enrollments.person_id`;
  return {
    /** What the texts may name, and as what. */
    sections: text(knex, `${byId('sections')} union all ${byText('sourced_id', 'sections.sourced_id')}`, namedRow),
    students: text(
      knex,
      `${byId('people')}
      union all ${byText('sourced_id', 'people.sourced_id')}
      union all ${byText('number', 'people.identifier')}`,
      namedRow,
    ),
    enrollments: text(
      knex,
      `${enrolled}
      from ${ids} as asked
      cross join enrollments
      ${beside}
      where enrollments.id = asked.id and +enrollments.district_id = :district and not enrollments.admin`,
      enrolledRow,
    ),
    ofStudents: text(
      knex,
      `${enrolled}
      from ${ids} as asked
      cross join enrollments
      ${beside}
      where enrollments.person_id = asked.id and +enrollments.district_id = :district and not enrollments.admin
        and enrollments.section_id in (select named.id from ${rows('sections', { id: 'bigint' })} as named)`,
      enrolledRow,
    ),
    /** Those of the sections in which the person may not write. */
    forbidden: text(
      knex,
      `select sections.id
      from ${ids} as asked
      ${lookUp('sections', 'sections.id = asked.id and sections.district_id = :district')} and not ${writableSection}`,
      { id: integer },
    ),
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
      join enrollments on enrollments.id = marks.enrollment_id
      join people on people.id = enrollments.person_id
      join sections on sections.id = marks.section_id
      left join attendance_codes as codes on codes.id = marks.code_id and codes.district_id = :district
      where marks.district_id = :district and marks.section_id = asked.id and marks.date >= :from and marks.date <= :to
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
  const sql = marksSql(database);

  return async function* marks(actor: Actor, filter: ExportFilter): AsyncGenerator<ExportedMark[]> {
    const { district, person } = actor;
    const { section, school, from = FIRST_DAY, to = LAST_DAY } = filter;
    const scope = { district, person, yesterday: yesterday(), section, school };
    const sections = await database.all(sql.readable, scope);
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
          ...{ district, ids, from, to, school, limit: MARKS },
          ...after,
        });
        last = chunk.at(-1);
        yield chunk.map(({ status, ...mark }) => ({ ...mark, status: words[status] }));
      } while (chunk.length === MARKS);
    }
  };
}
