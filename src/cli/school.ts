import type { Database } from '../database/database';
import { openSchoolNumbers } from '../roster/school-numbers';

/** The id of the school of a district that has the number. */
export async function schoolNumbered(
  database: Database,
  district: { readonly id: number; readonly name: string },
  number: string,
): Promise<number> {
  const school = (await openSchoolNumbers(database)(district.id, [number])).get(number);
  if (school === undefined) throw new Error(`There is no school ${number} in district ${district.name}.`);
  return school;
}
