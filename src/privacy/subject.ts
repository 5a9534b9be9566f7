import type { Database } from '../database/database';
import { text, type Values } from '../database/query';
import { enrollmentsOfPerson, type Holding } from '../holding';
import { holdings } from './holdings';

/** What an operator asked for and cannot have; the message says why. */
export class PrivacyError extends Error {}

/** A person whose data is asked for, and the values with which the SQL of holdings runs. */
export interface Subject {
  readonly id: number;
  readonly district_id: number;
  readonly sourced_id: string | null;
  readonly name: string;
  /** IANA, of the district. */
  readonly time_zone: string;
  /** Every section in which anything of them lies. */
  readonly sections: readonly number[];
  readonly values: Values;
}

export const tableOf = ({ source, table }: Holding): string => `${source ?? table} as held`;

/** Finds the person by id; throws PrivacyError where there is none. */
export async function subjectOf(database: Database, id: number): Promise<Subject> {
  const person = await database
    .knex('people')
    .join('districts', 'districts.id', 'people.district_id')
    .where('people.id', id)
    .first('people.id', 'district_id', 'sourced_id', 'given_name', 'family_name', 'time_zone');
  if (!person) throw new PrivacyError(`There is no person ${id}.`);
  const sections = await sectionsOf(database, { district: person.district_id, person: id });
  const values = { district: person.district_id, person: id, sections: JSON.stringify(sections.map((each) => [each])) };
  return { ...person, name: `${person.given_name} ${person.family_name}`, sections, values };
}

/**
 * An import can move an enrollment to another section, and leave its days where they were; so that all of them are
 * found, the tables of days are read through once, while others write.
 */
async function sectionsOf(database: Database, values: Values): Promise<number[]> {
  const sources = holdings
    .filter(({ daily }) => daily === 'section')
    .map((holding) => `select held.section_id as id from ${tableOf(holding)} where ${holding.where}`);
  const query = text(
    database.knex,
    `select enrolled.id from ${enrollmentsOfPerson('section_id as id')} as enrolled where cast(:district as bigint) is not null
    union ${sources.join(' union ')} order by id`,
  );
  return (await database.all<{ id: number }>(query, values)).map(({ id }) => id);
}

/** SQL that is true of what is the person's, entered by the sections where the table is kept by them. */
export function whereOf(database: Database, { where, daily }: Holding): string {
  if (daily !== 'section') return where;
  return `${where} and held.section_id in (select among.id from ${database.rows('sections', { id: 'bigint' })} as among)`;
}
