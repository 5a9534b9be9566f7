import fc from 'fast-check';
import makeKnex from 'knex';
import { postgresEngine } from '../../src/database/postgres-engine';
import { text } from '../../src/database/query';
import { integer } from '../../src/database/rows';
import { sqliteEngine } from '../../src/database/sqlite';
import {
  type Condition,
  countSql,
  type EntryQuery,
  type EntryRow,
  extensionTable,
  type Operand,
  type Order,
  pageSql,
} from '../../src/ledger/entries';
import { runs } from '../runs';
import { openWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const { ada, grace, alan, katherine, adaInBiology } = world.enrollments;
  const mark = (enrollment: number, date: string, status: number, comment?: string) => ({
    enrollment,
    date,
    status,
    comment,
  });
  await world.ledger.record(
    [
      mark(ada, '2025-10-01', 2, 'ill'),
      mark(grace, '2025-10-01', 3),
      mark(ada, '2025-10-06', 1),
      mark(alan, '2025-10-06', 4, 'trip'),
      mark(katherine, '2025-10-09', 2, 'ill'),
      mark(adaInBiology, '2025-10-06', 3, 'bus'),
    ],
    world.actor,
    { roll: 'always' },
  );
  await world.ledger.record([mark(world.enrollments.eve, '2025-10-01', 2)], {
    ...world.actor,
    district: world.districts.elsewhere,
  });
  await world.database.knex('meetings').insert({
    district_id: world.districts.larkspur,
    section_id: world.sections.algebra,
    date: '2025-10-10',
    taken_at: null,
  });
  await world.database.knex.schema.createTable('besides', (table) => {
    table.bigInteger('district_id').notNullable();
    table.bigInteger('enrollment_id').notNullable();
    table.date('date').notNullable();
    table.bigInteger('guests').notNullable();
    table.primary(['district_id', 'enrollment_id', 'date']);
  });
  const { larkspur: district_id } = world.districts;
  await world.database.knex('besides').insert({ district_id, enrollment_id: ada, date: '2025-10-01', guests: 3 });
});
afterAll(() => world.close());

const extension = extensionTable('besides', {
  guests: { type: 'bigint', sql: 'coalesce(extension.guests, 1)', holds: integer },
});
const byEnrollment: Order[] = [{ column: 'enrollment_id' }, { column: 'date' }];
const bySection: Order[] = [{ column: 'section_id' }, { column: 'date' }, { column: 'enrollment_id' }];
type Row = EntryRow & { guests: number };
const query = (query: Partial<EntryQuery<{ guests: number }>> = {}) =>
  world.ledger.query({ actor: world.actor, order: byEnrollment, limit: 100, extension, ...query });
const keys = (rows: readonly Row[]) => rows.map(({ enrollment_id, date }) => [enrollment_id, date]);

test('shows every student of every meeting, with the mark, what is implied, and what is not yet taken', async () => {
  const { ada, grace, alan, katherine, adaInBiology } = world.enrollments;
  const rows = await query();
  expect(rows.map(({ enrollment_id, date, status }) => [enrollment_id, date, status])).toEqual([
    [ada, '2025-10-01', 2],
    [ada, '2025-10-06', 1],
    [ada, '2025-10-09', 1],
    [ada, '2025-10-10', null],
    [grace, '2025-10-01', 3],
    [grace, '2025-10-06', 1],
    [grace, '2025-10-09', 1],
    [grace, '2025-10-10', null],
    [alan, '2025-10-06', 4],
    [alan, '2025-10-09', 1],
    [alan, '2025-10-10', null],
    [katherine, '2025-10-01', 1],
    [katherine, '2025-10-06', 1],
    [katherine, '2025-10-09', 2],
    [adaInBiology, '2025-10-06', 3],
  ]);
  expect(rows[0]).toEqual({
    enrollment_id: ada,
    person_id: world.people.ada,
    section_id: world.sections.algebra,
    date: '2025-10-01',
    taken: 1,
    status: 2,
    code_id: null,
    comment: 'ill',
    changed_at: expect.stringMatching(/^\d{4}-.*Z$/),
    guests: 3,
  });
  expect(rows[3]).toMatchObject({ taken: 0, comment: '', changed_at: null, guests: 1 });
});

test('shows a mark outside the days of its enrollment, which the SIS may have corrected since', async () => {
  const { katherine } = world.enrollments;
  const days = (end_date: string) => world.database.knex('enrollments').where({ id: katherine }).update({ end_date });
  await days('2025-10-01');
  expect(keys(await query({ condition: { column: 'enrollment_id', is: 'eq', value: katherine } }))).toEqual([
    [katherine, '2025-10-09'],
  ]);
  await days('2025-10-10');
});

test('a person sees the sections that they teach, a district its own', async () => {
  const { mendel } = world.people;
  const { adaInBiology, eve } = world.enrollments;
  const actor = { ...world.actor, person: mendel };
  expect(keys(await query({ actor }))).toEqual([[adaInBiology, '2025-10-06']]);
  expect(await world.ledger.count({ actor })).toBe(1);
  const elsewhere = { ...world.actor, district: world.districts.elsewhere };
  expect(keys(await query({ actor: elsewhere }))).toEqual([[eve, '2025-10-01']]);
});

/** What a condition says of a row: the whole of the specification. */
function holds(condition: Condition, row: Row): boolean {
  const at = (name: string) => (row as unknown as Record<string, Operand>)[name]!;
  if ('all' in condition) return condition.all.every((each) => holds(each, row));
  if ('any' in condition) return condition.any.some((each) => holds(each, row));
  if ('not' in condition) return !holds(condition.not, row);
  if ('columns' in condition)
    return condition.in.some((values) => values.every((value, index) => value === at(condition.columns[index]!)));
  const value = at(condition.column);
  if ('in' in condition) return condition.in.includes(value);
  if (condition.is === 'eq') return value === condition.value;
  if (condition.is === 'ne') return value !== condition.value;
  if (value === null || condition.value === null) return false;
  return {
    lt: value < condition.value,
    le: value <= condition.value,
    gt: value > condition.value,
    ge: value >= condition.value,
  }[condition.is];
}

const nullable = <T extends Operand>(values: T[]) => fc.constantFrom<Operand>(...values, null);
const days = ['2025-10-01', '2025-10-06', '2025-10-09', '2025-10-10', '2025-10-11'];
const operands: Record<string, fc.Arbitrary<Operand>> = {
  enrollment_id: fc.integer({ min: 0, max: 9 }),
  person_id: fc.integer({ min: 0, max: 8 }),
  section_id: fc.integer({ min: 0, max: 4 }),
  date: fc.constantFrom(...days),
  taken: fc.constantFrom(0, 1),
  status: nullable([1, 2, 3, 4]),
  comment: fc.constantFrom('', 'ill', 'bus', 'zzz'),
  changed_at: nullable(['2025-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z']),
  guests: fc.integer({ min: 0, max: 4 }),
};
const leaf = fc.constantFrom(...Object.keys(operands)).chain((column) =>
  fc.oneof(
    fc.record({
      column: fc.constant(column),
      is: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'),
      value: operands[column]!,
    }),
    fc.record({ column: fc.constant(column), in: fc.array(operands[column]!, { maxLength: 12 }) }),
  ),
);
const pairs = fc.record({
  columns: fc.constant(['section_id', 'date']),
  in: fc.array(fc.tuple(operands.section_id!, operands.date!), { maxLength: 4 }),
});
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf as fc.Arbitrary<Condition>,
    pairs as fc.Arbitrary<Condition>,
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));
const order = fc.constantFrom<Order[]>(
  byEnrollment,
  bySection,
  [{ column: 'guests', descending: true }, ...byEnrollment],
  [{ column: 'date', descending: true }, { column: 'person_id' }, { column: 'enrollment_id' }],
);
const inOrder = (order: readonly Order[]) => (one: Row, other: Row) => {
  for (const { column, descending } of order) {
    const [a, b] = [one, other].map((row) => (row as unknown as Record<string, number | string>)[column]!);
    if (a !== b) return (a! < b! ? -1 : 1) * (descending ? -1 : 1);
  }
  return 0;
};

test('takes exactly the entries of which the condition is true, in the order asked for, and counts them', async () => {
  const everything = await query();
  await fc.assert(
    fc.asyncProperty(condition, order, async (condition, order) => {
      const expected = everything.filter((row) => holds(condition, row)).sort(inOrder(order));
      expect(await query({ condition, order })).toEqual(expected);
      expect(await world.ledger.count({ actor: world.actor, condition, extension })).toBe(expected.length);
    }),
    { numRuns: runs(130) },
  );
});

test('a walk in pages of any size meets each entry once, forward and back', async () => {
  await fc.assert(
    fc.asyncProperty(condition, order, fc.integer({ min: 1, max: 5 }), async (condition, order, limit) => {
      const whole = await query({ condition, order });
      const placeOf = (row: Row | undefined) =>
        row && order.map(({ column }) => (row as unknown as Record<string, number | string>)[column]!);
      const ahead: Row[] = [];
      for (let page = await query({ condition, order, limit }); page.length > 0; ) {
        ahead.push(...page);
        page = await query({ condition, order, limit, after: placeOf(page.at(-1)) });
      }
      expect(ahead).toEqual(whole);
      const back: Row[] = whole.slice(-1);
      for (let page = back; page.length > 0; ) {
        page = await query({ condition, order, limit, before: placeOf(page[0]) });
        back.unshift(...page);
      }
      expect(back).toEqual(whole);
    }),
    { numRuns: runs(30) },
  );
});

test('a column that entries do not have, or an order by one that can be null, is a mistake of ours', async () => {
  await expect(query({ order: [{ column: 'status' }, ...byEnrollment] })).rejects.toThrow('ordered by status');
  await expect(query({ condition: { column: 'constructor', is: 'eq', value: 1 } })).rejects.toThrow(
    'no column constructor',
  );
});

const engines = {
  sqlite: sqliteEngine(makeKnex({ client: 'better-sqlite3', useNullAsDefault: true }), ':memory:'),
  postgres: postgresEngine(makeKnex({ client: 'pg' })),
};
const actor = { district: 1, api: 'test', client: null, person: null };
const whereOf = (engine: keyof typeof engines, condition: Condition) => {
  const { sql, values } = countSql(engines[engine], { actor, condition });
  const { district, person, yesterday, own_school, ...own } = values;
  return [
    sql
      .split('as entries')[1]!
      .replace(/\s+/g, ' ')
      .replace(/^ where |^ +/, ''),
    own,
  ];
};

test.each<[Condition, string, object]>([
  [{ all: [] }, 'true', {}],
  [{ any: [] }, 'false', {}],
  [{ column: 'section_id', is: 'eq', value: 2 }, 'entries.section_id = :value_1', { value_1: 2 }],
  [{ not: { column: 'date', is: 'lt', value: null } }, 'true', {}],
  [
    {
      not: {
        all: [
          { column: 'section_id', is: 'eq', value: 5 },
          { column: 'date', is: 'gt', value: '2025-10-01' },
        ],
      },
    },
    '(entries.section_id <> :value_1 or entries.date <= :value_2)',
    { value_1: 5, value_2: '2025-10-01' },
  ],
  // What no index has is even odds to a planner, and false or true where it is null.
  [{ column: 'status', is: 'eq', value: 2 }, 'coalesce(entries.status = :value_1, false)', { value_1: 2 }],
  [{ column: 'status', is: 'ne', value: 2 }, 'coalesce(entries.status <> :value_1, true)', { value_1: 2 }],
  [{ not: { column: 'status', is: 'ne', value: 2 } }, 'coalesce(entries.status = :value_1, false)', { value_1: 2 }],
  [{ not: { column: 'status', is: 'lt', value: 2 } }, 'coalesce(entries.status >= :value_1, true)', { value_1: 2 }],
  [{ column: 'status', is: 'eq', value: null }, 'coalesce(entries.status is null, false)', {}],
  [{ column: 'taken', is: 'eq', value: true }, 'coalesce(entries.taken = :value_1, false)', { value_1: 1 }],
  [{ column: 'status', in: [2, null] }, 'coalesce(entries.status in (:value_1), true)', { value_1: 2 }],
  [{ not: { column: 'status', in: [2, null] } }, 'coalesce(entries.status not in (:value_1), false)', { value_1: 2 }],
  [{ column: 'status', in: [null] }, 'coalesce(entries.status is null, false)', {}],
  [{ not: { column: 'status', in: [null] } }, 'coalesce(entries.status is not null, false)', {}],
  [{ column: 'status', in: [] }, 'false', {}],
  [{ not: { column: 'status', in: [] } }, 'true', {}],
])('%j is %s', (condition, sql, values) => {
  for (const engine of ['sqlite', 'postgres'] as const) expect(whereOf(engine, condition)).toEqual([sql, values]);
});

test('a long list is one parameter', () => {
  const list = Array.from({ length: 9 }, (_, index) => index);
  const values = { value_1: JSON.stringify(list.map((id) => [id])) };
  expect(whereOf('sqlite', { column: 'enrollment_id', in: list })).toEqual([
    'entries.enrollment_id in ( select listed.enrollment_id from ' +
      '(select value ->> 0 as enrollment_id from json_each(:value_1)) as listed)',
    values,
  ]);
  expect(whereOf('postgres', { column: 'enrollment_id', in: list })).toEqual([
    'entries.enrollment_id in ( select listed.enrollment_id from ' +
      '(select cast(value ->> 0 as bigint) as enrollment_id from jsonb_array_elements(cast(:value_1 as jsonb))) as listed)',
    values,
  ]);
});

test('a place bounds every column of the order, so that an index is entered there', () => {
  const { sql } = pageSql(engines.sqlite, { actor, order: byEnrollment, after: [7, '2025-10-01'], limit: 1 });
  expect(sql.split('as entries')[1]!.replace(/\s+/g, ' ').trim()).toBe(
    'where true and entries.enrollment_id >= (select cast(:value_1 as bigint)) ' +
      'and coalesce((entries.enrollment_id > :value_1 or ' +
      '(entries.enrollment_id = :value_1 and entries.date > :value_2)), false) ' +
      'order by entries.enrollment_id, entries.date limit :limit',
  );
});

const pin = (column: string, value: number | string): Condition => ({ column, is: 'eq', value });
test.each<[string, Partial<EntryQuery>, RegExp, RegExp]>([
  ['a district', {}, /enrollments_district_id_id_index \(district_id=\?\)/, /enrollments_(pkey|district_id_id_unique)/],
  [
    'a district from a place',
    { after: [2, '2025-10-01'] },
    /district_id_id_index \(district_id=\? AND id>\?\)/,
    /enrollments_(pkey|district_id_id_unique)/,
  ],
  [
    'a district, section by section',
    { order: bySection },
    /meetings USING PRIMARY KEY.*enrollments_section_id_id_index/,
    /(enrollments_section_id_id_index.*meetings_\w+_pkey)|(meetings_\w+_pkey.*enrollments_section_id_id_index)/,
  ],
  ['a booking', { condition: pin('enrollment_id', 2) }, /enrollments USING INTEGER PRIMARY KEY/, /enrollments_pkey/],
  [
    'a person',
    { condition: { all: [pin('person_id', 2), pin('taken', 1)] } },
    /enrollments_person_id_id_index/,
    /enrollments_person_id_id_index/,
  ],
  [
    'a meeting',
    { condition: { all: [pin('section_id', 1), pin('date', '2025-10-01')] } },
    /enrollments_section_id_id_index.*meetings USING PRIMARY KEY \(district_id=\? AND section_id=\? AND date=\?\)/,
    /enrollments_section_id_id_index/,
  ],
])('%s is entered by an index and not sorted whole', async (_title, given, onSqlite, onPostgres) => {
  const { sql, values } = pageSql(world.database, { actor: world.actor, order: byEnrollment, limit: 10, ...given });
  const query = text(world.database.knex, sql);
  const isSqlite = process.env.ENGINE === 'sqlite';
  const tx = await world.database.knex.transaction();
  if (!isSqlite) {
    // Of a table of a page or two, or one that was not counted yet, any index that has both columns is as good as another.
    await tx.raw(
      `insert into enrollments (district_id, section_id, person_id, admin, begin_date, end_date)
      select district_id, section_id, person_id, admin, begin_date, end_date
      from enrollments, generate_series(1, 2000) where id = ?`,
      [world.enrollments.adaInBiology],
    );
    await tx.raw('analyze enrollments');
    for (const way of ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'sort'])
      await tx.raw(`set local enable_${way} = off`);
  }
  const explain = isSqlite ? 'explain query plan ' : 'explain ';
  const plan = JSON.stringify(
    await tx.raw(
      explain + query.sql.replace(/\$\d+/g, '?'),
      query.names.map((name) => values[name]!),
    ),
  );
  await tx.rollback();
  expect(plan).toMatch(isSqlite ? onSqlite : onPostgres);
  // The few rows of one booking may be sorted by date.
  expect(plan).not.toMatch(
    /USE TEMP B-TREE FOR ORDER BY|-> {2}Sort {2}[^>]*Sort Key: (enrollments\.id|meetings\.section_id)/,
  );
});
