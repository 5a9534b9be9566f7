import type { Engine } from '../database/database';
import { text } from '../database/query';
import { permittedSection, writableSection } from '../roster/permitted';
import { stillTeaches } from '../roster/teaches';

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
    sections: text(knex, `${byId('sections')} union all ${byText('sourced_id', 'sections.sourced_id')}`),
    students: text(
      knex,
      `${byId('people')}
      union all ${byText('sourced_id', 'people.sourced_id')}
      union all ${byText('number', 'people.identifier')}`,
    ),
    enrollments: text(
      knex,
      `${enrolled}
      from ${ids} as asked
      cross join enrollments
      ${beside}
      where enrollments.id = asked.id and +enrollments.district_id = :district and not enrollments.admin`,
    ),
    ofStudents: text(
      knex,
      `${enrolled}
      from ${ids} as asked
      cross join enrollments
      ${beside}
      where enrollments.person_id = asked.id and +enrollments.district_id = :district and not enrollments.admin
        and enrollments.section_id in (select named.id from ${rows('sections', { id: 'bigint' })} as named)`,
    ),
    /** Those of the sections in which the person may not write. */
    forbidden: text(
      knex,
      `select sections.id
      from ${ids} as asked
      ${lookUp('sections', 'sections.id = asked.id and sections.district_id = :district')} and not ${writableSection}`,
    ),
    /** The sections whose marks the caller may read, in the order of ids. */
    readable: text(
      knex,
      `select sections.id
      from sections
      where sections.district_id = :district and ${permittedSection}
        and (cast(:section as bigint) is null or sections.id = :section)
        and (cast(:school as bigint) is null or sections.school_id = :school)
      order by sections.id`,
    ),
    /** Marks of some sections after a place in the order (section, date, enrollment). */
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
        and (marks.section_id, marks.date, marks.enrollment_id) > (:after_section, :after_date, :after_enrollment)
      order by marks.section_id, marks.date, marks.enrollment_id
      limit :limit`,
    ),
  };
}
