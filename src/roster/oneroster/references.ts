import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { aliasesOf } from './aliases';
import type { Bundle } from './bundle';
import { type Row, rowsOf } from './csv';
import { ValueError } from './errors';
import type { Refusal } from './report';
import { type Spans, spansOf } from './term-days';
import { textIn } from './values';

type Ids = ReadonlyMap<string, number>;

/** What the rows of a file refer to: ids by sourcedId, the days of each section's terms, and the roles of 1.2. */
export interface References {
  readonly schools: Ids;
  readonly terms: Ids;
  readonly courses: Ids;
  readonly sections: Ids;
  readonly people: Ids;
  readonly spans: Spans;
  readonly roles: ReadonlyMap<string, Role>;
}

interface Role {
  readonly role: string;
  readonly org: string;
}

const none: References = {
  schools: new Map(),
  terms: new Map(),
  courses: new Map(),
  sections: new Map(),
  people: new Map(),
  spans: new Map(),
  roles: new Map(),
};

/** Reads what the rows of this file may refer to, and no more. */
export async function referencesFor(
  file: string,
  database: Database,
  district: number,
  bundle: Bundle,
  refuse: (refusal: Refusal) => void,
): Promise<References> {
  const { knex } = database;
  const ids = async (table: string): Promise<Map<string, number>> => {
    const query = text(
      knex,
      `select ${table}.sourced_id, ${table}.id from ${table}
      where ${table}.district_id = :district and ${table}.sourced_id is not null`,
    );
    const rows = await database.all<{ sourced_id: string; id: number }>(query, { district });
    return new Map(rows.map(({ sourced_id, id }) => [sourced_id, id]));
  };
  if (file === 'courses') return { ...none, schools: await ids('schools') };
  if (file === 'classes')
    return { ...none, schools: await ids('schools'), terms: await ids('terms'), courses: await ids('courses') };
  if (file === 'users') return { ...none, schools: await ids('schools'), roles: await rolesIn(bundle, refuse) };
  if (file !== 'enrollments') return none;
  const people = await ids('people');
  for (const [alias, { id }] of await aliasesOf(database, 'people', district)) people.set(alias, id);
  return {
    ...none,
    sections: await ids('sections'),
    people,
    spans: await spansOf(database, district),
  };
}

/** OneRoster 1.2: a user's primary role, else the first one that stands. Throws FileError where there is no telling. */
async function rolesIn({ files }: Bundle, refuse: (refusal: Refusal) => void): Promise<References['roles']> {
  const roles = new Map<string, Role>();
  const file = files.get('roles');
  if (!file) return roles;
  for await (const row of rowsOf(file, ['userSourcedId', 'role'])) {
    try {
      if (row.fault) throw new ValueError('', row.fault);
      addRole(roles, row);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      refuse({ file: file.name, line: row.line, column: error.column, reason: error.message });
    }
  }
  return roles;
}

function addRole(roles: Map<string, Role>, row: Row): void {
  const user = row.get('userSourcedId');
  const role = { role: textIn(row, 'role'), org: row.get('orgSourcedId') };
  if (row.get('status').toLowerCase() === 'tobedeleted') return;
  if (roles.has(user) && row.get('roleType').toLowerCase() !== 'primary') return;
  roles.set(user, role);
}
