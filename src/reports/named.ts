import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { calledName, type Names } from '../roster/names';
import type { Absentee } from './chronic';

/** Gives what was counted the names it is shown with. */
export function openNamed(database: Database) {
  const sql = namedSql(database);

  const schools = async (district: number): Promise<Map<number, string>> => {
    const rows = await database.all<{ id: number; name: string }>(sql.schools, { district });
    return new Map(rows.map(({ id, name }) => [id, name]));
  };

  return {
    /** The names of the schools of a district by their ids. */
    schools,

    /** The students in the order given, each with name, school and grades. */
    async students(district: number, absentees: readonly Absentee[]) {
      const ids = JSON.stringify(absentees.map(({ person_id }) => [person_id]));
      const rows = await database.all<Names & { id: number; grades: string }>(sql.named, { district, ids });
      const people = new Map(rows.map((row) => [row.id, row]));
      const names = await schools(district);
      return absentees.map(({ school, ...counts }) => {
        const person = people.get(counts.person_id)!;
        return { ...counts, name: calledName(person), school: names.get(school) ?? '', grades: person.grades };
      });
    },
  };
}

const namedSql = ({ knex, rows }: Engine) => ({
  schools: text(
    knex,
    'select schools.id, schools.name from schools where schools.district_id = :district order by schools.name, schools.id',
  ),
  named: text(
    knex,
    `select people.id, people.given_name, people.preferred_name, people.family_name, people.grades
    from people
    where people.district_id = :district
      and people.id in (select asked.id from ${rows('ids', { id: 'bigint' })} as asked)`,
  ),
});
