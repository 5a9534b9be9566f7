import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { once } from '../once';
import { root } from '../root';
import type { Engine } from './database';

/** The database is not one that this rollbook can work on; the message says how it differs and what to do. */
export class SchemaError extends Error {}

/** A column (`people.email`), or a key, a check or an index of a table (`people`), and what it is. */
export interface SchemaRow {
  readonly of: string;
  readonly definition: string;
}

/** Asks an engine for its schema, in whatever order. */
export type SchemaReader = (run: <Row>(sql: string) => Promise<Row[]>) => Promise<SchemaRow[]>;

/** How many differences a message names. */
const NAMED = 5;

/** The schema as a text, a line for each column, key, check and index, in an order of its own. */
export async function schemaOf(knex: Knex, { readSchema }: Engine): Promise<string[]> {
  const rows = await readSchema(async <Row>(sql: string) => {
    // A subquery, since drivers wrap rows in different ways where a statement is raw.
    return (await knex.select('*').from(knex.raw(`(${sql}) as asked`))) as Row[];
  });
  return rows.map(({ of, definition }) => `${of}: ${definition}`).sort();
}

/**
 * Throws SchemaError, which names the differences, where the schema is not what the migrations make of an empty
 * database. Tables, indexes and columns that somebody has added stay unnoticed, where nothing is refused because of them.
 */
export async function checkSchema(knex: Knex, engine: Engine): Promise<void> {
  const differences = differencesOf(expected(engine), await schemaOf(knex, engine));
  if (differences.length === 0) return;
  const more = differences.length > NAMED ? `; and ${differences.length - NAMED} more` : '';
  throw new SchemaError(
    `The schema of the database is not the one that this rollbook works on: ${differences.slice(0, NAMED).join('; ')}${more}. ` +
      'Change it back, or restore a backup into an empty database; nothing has been changed.',
  );
}

/** Sentences without their full stop. */
function differencesOf(wanted: readonly string[], actual: readonly string[]): string[] {
  const [missing, extra] = [without(wanted, actual), without(actual, wanted)].map((lines) => lines.map(partsOf));
  const tables = new Set(actual.map((line) => tableOf(partsOf(line).of)));
  const lost = new Set(missing!.map(({ of }) => tableOf(of)).filter((table) => !tables.has(table)));
  const isColumn = ({ of }: SchemaRow) => of.includes('.');
  return [
    ...[...lost].map((table) => `the table ${table} is missing`),
    ...missing!
      .filter(({ of }) => !lost.has(tableOf(of)))
      .map((row) => {
        const { of, definition } = row;
        if (!isColumn(row)) return `${of} lacks ${definition}`;
        const other = extra!.find((each) => each.of === of);
        if (other) return `${of} is ${other.definition}, not ${definition}`;
        return `${tableOf(of)} lacks the column ${of.slice(tableOf(of).length + 1)} (${definition})`;
      }),
    ...extra!
      .filter(({ of }) => wanted.some((line) => tableOf(partsOf(line).of) === tableOf(of)))
      .filter((row) => refuses(row) && !missing!.some(({ of }) => of === row.of && isColumn(row)))
      .map(({ of, definition }) => `${of} has ${definition}, which is not rollbook's`),
  ];
}

/** Whether rows that rollbook writes may be refused because of it. */
const refuses = ({ of, definition }: SchemaRow): boolean =>
  of.includes('.')
    ? definition.includes(' not null') && !definition.includes(' default ')
    : !/^INDEX /.test(definition);

const expected = ({ schemaFile }: Engine): readonly string[] => files[schemaFile]();

/** What the migrations make, as a test holds it: `rollbook migrate --schema` prints it anew. */
const files = {
  'sqlite.txt': once(() => linesOf('sqlite.txt')),
  'postgres.txt': once(() => linesOf('postgres.txt')),
};

const linesOf = (file: string): string[] =>
  readFileSync(join(root, 'db', 'schema', file), 'utf8')
    .split('\n')
    .filter(Boolean);

/** Each as often as it is more in the one than in the other. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const place = left.indexOf(line);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

const partsOf = (line: string): SchemaRow => {
  const [of = '', ...definition] = line.split(': ');
  return { of, definition: definition.join(': ') };
};

const tableOf = (of: string): string => of.split('.')[0]!;
