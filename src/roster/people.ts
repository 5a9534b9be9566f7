import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, integer, nullable, type RowOf, string } from '../database/rows';
import { namesRow } from './names';

const listedRow = {
  id: integer,
  district_id: integer,
  ...namesRow,
  role: string,
  school_id: nullable(integer),
  number: string,
  email: string,
  sourced_id: nullable(string),
  active: bit,
  /** What the office of a school has made them in it; null where it has not. */
  given_role: nullable(string),
  given_school_id: nullable(integer),
};
/** A person as an operator looks them up. */
export type ListedPerson = RowOf<typeof listedRow>;

/** What people are looked up by; what is not said narrows nothing. */
export interface PeopleAsked {
  readonly district?: number | undefined;
  /** The roster's, or one that the office has given. */
  readonly role?: string | undefined;
  /** A part of the name. */
  readonly name?: string | undefined;
  readonly id?: number | undefined;
  readonly email?: string | undefined;
  readonly number?: string | undefined;
  readonly sourcedId?: string | undefined;
  readonly limit: number;
}

/** Finds people of all districts, or of one, for an operator. */
export function openPeople(database: Database) {
  const { knex, folded } = database;
  const called = "people.given_name || ' ' || people.preferred_name || ' ' || people.family_name";
  const find = text(
    knex,
    `select people.id, people.district_id, people.given_name, people.preferred_name, people.family_name, people.role,
      people.school_id, people.identifier as number, people.email, people.sourced_id, people.active,
      office_roles.role as given_role, office_roles.school_id as given_school_id
    from people
    left join office_roles on office_roles.district_id = people.district_id and office_roles.person_id = people.id
    where (cast(:district as bigint) is null or people.district_id = :district)
      and (cast(:id as bigint) is null or people.id = :id)
      and (cast(:role as text) is null or people.role = :role or office_roles.role = :role)
      and (cast(:email as text) is null or lower(people.email) = lower(cast(:email as text)))
      and (cast(:number as text) is null or people.identifier = :number)
      and (cast(:sourced_id as text) is null or people.sourced_id = :sourced_id)
      and ${folded(called)} like ${folded('cast(:name as text)')} escape '\\'
    order by people.district_id, people.id
    limit :limit`,
    listedRow,
    { acrossDistricts: 'an operator may look for people in all districts' },
  );
  return ({ name = '', limit, ...asked }: PeopleAsked): Promise<ListedPerson[]> =>
    database.all(find, {
      ...{ district: asked.district ?? null, id: asked.id ?? null, role: asked.role ?? null },
      ...{ email: asked.email ?? null, number: asked.number ?? null, sourced_id: asked.sourcedId ?? null },
      name: `%${name.replace(/[\\%_]/g, '\\$&')}%`,
      limit,
    });
}
