import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { preview } from '../lib/preview';
import { Problem, type Violation } from '../lib/problem';
import { permittedPerson, scopeOf } from '../roster/access';
import { enrolledOn } from '../roster/enrolled';
import { namesRow } from '../roster/names';
import { isStudent, personNumber } from '../roster/sql';

const studentRow = { id: integer, ...namesRow, student_number: string };

/** A student for whom an absence is entered. */
export interface Student {
  readonly id: number;
  readonly given_name: string;
  readonly preferred_name: string;
  readonly family_name: string;
  readonly student_number: string;
}

/** Who is meant: by ids, by the numbers that the SIS gave them, and all of a class on a day; together. */
export interface Naming {
  readonly students?: readonly number[] | undefined;
  readonly student_numbers?: readonly string[] | undefined;
  readonly section?: number | undefined;
}

/** What a message can hold. */
const MOST_VIOLATIONS = 100;

/** Finds the students that are named, as far as the actor may see them, each once. Throws BODY_INVALID with each name that is nobody's, or that several have. */
export function openStudentsNamed(database: Database) {
  const { knex, rows, lookUp } = database;
  const columns = `people.id, people.given_name, people.preferred_name, people.family_name,
      people.identifier as student_number`;
  const byIds = text(
    knex,
    `select ${columns}
    from ${rows('ids', { id: 'bigint' })} as asked
    ${lookUp('people', 'people.id = asked.id and people.district_id = :district')} and ${isStudent}
      and ${permittedPerson}`,
    studentRow,
  );
  const byNumbers = text(
    knex,
    `select ${columns}, ${personNumber} as number
    from people
    where people.district_id = :district
      and ${personNumber} in (select asked.number from ${rows('numbers', { number: 'text' })} as asked)
      and ${isStudent} and ${permittedPerson}`,
    { ...studentRow, number: string },
  );
  const ofSection = text(
    knex,
    `select distinct ${columns}
    from enrollments
    join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
    where enrollments.section_id = :section and +enrollments.district_id = :district and not enrollments.admin
      and ${enrolledOn('enrollments', ':date')}`,
    studentRow,
  );

  return async (actor: Actor, naming: Naming, date: string): Promise<Student[]> => {
    const scope = scopeOf(actor);
    const { students = [], student_numbers = [], section } = naming;
    const numbers = student_numbers.map((number) => number.trim());
    const inRows = (values: readonly (number | string)[]) => JSON.stringify([...new Set(values)].map((each) => [each]));
    const [known, numbered, classmates] = await Promise.all([
      students.length > 0 ? database.all(byIds, { ...scope, ids: inRows(students) }) : [],
      numbers.length > 0 ? database.all(byNumbers, { ...scope, numbers: inRows(numbers) }) : [],
      section === undefined ? [] : database.all(ofSection, { district: actor.district, section, date }),
    ]);
    const violations = [
      ...students.flatMap((id, index): Violation[] =>
        known.some((student) => student.id === id)
          ? []
          : [{ field: `students.${index}`, message: `must be the id of a student, not ${preview(id)}` }],
      ),
      ...numbers.flatMap((number, index): Violation[] => {
        const count = numbered.filter((student) => student.number === number).length;
        const field = `student_numbers.${index}`;
        if (count === 0) return [{ field, message: `must be the number of a student, not ${preview(number)}` }];
        return count > 1 ? [{ field, message: `${preview(number)} is the number of several students` }] : [];
      }),
    ];
    if (violations.length > 0) {
      const { field, message } = violations[0]!;
      throw new Problem('BODY_INVALID', `${field} ${message}.`, { violations: violations.slice(0, MOST_VIOLATIONS) });
    }
    const all = [...known, ...numbered.map(({ number: _, ...student }) => student), ...classmates];
    return [...new Map(all.map((student) => [student.id, student])).values()];
  };
}
