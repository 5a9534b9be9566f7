import type { ColumnType, Database } from '../database';
import { text } from '../query';

/** A table as it is copied. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The columns of its primary key. */
  readonly key: readonly string[];
}

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** The place of the column in the primary key, from 1; 0 where it is not in it. */
  readonly place: number;
}

/** What the migrations declare on SQLite, where it is not text. */
const types: Readonly<Record<string, ColumnType>> = {
  integer: 'bigint',
  bigint: 'bigint',
  smallint: 'smallint',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
};

/** The tables that a SQLite database holds besides those of its engine and of knex; an epoch is of one database alone. */
const own = `sqlite_schema.type = 'table' and sqlite_schema.name not like 'sqlite\\_%' escape '\\'
  and sqlite_schema.name not like 'knex\\_%' escape '\\' and sqlite_schema.name <> 'epochs'`;

/** The tables of a SQLite database, each after those that its foreign keys lead to. */
export async function tablesOf(database: Database): Promise<Table[]> {
  const { knex } = database;
  const columns = await database.all<ColumnRow>(
    text(
      knex,
      `select sqlite_schema.name as "table", info.name as "column", lower(info.type) as type, info.pk as place
      from sqlite_schema cross join pragma_table_info(sqlite_schema.name) as info
      where ${own}
      order by sqlite_schema.name, info.cid`,
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
  const rows = await all<{ table: string; target: string }>(
    text(
      knex,
      `select sqlite_schema.name as "table", reference."table" as target
      from sqlite_schema cross join pragma_foreign_key_list(sqlite_schema.name) as reference
      where ${own} and reference."table" <> sqlite_schema.name`,
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
