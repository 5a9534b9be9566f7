import type { Database } from '../database/database';
import { text } from '../database/query';

/** SQL of a school's number: the SIS's identifier of it, else its id; null where there is no school. */
export const schoolNumber = "coalesce(nullif(schools.number, ''), cast(schools.id as text))";

/** Finds the schools of a district by their numbers; the lowest id where the SIS gives one number to several. */
export function openSchoolNumbers(database: Database) {
  const find = text(
    database.knex,
    `select schools.id, ${schoolNumber} as number
    from schools
    where schools.district_id = :district
      and ${schoolNumber} in (select asked.number from ${database.rows('numbers', { number: 'text' })} as asked)
    order by schools.id desc`,
  );
  return async (district: number, numbers: Iterable<string>): Promise<Map<string, number>> => {
    const asked = JSON.stringify([...new Set(numbers)].map((number) => [number]));
    const rows = await database.all<{ id: number; number: string }>(find, { district, numbers: asked });
    return new Map(rows.map(({ id, number }) => [number, id]));
  };
}

/** The ids of all schools of a district that the SIS lists. */
export function openSchoolIds(database: Database) {
  const find = text(
    database.knex,
    'select schools.id from schools where schools.district_id = :district and schools.active order by schools.id',
  );
  return async (district: number): Promise<number[]> =>
    (await database.all<{ id: number }>(find, { district })).map(({ id }) => id);
}
