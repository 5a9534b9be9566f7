import makeKnex from 'knex';
import { partsSql } from '../../src/apis/powerschool/tables';
import { wixSql } from '../../src/apis/wix/tables';
import type { Query } from '../../src/database/query';
import { sqliteEngine } from '../../src/database/sqlite';
import { codesSql } from '../../src/ledger/codes';
import { readSql } from '../../src/ledger/state';
import { writeSql } from '../../src/ledger/write-sql';
import { marksSql } from '../../src/marks/export';
import { assumingSql } from '../../src/reports/assuming';
import { countedSql } from '../../src/reports/counted';
import { countingSql } from '../../src/reports/counting';
import { rollsSql } from '../../src/reports/rolls';
import { calendarSql } from '../../src/roster/calendars';
import { correctionsSql } from '../../src/roster/corrections';
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
  ...queriesOf('corrections', correctionsSql(engine)),
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
