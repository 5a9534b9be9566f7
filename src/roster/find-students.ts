import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, integer, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { permittedPerson, scopeOf } from './access';
import { namesRow } from './names';
import { afterAll, wordsOf } from './person-names';
import { isStudent } from './sql';

const studentRow = {
  id: integer,
  ...namesRow,
  student_number: string,
  grades: string,
  school: string,
  /** Whether the SIS lists them still. */
  active: bit,
};
type StudentRow = RowOf<typeof studentRow>;

/** Words that are looked for; more say nothing more. */
const MOST_WORDS = 6;

/**
 * Finds students, as far as the actor may see them, by the beginnings of words: each word that is asked for begins one of their names, or their
 * number. An index is entered by the longest of these words, and read no further than there are students to show.
 */
export function openStudentFinder(database: Database) {
  const begins = (names: string, word: string) => `${names}.name >= ${word}.begins and ${names}.name < ${word}.ends`;
  const find = text(
    database.knex,
    `select people.id, people.given_name, people.preferred_name, people.family_name,
      people.identifier as student_number, people.grades, coalesce(schools.name, '') as school, people.active
    from person_names as found
    join people on people.district_id = found.district_id and people.id = found.person_id
    left join schools on schools.district_id = people.district_id and schools.id = people.school_id
    where found.district_id = :district and found.name >= :begins and found.name < :ends
      and not exists (
        select 1 from person_names as earlier
        where earlier.district_id = found.district_id and earlier.person_id = found.person_id
          and earlier.name >= :begins and earlier.name < found.name)
      and not exists (
        select 1 from ${database.rows('others', { begins: 'text', ends: 'text' })} as other
        where not exists (
          select 1 from person_names as named
          where named.district_id = found.district_id and named.person_id = found.person_id and ${begins('named', 'other')}))
      and ${isStudent} and ${permittedPerson}
    order by found.name, found.person_id
    limit :limit`,
    studentRow,
  );

  /** The first of them, by the words that were found; none where nothing is asked. */
  return async (actor: Actor, asked: string, limit: number): Promise<StudentRow[]> => {
    const [first, ...others] = wordsOf(asked)
      .slice(0, MOST_WORDS)
      .sort((one, other) => other.length - one.length);
    if (first === undefined) return [];
    return database.all(find, {
      ...scopeOf(actor),
      begins: first,
      ends: afterAll(first),
      others: JSON.stringify(others.map((word) => [word, afterAll(word)])),
      limit,
    });
  };
}
