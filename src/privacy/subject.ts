import type { Database } from '../database/database';
import { enrollmentsOfPerson, type PersonalData } from '../database/personal-data';
import { text, type Value, type Values } from '../database/query';
import { each, integer, nullable, scalar, string } from '../database/rows';
import { personalData } from './personal-data';

/** What an operator asked for and cannot have; the message says why. */
export class PrivacyError extends Error {}

/** A person whose data is asked for, and the values with which the SQL of personalData runs. */
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

export const tableOf = ({ source, table }: PersonalData): string => `${source ?? table} as held`;

/** Finds the person by id; throws PrivacyError where there is none. */
export async function subjectOf(database: Database, id: number): Promise<Subject> {
  const find = text(
    database.knex,
    `select people.id, people.district_id, people.sourced_id, people.given_name, people.family_name, districts.time_zone
    from people
    join districts on districts.id = people.district_id
    where people.id = :id`,
    {
      id: integer,
      district_id: integer,
      sourced_id: nullable(string),
      given_name: string,
      family_name: string,
      time_zone: string,
    },
    { acrossDistricts: 'an operator names people by their ids alone' },
  );
  const [person] = await database.all(find, { id });
  if (!person) throw new PrivacyError(`There is no person ${id}.`);
  const own = { district: person.district_id, person: id };
  const sections = await sectionsOf(database, own);
  const clients = await clientsOf(database, own);
  const values = { ...own, sections: idRows(sections), clients: idRows(clients) };
  return { ...person, name: `${person.given_name} ${person.family_name}`, sections, values };
}

const idRows = (ids: readonly number[]): string => JSON.stringify(ids.map((id) => [id]));

/** The clients that are bound to the person: they are kept elsewhere than what is of the district. */
async function clientsOf(database: Database, values: Values): Promise<number[]> {
  const query = text(
    database.knex,
    `select api_clients.id from api_clients
    where api_clients.district_id = :district and api_clients.person_id = :person`,
    { id: integer },
  );
  return (await database.all(query, values)).map(({ id }) => id);
}

/**
 * An import can move an enrollment to another section, and leave its days where they were; so that all of them are
 * found, the tables of days are read through once, while others write.
 */
async function sectionsOf(database: Database, values: Values): Promise<number[]> {
  const sources = personalData
    .filter(({ daily }) => daily === 'section')
    .map((data) => `select held.section_id as id from ${tableOf(data)} where ${personWhere(database, data)}`);
  const query = text(
    database.knex,
    `select enrolled.id from ${enrollmentsOfPerson('section_id as id')} as enrolled where cast(:district as bigint) is not null
    union ${sources.join(' union ')} order by id`,
    { id: integer },
  );
  return (await database.all(query, values)).map(({ id }) => id);
}

/** SQL that is true of what is the person's, entered by the sections where the table is kept by them. */
export function whereOf(database: Database, data: PersonalData): string {
  const where = personWhere(database, data);
  if (data.daily !== 'section') return where;
  return `${where} and held.section_id in (select among.id from ${database.rows('sections', { id: 'bigint' })} as among)`;
}

const personWhere = (database: Database, { where }: PersonalData): string =>
  typeof where === 'string' ? where : where(database);

export type Row = Readonly<Record<string, Value | boolean>>;

/** Rows that are in memory at a time. */
const PAGE = 1_000;

/** What the data has of the person, as it is stored, in the order of its key. */
export async function* rowsOf(database: Database, data: PersonalData, { values }: Subject): AsyncGenerator<Row> {
  const { key } = data;
  const columns = Object.keys(data.columns);
  const page = (behind: string) =>
    text(
      database.knex,
      `select ${[...new Set([...columns, ...key])].map((column) => `held.${column}`).join(', ')}
      from ${tableOf(data)}
      where ${whereOf(database, data)} ${behind}
      order by ${key.map((column) => `held.${column}`).join(', ')}
      limit ${PAGE}`,
      each([...columns, ...key], scalar),
    );
  const place = key.map((_, index) => `after_${'abcd'[index]}`);
  const next = page(`and (${key.map((column) => `held.${column}`)}) > (${place.map((name) => `:${name}`)})`);
  let rows: Row[] = await database.all(page(''), values);
  while (rows.length > 0) {
    for (const row of rows) yield Object.fromEntries(columns.map((column) => [column, row[column]!]));
    if (rows.length < PAGE) return;
    const last = rows.at(-1)!;
    const after = Object.fromEntries(place.map((name, index) => [name, last[key[index]!] as Value]));
    rows = await database.all(next, { ...values, ...after });
  }
}
