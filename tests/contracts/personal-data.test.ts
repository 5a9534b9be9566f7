import type { Knex } from 'knex';
import { daily, personalData } from '../../src/privacy/personal-data';
import { openTestDatabase, type TestDatabase } from '../world';

/** Read from the schema of the database, so that a table to come cannot be forgotten. */
let opened: TestDatabase;
let columns: Map<string, { name: string; type: string }[]>;
beforeAll(async () => {
  opened = await openTestDatabase();
  columns = await columnsOf(opened.database.knex);
});
afterAll(() => opened.close());

const catalogue = {
  sqlite: `select m.name as "table", c.name, lower(c.type) as type from sqlite_schema as m, pragma_table_info(m.name) as c where m.type = 'table'`,
  postgres: `select c.table_name as "table", c.column_name as name, c.data_type as type
    from information_schema.columns as c join pg_class as p on p.oid = c.table_name::regclass
    where c.table_schema = 'public' and not p.relispartition`,
};

async function columnsOf(knex: Knex) {
  const answer = await knex.raw(catalogue[process.env.ENGINE === 'postgres' ? 'postgres' : 'sqlite']);
  const found = new Map<string, { name: string; type: string }[]>();
  for (const { table, ...column } of answer.rows ?? answer) found.set(table, [...(found.get(table) ?? []), column]);
  return found;
}

const namesOf = (table: string) => columns.get(table)!.map(({ name }) => name);
/** The tables that name a person, and that of people itself. */
const personal = () =>
  [...columns.keys()].filter(
    (table) => table === 'people' || namesOf(table).some((name) => ['person_id', 'enrollment_id'].includes(name)),
  );

test('every table that names a person or an enrollment is exported', () => {
  expect(personal().length).toBeGreaterThan(7);
  expect(personal().filter((table) => !personalData.some((holding) => holding.table === table))).toEqual([]);
});

/** Of no use to anybody but an attacker. */
const secret = ['api_clients.previous_secret', 'api_clients.secret', 'erasures.salt'];

test('every column of them is exported but secrets', () => {
  const missing = personal().flatMap((table) => {
    const exported = new Set(
      personalData.flatMap((holding) => (holding.table === table ? Object.keys(holding.columns) : [])),
    );
    return namesOf(table).flatMap((name) => (exported.has(name) ? [] : `${table}.${name}`));
  });
  expect(missing.sort()).toEqual(secret);
});

/** Texts that say nothing of who somebody is, by which counts are made, or that are made to be kept. */
const kept = [
  'access_changes.api',
  'access_changes.role',
  'access_changes.what',
  'api_clients.key',
  'api_clients.previous_secret',
  'api_clients.scopes',
  'api_clients.secret',
  'corrections.api',
  'corrections.from_value',
  'corrections.to_value',
  'corrections.what',
  'counted_students.days',
  'erasures.salt',
  'erasures.sourced_id_hash',
  'journal.api',
  'osdi_attendances.action_date',
  'osdi_attendances.status',
  'other_changes.api',
  'other_changes.kind',
  'people.role',
  'powerschool_attendance.calendar_day',
  'powerschool_attendance.mode',
  'powerschool_attendance.part',
  'powerschool_attendance.period',
  'powerschool_attendance.program',
  'presences.api',
  'reads.api',
  'reads.endpoint',
  'reads.host',
  'substitutions.api',
];

test('every text of them is erased but what is listed here', () => {
  const staying = personal().flatMap((table) => {
    const erasures = personalData.flatMap((holding) =>
      holding.table === table && holding.erasure ? [holding.erasure] : [],
    );
    if (erasures.includes('remove')) return [];
    const erased = new Set(erasures.flatMap((erasure) => Object.keys(erasure)));
    const texts = columns.get(table)!.filter(({ type }) => /char|text/.test(type));
    return texts.flatMap(({ name }) => (erased.has(name) ? [] : `${table}.${name}`));
  });
  expect(staying.sort()).toEqual(kept);
});

test('every table of school days leaves with its year', () => {
  const days = personal().filter((table) => namesOf(table).includes('date'));
  expect(daily.map(({ table }) => table).sort()).toEqual([...days, 'meetings'].sort());
});
