import type { Engine } from '../../src/database/database';
import type { AnyQuery } from '../../src/database/query';
import { districtTables } from '../../src/database/schema';
import { apart, faultsOf } from '../by-district';

declare global {
  var statements: Map<string, readonly string[]>; // environment.js
}

const faults = new Set<string>();
const schemaFile = process.env.ENGINE === 'postgres' ? 'postgres.txt' : 'sqlite.txt';
let tables: ReadonlySet<string> | undefined;

/** Whatever test runs a statement that leaves open whose rows they are, fails with it. */
globalThis.statementObserver = (query, system) => {
  for (const fault of read(query, system)) {
    faults.add(fault);
    throw new Error(fault);
  }
  return () => undefined;
};

function read(query: AnyQuery, system: Engine['system']): readonly string[] {
  const key = [query.sql, query.names, query.acrossDistricts].join('\n');
  const known = globalThis.statements.get(key);
  if (known) return known;
  tables ??= new Set([...districtTables({ schemaFile })].filter((table) => !apart.has(table)));
  const found = faultsOf(query, tables, system);
  globalThis.statements.set(key, found);
  return found;
}

// Where nobody waits for the statement, nobody is told of what it has thrown.
afterAll(() => {
  if (faults.size > 0) throw new Error([...faults].join('\n'));
});
