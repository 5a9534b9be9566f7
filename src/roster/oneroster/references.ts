import type { Database } from '../../database/database';
import type { Bundle } from './bundle';
import { type Row, rowsOf } from './csv';
import { ValueError } from './errors';
import type { Refusal } from './report';
import { textIn } from './values';

type Ids = ReadonlyMap<string, number>;

/** What the rows of a file refer to: ids by sourcedId, the days of each section's terms, and the roles of 1.2. */
export interface References {
  readonly schools: Ids;
  readonly terms: Ids;
  readonly courses: Ids;
  readonly sections: Ids;
  readonly people: Ids;
  readonly spans: ReadonlyMap<number, { begin: string; end: string }>;
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
  { knex }: Database,
  district: number,
  bundle: Bundle,
  refuse: (refusal: Refusal) => void,
): Promise<References> {
  const ids = async (table: string): Promise<Ids> => {
    const rows = await knex(table)
      .select('sourced_id', 'id')
      .where({ district_id: district })
      .whereNotNull('sourced_id');
    return new Map(rows.map(({ sourced_id, id }) => [sourced_id, id]));
  };
  if (file === 'courses') return { ...none, schools: await ids('schools') };
  if (file === 'classes')
    return { ...none, schools: await ids('schools'), terms: await ids('terms'), courses: await ids('courses') };
  if (file === 'users') return { ...none, schools: await ids('schools'), roles: await rolesIn(bundle, refuse) };
  if (file !== 'enrollments') return none;
  const spans: { section_id: number; begin: string; end: string }[] = await knex('section_terms')
    .join('terms', 'terms.id', 'section_terms.term_id')
    .where('terms.district_id', district)
    .groupBy('section_terms.section_id')
    .select(knex.raw('section_terms.section_id, min(terms.begin_date) as begin, max(terms.end_date) as "end"'));
  return {
    ...none,
    sections: await ids('sections'),
    people: await ids('people'),
    spans: new Map(spans.map(({ section_id, begin, end }) => [section_id, { begin, end }])),
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
