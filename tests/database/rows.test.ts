import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/database/database';
import { openDatabase } from '../../src/database/open';
import { type Query, text, type Values } from '../../src/database/query';
import {
  bit,
  type Description,
  day,
  instant,
  integer,
  type Kind,
  nullable,
  oneOf,
  RowError,
  rowsOf,
  scalar,
  string,
  withOthers,
} from '../../src/database/rows';
import { root } from '../../src/lib/root';
import { openWorld, type World } from '../world';

let world: World;
/** Of which the statements are held to what they say of themselves alone. */
let database: Database;
beforeAll(async () => {
  world = await openWorld();
  database = openDatabase(world.url, { checked: true });
});
afterAll(async () => {
  await database.close();
  await world.close();
});

const sql = `select sections.id, sections.title, sections.school_id, sections.active from sections
  where sections.district_id = :district and sections.id = :id`;
const described = { id: integer, title: string, school_id: nullable(integer), active: bit };
const algebra = () => ({ district: world.districts.larkspur, id: world.sections.algebra });
const elsewhere = () => ({ district: world.districts.elsewhere, id: world.sections.elsewhere });
const query = <Row>(row: Description<Row>) => text(world.database.knex, sql, row);

/** Outside of a transaction, in one, and of one state. */
async function expectWrong<Row>(query: Query<Row>, values: Values, message: RegExp): Promise<void> {
  await expect(database.all(query, values)).rejects.toThrow(message);
  await expect(database.transaction((tx) => tx.all(query, values))).rejects.toThrow(message);
  await expect(database.snapshot((reading) => reading.all(query, values))).rejects.toThrow(message);
}

test('rows that are as their query says come back as they are', async () => {
  const [row] = await database.all(query(described), algebra());
  expect(row).toMatchObject({ id: world.sections.algebra, title: 'Algebra' });
  expect(Boolean(row!.active)).toBe(true);
  expect(await database.all(query(withOthers({}, scalar)), algebra())).toEqual([row]);
});

const { title: _title, ...untitled } = described;
test.each<[string, Description<unknown>, RegExp]>([
  ['a column that the query does not speak of', untitled, /: title is not among its columns\./],
  ['no such column as the query speaks of', { ...described, name: string }, /: name is missing\./],
  ['a number where it says a text', { ...described, id: string }, /: id is to be a string, not \d+\./],
  ['a text where it says a number', { ...described, title: integer }, /: title is to be an integer, not "Algebra"\./],
  ['another text than it says', { ...described, title: oneOf('Biology') }, /: title is to be one of Biology, not/],
  ['other columns of another kind', withOthers({ id: integer }, integer), /: title is to be an integer/],
])('a row with %s throws, wherever it is read', (_what, row, message) => expectWrong(query(row), algebra(), message));

test('a row with a null where none is said throws; where it is said, it does not', async () => {
  await expectWrong(
    query({ ...described, school_id: integer }),
    elsewhere(),
    /: school_id is to be an integer, not null\./,
  );
  expect(await database.all(query(described), elsewhere())).toMatchObject([{ school_id: null }]);
});

test('a row of a query that says of none throws, and what it wrote is undone', async () => {
  const { districts } = world;
  const rename = text(database.knex, `update districts set name = 'Renamed' where id = :district returning id`);
  const renaming = database.transaction((tx) => tx.all(rename, { district: districts.larkspur }));
  await expect(renaming).rejects.toThrow(': id is not among its columns.');
  expect(await database.knex('districts').pluck('name')).not.toContain('Renamed');
});

test('a query about the tables of districts throws where it names none, and does not say why', async () => {
  const { knex, all } = database;
  const title = 'select sections.title from sections where sections.id = :id';
  const lost = text(knex, title, { title: string });
  await expectWrong(lost, { id: 1 }, /^A query touches sections without naming the :district;/);
  const said = text(knex, title, { title: string }, { acrossDistricts: 'a test asks' });
  expect(await all(said, { id: world.sections.algebra })).toEqual([{ title: 'Algebra' }]);
  const districts = text(knex, 'select districts.name from districts order by districts.id', { name: string });
  expect(await all(districts)).toContainEqual({ name: 'Larkspur' });
});

test('a row of what knex runs itself, as migrations do, throws too where it is not as is said', async () => {
  const { knex } = world.database;
  const asked = "select 1 as id, 'Algebra' as title";
  expect(await knex.transaction((tx) => rowsOf(tx, asked, { id: integer, title: string }))).toEqual([
    { id: 1, title: 'Algebra' },
  ]);
  await expect(rowsOf(knex, asked, { id: integer })).rejects.toThrow(RowError);
  await expect(rowsOf(knex, asked, { id: integer, title: integer })).rejects.toThrow(/title is to be an integer/);
});

/** Rows that a driver hands out, or that are taken for something without being looked at. */
const UNSAID = new RegExp(
  [
    String.raw`\.pluck\(|\.first\('|\.rows as |\{ rows[^}]*\} = await (?:knex|tx|connection)`,
    String.raw`\b(?:knex|tx|connection|reader|statement)\.(?:raw|select|pragma|all|get|query|prepare)\(.*\) as (?:[A-Z{[]|unknown|string|number)`,
  ].join('|'),
);
/** The two executors, whose rows are those of their queries, and whether there is a row at all, of which nothing is read. */
const SAID_ELSEWHERE = [
  'database/sqlite.ts: as unknown[][]',
  'database/postgres.ts: .rows as',
  "database/transfer/backup.ts: .first('",
];

test('no rows are taken from a driver but by a query that says what they are', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const unsaid = files.flatMap((file) =>
    readFileSync(join(root, 'src', file), 'utf8')
      .split('\n')
      .filter((line) => UNSAID.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  const isSaid = (line: string) =>
    SAID_ELSEWHERE.some((each) => {
      const [file, what] = each.split(': ');
      return line.startsWith(`${file}: `) && line.includes(what!);
    });
  expect(unsaid.filter(isSaid)).toHaveLength(SAID_ELSEWHERE.length);
  expect(unsaid.filter((line) => !isSaid(line))).toEqual([]);
});

test('nothing is held against anything where nobody asks for it', async () => {
  const database = openDatabase(world.url);
  try {
    const anything = text(database.knex, 'select sections.id from sections where sections.id = :id', { title: string });
    expect(await database.all(anything, { id: 1 })).toEqual(expect.any(Array));
  } finally {
    await database.close();
  }
});

test.each<[string, Kind<unknown>, unknown[], unknown[]]>([
  ['an integer', integer, [0, -1, 2 ** 53 - 1], ['1', 1.5, 2 ** 53, null, true, Number.NaN]],
  ['a string', string, ['', 'x'], [1, null, {}, new Date(0)]],
  ['a day', day, ['2025-10-06'], ['2025-10-06T00:00:00.000Z', '06.10.2025', '', null, new Date(0)]],
  ['an instant', instant, ['2025-10-06T13:00:00.000Z'], ['2025-10-06', '2025-10-06 13:00:00', 1, null, new Date(0)]],
  ['a bit', bit, [true, false, 0, 1], [2, '1', 'true', null]],
  ['a scalar', scalar, [null, 1, '', false], [{}, [], new Date(0)]],
  ['one of some', oneOf(1, 2), [1, 2], [3, '1', null]],
  ['what may be null', nullable(day), ['2025-10-06', null], ['', undefined]],
])('%s is what it is on either engine, and nothing else', (_name, kind, right, wrong) => {
  expect(right.filter((value) => !kind.holds(value))).toEqual([]);
  expect(wrong.filter((value) => kind.holds(value))).toEqual([]);
});
