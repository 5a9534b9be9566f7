import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDistrict } from '../../src/database/checked';
import type { Database } from '../../src/database/database';
import type { AnyQuery } from '../../src/database/query';
import { districtTables } from '../../src/database/schema';
import { root } from '../../src/lib/root';
import { openTestDatabase, type TestDatabase } from '../world';

/*
 * Nothing crosses a district, so that the tables can be distributed by it. Every query that any test runs is asked for
 * it (`checked`, which `tests/world.ts` asks for). Here they are asked also where no test runs them.
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
const openers = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('web/'))
  .flatMap((file) =>
    [...readFileSync(join(root, 'src', file), 'utf8').matchAll(opener)].map(([, name]) => [file, name!] as const),
  );

type Open = (database: Database, ...more: unknown[]) => unknown;
/** Stands for whatever else an opener takes: it is not looked at before something is asked. */
const anything: unknown = new Proxy(() => anything, { get: () => anything });

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase({ reuse: true });
});
afterAll(() => opened.close());

test('every query about a table of districts names the district, or says why not', () => {
  const { database } = opened;
  for (const [file, name] of openers) {
    const open: Open = jest.requireActual(join(root, 'src', file))[name];
    open(database, anything, anything, anything);
  }
  expect(new Set(made.map(({ sql }) => sql)).size).toBeGreaterThan(200);
  const tables = districtTables(database);
  expect([...tables]).toEqual(expect.arrayContaining(['sections', 'enrollments', 'marks', 'journal', 'api_clients']));
  expect(made.flatMap((query) => faultOf(query, tables))).toEqual([]);
});

function faultOf(query: AnyQuery, tables: ReadonlySet<string>): string[] {
  try {
    checkDistrict(query, tables);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
