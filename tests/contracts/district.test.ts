import makeKnex from 'knex';
import type { Query } from '../../src/database/query';
import { sqliteEngine } from '../../src/database/sqlite';
import { partsSql } from '../../src/dialects/powerschool/sql';
import { wixSql } from '../../src/dialects/wix/sql';
import { codesSql } from '../../src/ledger/sql/codes';
import { readSql } from '../../src/ledger/sql/read';
import { writeSql } from '../../src/ledger/sql/write';
import { marksSql } from '../../src/marks/sql';
import { assumingSql } from '../../src/reports/assuming';
import { countedSql } from '../../src/reports/counted-sql';
import { countingSql } from '../../src/reports/counting-sql';
import { rollsSql } from '../../src/reports/rolls-sql';
import { calendarSql } from '../../src/roster/calendars';
import { schoolsSql } from '../../src/roster/schools';
import { rosterSql } from '../../src/roster/sql';

/** Nothing crosses a district, so that the tables can be distributed by it. */
const engine = sqliteEngine(makeKnex({ client: 'better-sqlite3', useNullAsDefault: true }));
const isQuery = (value: object): value is Query => 'sql' in value;
const queriesOf = (name: string, value: object): [string, Query][] =>
  isQuery(value)
    ? [[name, value]]
    : Object.entries(value).flatMap(([part, inner]) => queriesOf(`${name}.${part}`, inner));

test.each([
  ...queriesOf('read', readSql(engine)),
  ...queriesOf('write', writeSql(engine)),
  ...queriesOf('codes', codesSql(engine)),
  ...queriesOf('roster', rosterSql(engine)),
  ...queriesOf('calendars', calendarSql(engine)),
  ...queriesOf('schools', schoolsSql(engine)),
  ...queriesOf('assuming', assumingSql(engine)),
  ...queriesOf('counting', countingSql(engine)),
  ...queriesOf('counted', countedSql(engine)),
  ...queriesOf('rolls', rollsSql(engine)),
  ...queriesOf('marks', marksSql(engine)),
  ...queriesOf('parts', partsSql(engine)),
  ...queriesOf('wix', wixSql(engine)),
])('%s carries the district', (_name, { names }) => {
  expect(names).toContain('district');
});
