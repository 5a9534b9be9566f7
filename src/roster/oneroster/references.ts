import type { Database } from '../../database/database';
import type { Bundle } from './bundle';
import { rowsOf } from './csv';

type Ids = ReadonlyMap<string, number>;

/** What the rows of a file refer to: ids by sourcedId, the days of each section's terms, and the roles of 1.2. */
export interface References {
  readonly schools: Ids;
  readonly terms: Ids;
  readonly courses: Ids;
  readonly sections: Ids;
  readonly people: Ids;
  readonly spans: ReadonlyMap<number, { begin: string; end: string }>;
  readonly roles: ReadonlyMap<string, { role: string; org: string }>;
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
  if (file === 'users') return { ...none, schools: await ids('schools'), roles: await rolesIn(bundle) };
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

/** OneRoster 1.2: a user's primary role, else the first one that stands. */
async function rolesIn({ files }: Bundle): Promise<References['roles']> {
  const roles = new Map<string, { role: string; org: string }>();
  const file = files.get('roles');
  if (!file) return roles;
  for await (const row of rowsOf(file)) {
    const user = row.get('userSourcedId');
    if (row.get('status').toLowerCase() === 'tobedeleted') continue;
    if (roles.has(user) && row.get('roleType').toLowerCase() !== 'primary') continue;
    roles.set(user, { role: row.get('role'), org: row.get('orgSourcedId') });
  }
  return roles;
}
