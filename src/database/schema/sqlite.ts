import type { SchemaReader, SchemaRow } from '../schema';

/** The tables that are rollbook's, each with the statement that made it. */
const tables = `(select name, sql from sqlite_schema
  where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name not like 'knex\\_%' escape '\\') as tables`;

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: 0 | 1;
  readonly dflt_value: string | null;
  /** The place of the column in the primary key, from 1; 0 where it is not in it. */
  readonly pk: number;
}

interface ReferenceRow {
  readonly table: string;
  readonly id: number;
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly on_update: string;
  readonly on_delete: string;
}

interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: 0 | 1;
  readonly sql: string | null;
  /** Null where it is an expression. */
  readonly column: string | null;
}

/**
 * The schema in the words that PostgreSQL has for it, without the names that keys and indexes were given. What SQLite
 * keeps as text alone (checks, indexes of expressions, partial ones) comes as it was written.
 */
export const sqliteSchema: SchemaReader = async (run) => {
  const made = await run<{ name: string; sql: string }>(`select tables.name, tables.sql from ${tables}`);
  const columns = await run<ColumnRow>(
    `select tables.name as "table", columns.name, columns.type, columns."notnull", columns.dflt_value, columns.pk
    from ${tables} cross join pragma_table_info(tables.name) as columns`,
  );
  const references = await run<ReferenceRow>(
    `select tables.name as "table", reference.id, reference."table" as target, reference."from", reference."to",
      reference.on_update, reference.on_delete
    from ${tables} cross join pragma_foreign_key_list(tables.name) as reference
    order by tables.name, reference.id, reference.seq`,
  );
  const indexes = await run<IndexRow>(
    `select tables.name as "table", indexes.name, indexes."unique", written.sql, parts.name as "column"
    from ${tables} cross join pragma_index_list(tables.name) as indexes
    cross join pragma_index_info(indexes.name) as parts
    left join sqlite_schema as written on written.type = 'index' and written.name = indexes.name
    where indexes.origin <> 'pk'
    order by tables.name, indexes.name, parts.seqno`,
  );
  return [
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
