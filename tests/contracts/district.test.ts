import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/database/database';
import type { AnyQuery } from '../../src/database/query';
import { rowsOf } from '../../src/database/rows';
import { districtTables, type SchemaRow } from '../../src/database/schema';
import { root } from '../../src/lib/root';
import { apart, faultsOf } from '../by-district';
import { openTestDatabase, type TestDatabase } from '../world';

/*
 * Nothing crosses a district, so that the tables can be distributed by it. Every statement that any test runs is asked for
 * it (engines/districts.ts). Here they are asked also where no test runs them, and so are the keys.
 */

/** Every query that is made while this file runs. */
const made: AnyQuery[] = [];
jest.mock('../../src/database/query', () => {
  const query = jest.requireActual('../../src/database/query');
  const text = (...given: unknown[]): AnyQuery => {
    made.push(query.text(...given));
    return made.at(-1)!;
  };
  return { ...query, text };
});

/** Functions that open something over a database, or are all SQL of something, for an engine. */
const opener =
  /^export (?:function|const) (open\w+|\w+Notes|\w+Sql(?=[^,]*\)))\b[^\n]*?\(\s*(?:\w+|\{[^}]*\}): (?:Pick<)?(?:Database|Engine)\b/gm;
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('web/'))
  .map((file) => ({ file, source: readFileSync(join(root, 'src', file), 'utf8') }));
const openers = sources.flatMap(({ file, source }) =>
  [...source.matchAll(opener)].map(([, name]) => [file, name!] as const),
);

type Open = (database: Database, ...more: unknown[]) => unknown;
/** Stands for whatever else an opener takes: it is not looked at before something is asked, but for how large it is. */
const anything: unknown = new Proxy(() => anything, {
  get: (_target, name) => (name === Symbol.toPrimitive ? () => 1 : anything),
});

let opened: TestDatabase;
/** The tables that are kept by districts. */
let tables: ReadonlySet<string>;
let schema: readonly SchemaRow[];
beforeAll(async () => {
  opened = await openTestDatabase({ reuse: true });
  const { database } = opened;
  tables = new Set([...districtTables(database)].filter((table) => !apart.has(table)));
  schema = await database.readSchema((sql, row) => rowsOf(database.knex, sql, row));
});
afterAll(() => opened.close());

test('every table of a query about districts is held to the district, or joined by it', () => {
  const { database } = opened;
  for (const [file, name] of openers) {
    const open: Open = jest.requireActual(join(root, 'src', file))[name];
    open(database, anything, anything, anything);
  }
  expect(new Set(made.map(({ sql }) => sql)).size).toBeGreaterThan(200);
  expect([...tables]).toEqual(expect.arrayContaining(['sections', 'section_terms', 'enrollments', 'marks', 'journal']));
  expect(made.flatMap((query) => faultsOf(query, tables, database.system))).toEqual([]);
});

const names = (list: string): string[] => list.split(', ');
const wordsOf = (pattern: RegExp) =>
  schema.flatMap(({ of, definition }) => {
    const found = pattern.exec(definition);
    return found ? [{ of, definition, groups: found.groups! }] : [];
  });

test('every key of a table with districts has the district', () => {
  const keys = wordsOf(/^(?<kind>PRIMARY KEY|UNIQUE|UNIQUE INDEX) \((?<columns>.*)\)(?<more>.*)$/);
  // Of SQLite's keys only such a one never comes again.
  const isEngines = (definition: string) => definition === 'PRIMARY KEY (id) autoincrement';
  const without = keys.filter(
    ({ of, definition, groups }) =>
      tables.has(of) && !names(groups.columns!).includes('district_id') && !isEngines(definition),
  );
  expect(keys.length).toBeGreaterThan(tables.size);
  expect(without.map(({ of, definition }) => `${of}: ${definition}`)).toEqual([]);
});

test('what leads from one table with districts to another pairs the district, and nothing else leads to one, or to a client', () => {
  const references = wordsOf(/^FOREIGN KEY \((?<from>.*)\) REFERENCES (?<target>\w+)\((?<to>[^)]*)\)/);
  const paired = ({ from, to }: Record<string, string>) =>
    names(from!).some((name, place) => name === 'district_id' && names(to!)[place] === 'district_id');
  const wrong = references.filter(({ of, groups }) => {
    if (groups.target === 'districts') return false;
    if (tables.has(of) !== tables.has(groups.target!)) return true;
    return tables.has(of) && !paired(groups);
  });
  expect(references.filter(({ groups }) => paired(groups)).length).toBeGreaterThan(30);
  expect(wrong.map(({ of, definition }) => `${of}: ${definition}`)).toEqual([]);
});

test('what leads to a table of which rows are deleted is found by an index, and not by going through a district', async () => {
  const deleted = new Set(
    sources.flatMap(({ source }) => [...source.matchAll(/delete from (\w+)/g)].map(([, of]) => of!)),
  );
  const references = wordsOf(/^FOREIGN KEY \((?<from>.*)\) REFERENCES (?<target>\w+)\(/);
  const checked = references.filter(({ groups }) => deleted.has(groups.target!));
  expect(new Set(checked.map(({ groups }) => groups.target))).toEqual(
    new Set(['absences', 'lti_courses', 'lti_platforms', 'people', 'webhook_targets']),
  );
  const walked = [];
  for (const { of, definition, groups } of checked)
    if (!(await isFound(of, names(groups.from!)))) walked.push(`${of}: ${definition}`);
  expect(walked).toEqual([]);
});

/** Whether the rows of a table that have a value in each of the columns are found by an index. */
async function isFound(table: string, columns: readonly string[]): Promise<boolean> {
  const { knex, system } = opened.database;
  if (system === 'sqlite') {
    const where = columns.map((column) => `${column} = 1`).join(' and ');
    const [plan] = await knex.raw(`explain query plan select 1 from ${table} where ${where}`);
    return columns.some((column) => column !== 'district_id' && plan.detail.includes(`${column}=?`));
  }
  return wordsOf(/^(?:PRIMARY KEY|UNIQUE|INDEX) \((?<columns>[\w, ]+)\)(?! WHERE)/).some((index) => {
    const first = names(index.groups.columns!).slice(0, columns.length);
    return index.of === table && columns.every((column) => first.includes(column));
  });
}

/** Statements, each with what is wrong with it; parameters by their names, and `across` where it is of all districts. */
const statements: [sql: string, names: string, fault: RegExp | undefined][] = [
  ['select 1 from sections where sections.district_id = $1 and sections.id = $2', 'district id', undefined],
  ['select 1 from sections where sections.id = $1', 'id', /^sections is neither/],
  ['select 1 from sections where sections.district_id = $1', 'other', /^sections is neither/],
  ['select 1 from sections where sections.district_id = $1 or sections.id = $2', 'district id', /^sections/],
  ['select 1 from sections where +sections.district_id = $1', 'district', /^\+ hides/],
  [
    'select 1 from sections join courses on courses.id = sections.course_id where sections.district_id = $1',
    'district',
    /^courses is neither/,
  ],
  [
    `select 1 from sections join courses on courses.district_id = sections.district_id and courses.id = sections.course_id
    where sections.district_id = $1`,
    'district',
    undefined,
  ],
  [
    'select 1 from sections where sections.district_id = $1 and sections.id in (select e.section_id from enrollments as e)',
    'district',
    /^e is neither/,
  ],
  [
    `select 1 from sections where sections.district_id = $1
    and not exists (select 1 from enrollments as e where e.district_id = sections.district_id)`,
    'district',
    undefined,
  ],
  [
    // What holds in the subquery says nothing of the query around it.
    'select 1 from sections where exists (select 1 from enrollments as e where e.district_id = $1 and e.district_id = sections.district_id)',
    'district',
    /^sections is neither/,
  ],
  [
    `with listed as (select e.district_id, e.section_id from enrollments as e)
    select 1 from sections join listed on listed.district_id = sections.district_id where sections.district_id = $1`,
    'district',
    undefined,
  ],
  [
    `select 1 from sections join (select e.section_id from enrollments as e) as listed on listed.section_id = sections.id
    where sections.district_id = $1`,
    'district',
    /^e is neither/,
  ],
  ['select 1 from marks join meetings on meetings.district_id = marks.district_id', 'across', undefined],
  ['select 1 from marks join meetings on meetings.section_id = marks.section_id', 'across', /^marks.*|^meetings/],
  ['delete from marks where marks.section_id = $1', 'section', /^marks is neither/],
  ['update sections set title = $2 from courses where sections.district_id = $1', 'district title', /^courses/],
  ['insert into kept_days (district_id, section_id) values ($1, $2)', 'district section', undefined],
  ['insert into kept_days (section_id) values ($1)', 'section', /^kept_days is given no district_id/],
  [
    'insert into kept_days (district_id, section_id) select $1, sections.id from sections where sections.district_id = $1',
    'district',
    /by a parameter, not by a row/,
  ],
  [
    `insert into kept_days (district_id, section_id) select $1, 1 on conflict (district_id, section_id) do update
    set end_date = $2`,
    'district date',
    /a parameter in what is done on conflict/,
  ],
  [
    'insert into kept_days (district_id, section_id) values ($1, 1) on conflict (section_id) do nothing',
    'district',
    /conflicts without its district_id/,
  ],
  [
    `select api_clients.name from journal left join api_clients on api_clients.id = journal.client_id
    where journal.district_id = $1`,
    'district',
    /^api_clients is kept in one place, and journal by districts/,
  ],
  [
    'update webhook_targets set sending = null where district_id = $1 and exists (select 1 from webhook_lease)',
    'district',
    /^webhook_lease is kept in one place, and webhook_targets by districts/,
  ],
  ['select 1 from sections join districts on districts.id = sections.district_id', 'across', undefined],
  [
    'insert into recounts (district_id, revision) select $1, max(epochs.transactions) from epochs',
    'district',
    undefined,
  ],
  [
    'insert into recounts (district_id, revision) values ($1, (select max(epochs.transactions) from epochs))',
    'district',
    /^epochs is kept in one place, and recounts by districts/,
  ],
];

test.each(statements)('%s, with %s: %s', (sql, given, fault) => {
  const query = { sql, names: given.split(' '), acrossDistricts: given === 'across' ? 'a test' : undefined };
  const found = faultsOf(query, tables, 'postgresql');
  expect(found).toEqual(fault ? expect.arrayContaining([expect.stringMatching(fault)]) : []);
});
