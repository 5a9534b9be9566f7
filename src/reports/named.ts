import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { integer, nullable, string } from '../database/rows';
import { calledName, namesRow, openNameOrder } from '../roster/names';
import type { Absentee } from './chronic';

/** Gives what was counted the names it is shown with. */
export function openNamed(database: Database) {
  const sql = namedSql(database);
  const nameOrder = openNameOrder(database);

  const schools = async (district: number): Promise<Map<number, string>> => {
    const rows = await database.all(sql.schools, { district });
    return new Map(rows.map(({ id, name }) => [id, name]));
  };

  return {
    /** The names of the schools of a district by their ids. */
    schools,

    /** Those who miss most first; of those who miss as much, in the order of their names. */
    async inOrder(district: number, absentees: readonly Absentee[]): Promise<Absentee[]> {
      const ids = JSON.stringify(absentees.map(({ person_id }) => [person_id]));
      const rows = await database.all(sql.names, { district, ids });
      const names = new Map(rows.map((row) => [row.id, row]));
      const { people } = await nameOrder(district);
      return [...absentees].sort(
        (one, other) =>
          other.rate - one.rate ||
          people(names.get(one.person_id)!, names.get(other.person_id)!) ||
          one.person_id - other.person_id,
      );
    },

    /** The students in the order given, each with number, name, grades, and the school in which they are now. */
    async students(district: number, absentees: readonly Absentee[], today: string) {
      const ids = JSON.stringify(absentees.map(({ person_id }) => [person_id]));
      const rows = await database.all(sql.named, { district, ids, today });
      const people = new Map(rows.map((row) => [row.id, row]));
      const names = await schools(district);
      return absentees.map(({ school, ...counts }) => {
        const person = people.get(counts.person_id)!;
        const { grades, identifier: student_number } = person;
        return {
          ...counts,
          student_number,
          name: calledName(person),
          school: names.get(person.school ?? school) ?? '',
          grades,
        };
      });
    },
  };
}

const namedSql = ({ knex, rows }: Engine) => ({
  schools: text(
    knex,
    'select schools.id, schools.name from schools where schools.district_id = :district order by schools.name, schools.id',
    { id: integer, name: string },
  ),
  names: text(
    knex,
    `select people.id, people.given_name, people.preferred_name, people.family_name
    from ${rows('ids', { id: 'bigint' })} as asked
    cross join people
    where people.id = asked.id and +people.district_id = :district`,
    { id: integer, ...namesRow },
  ),
  named: text(
    knex,
    `select people.id, people.given_name, people.preferred_name, people.family_name, people.grades, people.identifier,
      coalesce((
        select sections.school_id
        from enrollments
        join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
        where enrollments.person_id = people.id and +enrollments.district_id = people.district_id and not enrollments.admin and enrollments.begin_date <= :today
          and enrollments.end_date > :today and sections.school_id is not null
        group by sections.school_id
        order by count(*) desc, sections.school_id
        limit 1), people.school_id) as school
    from people
    where people.district_id = :district
      and people.id in (select asked.id from ${rows('ids', { id: 'bigint' })} as asked)`,
    {
      id: integer,
      ...namesRow,
      grades: string,
      identifier: string,
      /** The one that most of their classes of today are in, else the one they belong to. */
      school: nullable(integer),
    },
  ),
});
