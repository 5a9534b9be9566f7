import type { AnyQuery, Values } from '../../../src/database/query';
import { type Osdi, openOsdi } from './osdi';

/** A filter by what clients look people and events up by enters an index, in a district that is large. */
let osdi: Osdi;
const MANY = 20_000;
const isSqlite = process.env.ENGINE === 'sqlite';

beforeAll(async () => {
  osdi = await openOsdi();
  const { database, districts } = osdi.api.world;
  const { knex } = database;
  const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${MANY})`;
  const instant = (n: string) =>
    isSqlite
      ? `strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-01', '+' || ${n} || ' minutes')`
      : `timestamptz '2020-01-01Z' + ${n} * interval '1 minute'`;
  await knex.raw(
    `insert into people (district_id, sourced_id, role, username, email, given_name, middle_name, family_name,
      preferred_name, identifier, grades, modified_at)
    ${numbers}
    select ${districts.larkspur}, 'many-' || n, 'student', '', 'Many-' || n || '@example.org', 'G' || n, '', 'F', '', '', '',
      ${instant('n')}
    from numbers where true`,
  );
  await knex.raw(
    `insert into osdi_identifiers (district_id, identifier, local_part, person_id)
    select people.district_id, 'other:' || people.id, cast(people.id as text), people.id from people
    where people.district_id = ${districts.larkspur}`,
  );
  await knex.raw(
    `insert into sections (district_id, sourced_id, title, section_code, class_type, location, periods, subjects, grades)
    ${numbers}
    select ${districts.larkspur}, 'many-' || n, 'Many', '', 'scheduled', '', '', '', '' from numbers where n <= 200`,
  );
  const day = (n: string) => (isSqlite ? `date('2025-09-01', '+' || ${n} || ' days')` : `date '2025-09-01' + ${n}`);
  await knex.raw(
    `insert into meetings (district_id, section_id, date, created_at, changed_at)
    ${numbers}
    select ${districts.larkspur}, sections.id, ${day('cast(numbers.n as integer)')}, ${instant('(sections.id * 100 + numbers.n)')},
      ${instant('(sections.id * 100 + numbers.n)')}
    from numbers join sections on sections.title = 'Many' where numbers.n <= 100`,
  );
  await knex.raw('analyze');
}, 120_000);
afterAll(() => osdi.api.close());

/** The plans of all that is asked of the database for a request, but for what lets the caller in. */
async function plansOf(path: string, statements: RegExp): Promise<string[]> {
  const { database } = osdi.api.world;
  const asked: [AnyQuery, Values][] = [];
  const all = jest.spyOn(database, 'all').mockImplementation(async function (this: unknown, query, values) {
    asked.push([query as AnyQuery, values ?? {}]);
    return original(query, values);
  } as typeof database.all);
  try {
    await osdi.get(path).expect(200);
  } finally {
    all.mockRestore();
  }
  const ofTable = asked.filter(([{ sql }]) => statements.test(sql));
  expect(ofTable.length).toBeGreaterThan(0);
  return Promise.all(
    ofTable.map(async ([{ sql, names }, values]) => {
      const plan = await database.knex.raw(
        `${isSqlite ? 'explain query plan' : 'explain'} ${sql.replace(/\$\d+/g, '?')}`,
        names.map((name) => values[name]!),
      );
      return JSON.stringify(plan.rows ?? plan);
    }),
  );
}
let original: Osdi['api']['world']['database']['all'];
beforeEach(() => {
  const { database } = osdi.api.world;
  original = database.all.bind(database);
});

test.each<[filter: string, collection: string, onSqlite: RegExp, onPostgres: RegExp]>([
  [
    "email_address eq 'many-77@example.org'",
    'people',
    /SEARCH people USING INDEX people_mail_index \(district_id=\? AND <expr>=\?\)/,
    /people_mail_index/,
  ],
  [
    "email eq 'many-77@example.org' or email eq 'many-78@example.org'",
    'people',
    /people_mail_index \(district_id=\? AND <expr>=\?\)/,
    /people_mail_index/,
  ],
  [
    'modified_date gt 2020-01-14T20:00:00Z',
    'people',
    /people_district_id_modified_at_index \(district_id=\? AND modified_at>\?\)/,
    /people_district_id_modified_at_index/,
  ],
  [
    'modified_date eq 2020-01-14T20:00:00Z',
    'people',
    /people_district_id_modified_at_index \(district_id=\? AND modified_at>\? AND modified_at<\?\)/,
    /people_district_id_modified_at_index/,
  ],
  [
    'modified_date le 2020-01-01T00:10:00Z',
    'people',
    /people_district_id_modified_at_index \(district_id=\? AND modified_at<\?\)/,
    /people_district_id_modified_at_index/,
  ],
  [
    'custom_fields.active eq false and modified_date ge 2020-01-14T20:00:00Z',
    'people',
    /people_district_id_modified_at_index \(district_id=\? AND modified_at>\?\)/,
    /people_district_id_modified_at_index/,
  ],
  ["identifier eq 'other:77'", 'people', /SEARCH people USING INTEGER PRIMARY KEY \(rowid=\?\)/, /people_pkey/],
  [
    "identifier eq 'oneroster:many-77' or identifiers eq 'rollbook:78'",
    'people',
    /SEARCH people USING INTEGER PRIMARY KEY \(rowid=\?\)/,
    /people_pkey/,
  ],
  [
    'modified_date gt 2020-01-28T00:00:00Z',
    'events',
    /meetings_district_id_changed_at_index \(district_id=\? AND changed_at>\?\)/,
    /meetings_\w*changed_at_idx/,
  ],
  [
    'modified_date eq 2020-01-14T00:00:00Z',
    'events',
    /meetings_district_id_changed_at_index \(district_id=\? AND changed_at>\? AND changed_at<\?\)/,
    /meetings_\w*changed_at_idx/,
  ],
  [
    "identifier eq 'rollbook:1020362'",
    'events',
    /SEARCH meetings USING PRIMARY KEY \(district_id=\? AND section_id=\? AND date=\?\)/,
    /meetings_\w+_pkey/,
  ],
])('%s of %s', async (filter, collection, onSqlite, onPostgres) => {
  const statements =
    collection === 'events'
      ? /from meetings\b/
      : /from people where people.district_id = \S+ and (?!people.sourced_id)/;
  for (const plan of await plansOf(`/${collection}?filter=${encodeURIComponent(filter)}`, statements))
    expect(plan).toMatch(isSqlite ? onSqlite : onPostgres);
});

test('foreign identifiers are looked up by their key', async () => {
  const plans = await plansOf("/people?filter=identifier%20eq%20'other:77'", /cross join (lateral.*)?osdi_identifiers/);
  expect(plans.join()).toMatch(
    isSqlite
      ? /SEARCH osdi_identifiers USING (COVERING )?INDEX \w+ \(district_id=\? AND identifier=\?\)/
      : /osdi_identifiers_pkey/,
  );
});
