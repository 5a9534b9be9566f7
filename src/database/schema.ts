import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { lazy } from '../lib/lazy';
import { root } from '../lib/root';
import type { Engine } from './database';
import { type Description, integer, nullable, oneOf, type RowOf, rowsOf, string } from './rows';

/** The tables that are rollbook's, each with the statement that made it. */
const tables = `(select name, sql from sqlite_schema
  where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name not like 'knex\\_%' escape '\\') as tables`;

const columnRow = {
  table: string,
  name: string,
  type: string,
  notnull: oneOf(0, 1),
  dflt_value: nullable(string),
  /** The place of the column in the primary key, from 1; 0 where it is not in it. */
  pk: integer,
};
type ColumnRow = RowOf<typeof columnRow>;

const referenceRow = {
  table: string,
  id: integer,
  target: string,
  from: string,
  /** Null where it is the primary key, unnamed. */
  to: nullable(string),
  on_update: string,
  on_delete: string,
};
type ReferenceRow = RowOf<typeof referenceRow>;

const indexRow = {
  table: string,
  name: string,
  unique: oneOf(0, 1),
  sql: nullable(string),
  /** Null where it is an expression. */
  column: nullable(string),
};
type IndexRow = RowOf<typeof indexRow>;

/**
 * The schema in the words that PostgreSQL has for it, without the names that keys and indexes were given. What SQLite
 * keeps as text alone (checks, indexes of expressions, partial ones) comes as it was written.
 */
export const sqliteSchema: SchemaReader = async (run) => {
  const made = await run(`select tables.name, tables.sql from ${tables}`, { name: string, sql: string });
  const columns = await run(
    `select tables.name as "table", columns.name, columns.type, columns."notnull", columns.dflt_value, columns.pk
    from ${tables} cross join pragma_table_info(tables.name) as columns`,
    columnRow,
  );
  const references = await run(
    `select tables.name as "table", reference.id, reference."table" as target, reference."from", reference."to",
      reference.on_update, reference.on_delete
    from ${tables} cross join pragma_foreign_key_list(tables.name) as reference
    order by tables.name, reference.id, reference.seq`,
    referenceRow,
  );
  const indexes = await run(
    `select tables.name as "table", indexes.name, indexes."unique", written.sql, parts.name as "column"
    from ${tables} cross join pragma_index_list(tables.name) as indexes
    cross join pragma_index_info(indexes.name) as parts
    left join sqlite_schema as written on written.type = 'index' and written.name = indexes.name
    where indexes.origin <> 'pk'
    order by tables.name, indexes.name, parts.seqno`,
    indexRow,
  );
  const triggers = await run(
    `select tables.name as of, 'TRIGGER ' || triggers.name as definition
    from ${tables} join sqlite_schema as triggers on triggers.type = 'trigger' and triggers.tbl_name = tables.name collate nocase`,
    schemaRow,
  );
  return [
    ...triggers,
    ...columns.map(({ table, name, type, notnull, dflt_value, pk }) => ({
      of: `${table}.${name}`,
      definition: [
        type.toLowerCase(),
        ...(notnull || pk ? ['not null'] : []),
        ...(dflt_value === null ? [] : [`default ${dflt_value}`]),
      ].join(' '),
    })),
    ...made.flatMap(({ name, sql }) => [
      keyOf(
        name,
        sql,
        columns.filter(({ table, pk }) => table === name && pk > 0),
      ),
      ...checksIn(sql).map((check) => ({ of: name, definition: `CHECK ${check}` })),
    ]),
    ...grouped(references, ({ table, id }) => `${table} ${id}`).map(referenceOf),
    ...grouped(indexes, ({ table, name }) => `${table} ${name}`).map(indexOf),
  ];
};

/** AUTOINCREMENT is what keeps ids from being used again. */
function keyOf(of: string, sql: string, columns: readonly ColumnRow[]): SchemaRow {
  const names = [...columns].sort((one, other) => one.pk - other.pk).map(({ name }) => name);
  const made = ['autoincrement', 'without rowid'].filter((word) => sql.toLowerCase().includes(word));
  return { of, definition: [`PRIMARY KEY (${names.join(', ')})`, ...made].join(' ') };
}

function referenceOf(rows: readonly ReferenceRow[]): SchemaRow {
  const { table, target, on_update, on_delete } = rows[0]!;
  const [from, to] = [rows.map((row) => row.from), rows.map((row) => row.to)].map((names) => names.join(', '));
  const actions = [
    ...(on_update === 'NO ACTION' ? [] : [` ON UPDATE ${on_update}`]),
    ...(on_delete === 'NO ACTION' ? [] : [` ON DELETE ${on_delete}`]),
  ];
  return { of: table, definition: `FOREIGN KEY (${from}) REFERENCES ${target}(${to})${actions.join('')}` };
}

function indexOf(rows: readonly IndexRow[]): SchemaRow {
  const { table, sql, unique } = rows[0]!;
  const columns = rows.map(({ column }) => column);
  const isPlain = !columns.includes(null) && !/\bwhere\b|\bdesc\b/i.test(sql ?? '');
  const indexed = isPlain ? `(${columns.join(', ')})` : plain(sql!.slice(sql!.indexOf('(')));
  return { of: table, definition: `${unique ? 'UNIQUE' : 'INDEX'} ${indexed}` };
}

/** The conditions of all checks in the statement that made a table, each with its parentheses. */
function checksIn(sql: string): string[] {
  return [...sql.matchAll(/\bcheck\s*(?=\()/gi)].map(({ index, 0: word }) => {
    const start = index + word.length;
    let depth = 0;
    for (let end = start; end < sql.length; end++) {
      if (sql[end] === '(') depth++;
      if (sql[end] === ')' && --depth === 0) return plain(sql.slice(start, end + 1));
    }
    return plain(sql.slice(start));
  });
}

/** Without quotes around names, which are none of its meaning. */
const plain = (sql: string): string => sql.replaceAll(/[`"]/g, '').replaceAll(/\s+/g, ' ').trim();

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups.values()];
}

/**
 * The schema as PostgreSQL itself writes it, without the names that keys and indexes were given. Parts of the tables
 * that are kept by school year are left out, since they come and go, and so are detached ones; but not the triggers and
 * rules of such a part. A constraint that older rows were not held against holds for what is written (NOT VALID);
 * `rollbook check` asks about the rows.
 */
export const postgresSchema: SchemaReader = (run) =>
  run(
    `with tables as (
      select pg_class.oid, pg_class.relname as name
      from pg_class
      where pg_class.relnamespace = to_regnamespace(current_schema()) and pg_class.relkind in ('r', 'p')
        and not pg_class.relispartition and pg_class.relname not like 'detached\\_%' and pg_class.relname not like 'knex\\_%')
    select tables.name || '.' || columns.attname as of,
      format_type(columns.atttypid, columns.atttypmod) || case when columns.attnotnull then ' not null' else '' end
        || coalesce(' default ' || regexp_replace(pg_get_expr(defaults.adbin, defaults.adrelid), '^nextval[(].*$', 'nextval'), '')
        as definition
    from tables
    join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum > 0 and not columns.attisdropped
    left join pg_attrdef as defaults on defaults.adrelid = columns.attrelid and defaults.adnum = columns.attnum
    union all
    select tables.name, regexp_replace(pg_get_constraintdef(constraints.oid), ' NOT VALID$', '')
    from tables
    join pg_constraint as constraints on constraints.conrelid = tables.oid and constraints.conparentid = 0
      and constraints.contype in ('p', 'u', 'f', 'c')
    union all
    select tables.name,
      regexp_replace(pg_get_indexdef(indexes.indexrelid), '^CREATE (UNIQUE |)INDEX .* USING (btree |)', '\\1INDEX ')
        || case when indexes.indisvalid then '' else ' INVALID' end
    from tables
    join pg_index as indexes on indexes.indrelid = tables.oid
    where not exists (select 1 from pg_constraint
      where pg_constraint.conindid = indexes.indexrelid and pg_constraint.contype in ('p', 'u'))
    union all
    select tables.name,
      concat_ws(' ', hooks.kind, hooks.name, case when hooks.relation <> tables.oid then 'ON ' || cast(hooks.relation as regclass) end)
    from tables
    join (
      select 'TRIGGER' as kind, pg_trigger.tgname as name, pg_trigger.tgrelid as relation
      from pg_trigger
      where not pg_trigger.tgisinternal and pg_trigger.tgparentid = 0
      union all
      select 'RULE', pg_rewrite.rulename, pg_rewrite.ev_class
      from pg_rewrite
      union all
      select 'ROW LEVEL SECURITY', null, pg_class.oid
      from pg_class
      where pg_class.relrowsecurity
    ) as hooks on tables.oid in (hooks.relation, pg_partition_root(hooks.relation))`,
    schemaRow,
  );

/** The database is not one that this rollbook can work on; the message says how it differs and what to do. */
export class SchemaError extends Error {}

const schemaRow = { of: string, definition: string };
/** A column (`people.email`), or a key, a check, an index, a trigger or a rule of a table (`people`), and what it is. */
export type SchemaRow = RowOf<typeof schemaRow>;

/** Asks an engine for its schema, in whatever order. */
export type SchemaReader = (run: <Row>(sql: string, row: Description<Row>) => Promise<Row[]>) => Promise<SchemaRow[]>;

/** How many differences a message names. */
const NAMED = 5;

/** The schema as a text, a line for each column, key, check, index, trigger and rule, in an order of its own. */
export async function schemaOf(knex: Knex, { readSchema }: Engine): Promise<string[]> {
  const rows = await readSchema((sql, row) => rowsOf(knex, sql, row));
  return rows.map(({ of, definition }) => `${of}: ${definition}`).sort();
}

/**
 * Throws SchemaError, which names the differences, where the schema is not what the migrations make of an empty
 * database. Tables, views, indexes and columns that somebody has added stay unnoticed, where nothing is refused because of them.
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

/** Whether rows that rollbook writes may be refused because of it, or not be there afterwards. */
const refuses = ({ of, definition }: SchemaRow): boolean =>
  of.includes('.')
    ? definition.includes(' not null') && !definition.includes(' default ')
    : !/^INDEX /.test(definition);

const expected = ({ schemaFile }: Pick<Engine, 'schemaFile'>): readonly string[] => files[schemaFile]();

/** What the migrations make, as a test holds it: `rollbook migrate --schema` prints it anew. */
const files = {
  'sqlite.txt': lazy(() => linesOf('sqlite.txt')),
  'postgres.txt': lazy(() => linesOf('postgres.txt')),
};

const linesOf = (file: string): string[] =>
  readFileSync(join(root, 'db', 'schema', file), 'utf8')
    .split('\n')
    .filter(Boolean);

/** The tables that have a `district_id`. */
export const districtTables = (engine: Pick<Engine, 'schemaFile'>): ReadonlySet<string> =>
  new Set(expected(engine).flatMap((line) => /^(\w+)\.district_id: /.exec(line)?.[1] ?? []));

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
