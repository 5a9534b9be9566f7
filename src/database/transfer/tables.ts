import type { ColumnType, Database, Engine, Executor } from '../database';
import { text, type Value, type Values } from '../query';
import { each, integer, type RowOf, scalar, string } from '../rows';

/** A table as it is copied. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The columns of its primary key. */
  readonly key: readonly string[];
}

const columnRow = {
  table: string,
  column: string,
  type: string,
  /** The place of the column in the primary key, from 1; 0 where it is not in it. */
  place: integer,
};

type ColumnRow = RowOf<typeof columnRow>;

/** What the migrations declare on SQLite, where it is not text. */
const types: Readonly<Record<string, ColumnType>> = {
  integer: 'bigint',
  bigint: 'bigint',
  smallint: 'smallint',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
};

/** The tables that a SQLite database holds beside those of its engine, of knex and of Litestream; an epoch is of one database alone. */
const own = `sqlite_schema.type = 'table' and sqlite_schema.name not like 'sqlite\\_%' escape '\\'
  and sqlite_schema.name not like 'knex\\_%' escape '\\' and sqlite_schema.name not like '\\_litestream\\_%' escape '\\' and sqlite_schema.name <> 'epochs'`;

/** The tables of a SQLite database, each after those that its foreign keys lead to. */
export async function tablesOf(database: Database): Promise<Table[]> {
  const { knex } = database;
  const columns = await database.all(
    text(
      knex,
      `select sqlite_schema.name as "table", info.name as "column", lower(info.type) as type, info.pk as place
      from sqlite_schema cross join pragma_table_info(sqlite_schema.name) as info
      where ${own}
      order by sqlite_schema.name, info.cid`,
      columnRow,
    ),
  );
  const references = await referencesOf(database);
  const names = [...new Set(columns.map(({ table }) => table))];
  return inOrder(names, references).map((name) =>
    tableOf(
      name,
      columns.filter(({ table }) => table === name),
    ),
  );
}

async function referencesOf({ all, knex }: Database): Promise<Map<string, string[]>> {
  const rows = await all(
    text(
      knex,
      `select sqlite_schema.name as "table", reference."table" as target
      from sqlite_schema cross join pragma_foreign_key_list(sqlite_schema.name) as reference
      where ${own} and reference."table" <> sqlite_schema.name`,
      { table: string, target: string },
    ),
  );
  const references = new Map<string, string[]>();
  for (const { table, target } of rows) references.set(table, [...(references.get(table) ?? []), target]);
  return references;
}

function inOrder(names: readonly string[], references: ReadonlyMap<string, readonly string[]>): string[] {
  const ordered = new Set<string>();
  const add = (name: string): void => {
    if (ordered.has(name)) return;
    for (const target of references.get(name) ?? []) add(target);
    ordered.add(name);
  };
  for (const name of names) add(name);
  return [...ordered];
}

const tableOf = (name: string, rows: readonly ColumnRow[]): Table => ({
  name,
  columns: Object.fromEntries(rows.map(({ column, type }) => [column, types[type] ?? 'text'])),
  key: rows
    .filter(({ place }) => place > 0)
    .sort((one, other) => one.place - other.place)
    .map(({ column }) => column),
});

/** A database that is read or written in one transaction. */
export interface Side {
  readonly engine: Pick<Engine, 'knex' | 'partitioned' | 'rows' | 'lastId' | 'resumeIds'>;
  readonly executor: Executor;
}

/** How many rows are in memory at a time. */
const PAGE = 5_000;

const acrossDistricts = 'all of them are in a backup';

type Row = Readonly<Record<string, Value | boolean>>;

/** Copies every row of the tables, on either engine, into those of the same schema, which are empty. */
export async function transferRows(tables: readonly Table[], from: Side, into: Side): Promise<number> {
  let copied = 0;
  for (const table of tables) {
    const insert = insertInto(table, into);
    for await (const rows of pagesOf(table, from)) {
      await insert(rows);
      copied += rows.length;
    }
    if (table.key[0] === 'id') await resume(table.name, from, into);
  }
  return copied;
}

/** Goes on with ids where the other has stopped, which may be above all that it still has rows of. */
async function resume(table: string, from: Side, into: Side): Promise<void> {
  const [given] = await from.executor.all(
    text(from.engine.knex, from.engine.lastId(table), { last: integer }, { acrossDistricts }),
  );
  for (const sql of into.engine.resumeIds(table))
    await into.executor.all(text(into.engine.knex, sql, { last: integer }, { acrossDistricts }), { last: given!.last });
}

/** Walks by the key, so that no page is counted out. */
async function* pagesOf({ name, columns, key: own }: Table, { engine, executor }: Side): AsyncGenerator<Row[]> {
  const { knex } = engine;
  // On PostgreSQL the key has the district first.
  const key = engine.partitioned && 'district_id' in columns ? [...new Set(['district_id', ...own])] : own;
  const query = (where: string) =>
    text(
      knex,
      `select ${quoted(Object.keys(columns))} from ${name} ${where} order by ${quoted(key)} limit ${PAGE}`,
      each(Object.keys(columns), scalar),
      { acrossDistricts },
    );
  const places = key.map((_, place) => `after_${place}`);
  const next = query(`where (${quoted(key)}) > (${places.map((place) => `:${place}`).join(', ')})`);
  let rows: Row[] = await executor.all(query(''));
  while (rows.length > 0) {
    yield rows;
    const last = rows.at(-1)!;
    const values = Object.fromEntries(key.map((column, place) => [`after_${place}`, last[column]]));
    rows = rows.length < PAGE ? [] : await executor.all(next, values as Values);
  }
}

function insertInto({ name, columns }: Table, { engine, executor }: Side) {
  const names = Object.keys(columns);
  const typed = Object.fromEntries(Object.entries(columns).map(([column, type]) => [quoted([column]), type]));
  const insert = text(
    engine.knex,
    `insert into ${name} (${quoted(names)}) select ${quoted(names)} from ${engine.rows('rows', typed)} as copied`,
    undefined,
    { acrossDistricts },
  );
  return (rows: readonly Row[]) =>
    executor.all(insert, { rows: JSON.stringify(rows.map((row) => names.map((column) => inOther(column, row)))) });
}

/** What a number of a transaction says in one database it says in no other: there each is lower than those to come. */
const inOther = (column: string, row: Row): Value | boolean | undefined =>
  column === 'transaction_id' ? 0 : row[column];

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
