import makeKnex from 'knex';
import { postgresEngine } from '../../src/database/postgres';
import { sqliteEngine } from '../../src/database/sqlite';
import { readSql } from '../../src/ledger/sql/read';
import { writeSql } from '../../src/ledger/sql/write';
import { openTestDatabase, type TestDatabase } from '../world';

/** The SQL of attendance as each engine gets it, and that it walks an index rather than a table. */
let world: TestDatabase;
beforeAll(async () => {
  world = await openTestDatabase();
});
afterAll(() => world.close());

const engines = {
  sqlite: sqliteEngine(makeKnex({ client: 'better-sqlite3', useNullAsDefault: true })),
  postgres: postgresEngine(makeKnex({ client: 'pg' })),
};
const flat = (sql: string) => sql.replace(/\s+/g, ' ').trim();

test('a GET of a range is one range scan in the order of the key', () => {
  const where = (p: (n: number) => string) =>
    'select marks.enrollment_id, marks.date, marks.status, marks.comment from marks where ' +
    `marks.district_id = ${p(1)} and marks.section_id = ${p(2)} and marks.date >= ${p(3)} and marks.date <= ${p(4)} ` +
    `order by marks.date, marks.enrollment_id limit ${p(5)}`;
  expect(flat(readSql(engines.sqlite).firstMarks.sql)).toBe(where(() => '?'));
  expect(flat(readSql(engines.postgres).firstMarks.sql)).toBe(where((n) => `$${n}`));
});

test('a page begins at its place in the key', () => {
  const where = (p: (n: number) => string) =>
    'select marks.enrollment_id, marks.date, marks.status, marks.comment from marks where ' +
    `marks.district_id = ${p(1)} and marks.section_id = ${p(2)} and marks.date >= ${p(3)} and marks.date <= ${p(4)} ` +
    `and (marks.date, marks.enrollment_id) > (${p(5)}, ${p(6)}) ` +
    `and (cast(${p(7)} as bigint) is null or marks.enrollment_id = cast(${p(8)} as bigint)) ` +
    `order by marks.date, marks.enrollment_id limit ${p(9)} offset ${p(10)}`;
  expect(flat(readSql(engines.sqlite).marks.sql)).toBe(where(() => '?'));
  expect(flat(readSql(engines.postgres).marks.sql)).toBe(where((n) => `$${n}`));
});

test('a write takes all its rows from one JSON parameter, however many they are', () => {
  expect(flat(writeSql(engines.sqlite).putMarks.sql)).toContain(
    'from (select value ->> 0 as section_id, value ->> 1 as date, value ->> 2 as enrollment_id, value ->> 3 as status, ' +
      'value ->> 4 as comment, value ->> 5 as code_id from json_each(?)) as changed where true on conflict (district_id, section_id, date, enrollment_id) do update',
  );
  expect(flat(writeSql(engines.postgres).putMarks.sql)).toContain(
    'from (select cast(value ->> 0 as bigint) as section_id, cast(value ->> 1 as date) as date, ' +
      'cast(value ->> 2 as bigint) as enrollment_id, cast(value ->> 3 as smallint) as status, ' +
      'cast(value ->> 4 as text) as comment, cast(value ->> 5 as bigint) as code_id from jsonb_array_elements(cast($5 as jsonb))) as changed where true ' +
      'on conflict (district_id, section_id, date, enrollment_id) do update',
  );
});

test('sections are held until the end of a write where the engine has more than one writer', () => {
  expect(writeSql(engines.postgres).lockSections.sql).toMatch(/order by "sections"."id" asc for update$/);
  expect(writeSql(engines.sqlite).lockSections.sql).toMatch(/order by `sections`.`id` asc$/);
});

test.each(['firstMarks', 'marks'] as const)('%s uses the key from end to end, without a sort', async (name) => {
  const { sql, names } = readSql(world.database)[name];
  const explain = process.env.ENGINE === 'sqlite' ? 'explain query plan' : 'explain';
  const given: Record<string, string | number | null> = {
    from: '2025-01-01',
    to: '2025-01-31',
    after_date: '2025-01-01',
    enrollment: null,
  };
  const { knex } = world.database;
  if (process.env.ENGINE === 'postgres') await knex.raw('set enable_seqscan = off; set enable_bitmapscan = off');
  const plan = JSON.stringify(
    await knex.raw(
      `${explain} ${sql.replace(/\$\d+/g, '?')}`,
      names.map((each) => given[each] ?? (each === 'enrollment' ? null : 1)) as never,
    ),
  );
  expect(plan).toMatch(/SEARCH marks USING PRIMARY KEY|Index Scan using marks_pkey/);
  expect(plan).not.toMatch(/TEMP B-TREE|Sort/);
});
