import makeKnex from 'knex';
import type { Database } from '../../src/database/database';
import { openDatabase } from '../../src/database/open';
import { postgresEngine } from '../../src/database/postgres-engine';
import { type AnyQuery, text, type Values } from '../../src/database/query';
import { integer, string } from '../../src/database/rows';
import { sqliteEngine } from '../../src/database/sqlite';
import { yearOf } from '../../src/database/years';
import { readSql } from '../../src/ledger/read-sql';
import { writeSql } from '../../src/ledger/write-sql';
import { scopeOf } from '../../src/roster/access';
import { openRoster } from '../../src/roster/roster';
import { rosterSql } from '../../src/roster/sql';
import { openTestDatabase, openWorld, type TestDatabase } from '../world';

/** The SQL of attendance as each engine gets it, and that it walks an index rather than a table. */
let world: TestDatabase;
beforeAll(async () => {
  world = await openTestDatabase();
});
afterAll(() => world.close());

const engines = {
  sqlite: sqliteEngine(makeKnex({ client: 'better-sqlite3', useNullAsDefault: true }), ':memory:'),
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

const year = yearOf(new Date());
const values: Values = {
  district: 1,
  section: 1,
  enrollment: null,
  from: `${year}-09-01`,
  to: `${year}-09-30`,
  after_date: `${year}-09-01`,
  after_enrollment: 1,
  days: JSON.stringify([[1, `${year}-09-01`]]),
  keys: JSON.stringify([[1, `${year}-09-01`, 1]]),
  before: 1_000,
  since: `${year}-01-01T00:00:00Z`,
  limit: 10,
  offset: 0,
};

/** How the engine runs it: on PostgreSQL with the values in sight, or, generic, as a statement that stays prepared. */
async function planOf(
  { sql, names }: AnyQuery,
  plan: 'custom' | 'generic',
  {
    database = world.database,
    asked = values,
    without = ['seqscan', 'bitmapscan'],
  }: { database?: Pick<Database, 'knex'>; asked?: Values; without?: readonly string[] } = {},
): Promise<string> {
  const given = names.map((name) => asked[name]!);
  return database.knex.transaction(async (tx) => {
    if (process.env.ENGINE === 'sqlite') return JSON.stringify(await tx.raw(`explain query plan ${sql}`, given));
    for (const way of without) await tx.raw(`set local enable_${way} = off`);
    await tx.raw(`set local plan_cache_mode = force_${plan}_plan`);
    await tx.raw(`prepare planned as ${sql}`);
    const literals = given.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
    const { rows } = await tx.raw(`explain (analyze, costs off) execute planned (${literals.join(', ')})`);
    await tx.raw('deallocate planned');
    return rows.map((row: object) => Object.values(row)[0]).join('\n');
  });
}

describe.each(['custom', 'generic'] as const)('in a %s plan', (plan) => {
  test.each(['firstMarks', 'marks'] as const)('%s uses the key from end to end, without a sort', async (name) => {
    const walked = await planOf(readSql(world.database)[name], plan);
    expect(walked).toMatch(new RegExp(`SEARCH marks USING PRIMARY KEY|Index Scan using marks_${year}_pkey`));
    expect(walked).not.toMatch(/TEMP B-TREE|Sort$/m);
  });

  test.each([
    ...(['firstMarks', 'marks', 'totals', 'meetings', 'entries'] as const).map((name) => [name, readSql] as const),
    ...(['stored', 'lastJournaled', 'authors'] as const).map((name) => [name, writeSql] as const),
  ])('%s looks at its own school year by an index, and at no other', async (name, sql) => {
    const walked = await planOf((sql(world.database) as Record<string, AnyQuery>)[name]!, plan);
    expect(walked).toMatch(/SEARCH \w+ USING|Index (Only )?Scan/);
    const others = new RegExp(`on (?:meetings|marks|presences|journal)_(?!${year})\\w+ \\w+ \\((.*)\\)`, 'g');
    for (const [, executed] of walked.matchAll(others)) expect(executed).toBe('never executed');
  });

  test.each(['history', 'sectionHistory'] as const)('%s is read from its end, without a sort', async (name) => {
    const walked = await planOf(readSql(world.database)[name], plan);
    expect(walked).toMatch(/SEARCH journal USING|Index Scan Backward using journal_/);
    expect(walked).not.toMatch(/TEMP B-TREE|Sort$/m);
  });
});

test('one section of a thousand is held and raised without a look at the others', async () => {
  const school = await openWorld({ reuse: false });
  const { database, sections, actor } = school;
  const { id: _id, sourced_id: _sourced, ...section } = await database.knex('sections').first();
  for (let times = 0; times < 10; times++)
    await database.knex('sections').insert(Array.from({ length: 100 }, () => section));
  await database.knex.raw('analyze sections');
  const { lockSections, raiseRevisions } = writeSql(database);
  const asked = { district: actor.district, sections: JSON.stringify([[sections.algebra]]), number: 1 };
  const plans: string[] = [];
  for (const query of [lockSections, raiseRevisions])
    for (const plan of ['custom', 'generic'] as const)
      plans.push(await planOf(query, plan, { database, asked, without: [] }));
  await school.close();
  for (const plan of plans) {
    expect(plan).toMatch(/SEARCH sections USING|Index Scan (using|on) sections_pkey/);
    expect(plan).not.toMatch(/SCAN sections|Seq Scan on sections/);
  }
});

test.each(['custom', 'generic'] as const)(
  'in a %s plan kept days are looked up by their key, for persons alone',
  async (plan) => {
    const school = await openWorld();
    const { database, people, sections, actor } = school;
    const ended = { begin_date: '2025-09-01', end_date: '2025-09-02' };
    await database.knex('enrollments').where({ admin: true }).update(ended);
    const on = { from: '2025-09-08', to: '2025-09-08' };
    const planFor = (person: number | null) => {
      const asked = { ...scopeOf({ ...actor, person }), ...on, id: sections.algebra };
      return planOf(rosterSql(database).access, plan, { database, asked });
    };
    const [forTeacher, forNobody] = [await planFor(people.noether), await planFor(null)];
    await school.close();
    expect(forTeacher).toMatch(
      /SEARCH teaching_kept USING INDEX \w+ \(district_id=\? AND enrollment_id=\? AND begin_date<\?\)|on kept_days \w+ \(actual.*\n +Index Cond: \(\(district_id = .*\(enrollment_id = /,
    );
    expect(forTeacher).not.toMatch(/SCAN teaching_kept|Seq Scan on kept_days \w+ \(actual/);
    for (const [, executed] of forNobody.matchAll(/on kept_days \w+ \((.*)\)/g))
      expect(executed).toBe('never executed');
  },
);

if (process.env.ENGINE === 'postgres')
  test('a statement that asks whether a person may see a section is planned a few times, and not at each use', async () => {
    const school = await openWorld();
    const database = openDatabase(school.url, { pool: 1 });
    const roster = openRoster(database);
    for (let times = 0; times < 50; times++)
      for (const person of [null, school.people.noether])
        await roster.section({ ...school.actor, person }, String(school.sections.algebra));
    const plans = text(
      database.knex,
      `select statement, generic_plans as generic, custom_plans as custom from pg_prepared_statements
      where statement like 'select sections.id, sections.revision%'`,
      { statement: string, generic: integer, custom: integer },
      { acrossDistricts: 'it reads what is prepared on a connection' },
    );
    const found = await database.all(plans);
    await database.close();
    await school.close();
    expect(found.map(({ generic, custom }) => [generic > 40, custom <= 5])).toEqual([
      [true, true],
      [true, true],
    ]);
  });
