import type { Engine, Executor } from '../database';
import { text, type Value, type Values } from '../query';
import type { Table } from './tables';

/** A database that is read or written in one transaction. */
export interface Side {
  readonly engine: Pick<Engine, 'knex' | 'rows' | 'resumeIds'>;
  readonly executor: Executor;
}

/** How many rows are in memory at a time. */
const PAGE = 5_000;

type Row = Readonly<Record<string, Value | boolean>>;

/** Copies every row of the tables, on either engine, into those of the same schema, which are empty. */
export async function copyRows(tables: readonly Table[], from: Side, into: Side): Promise<number> {
  let copied = 0;
  for (const table of tables) {
    const insert = insertInto(table, into);
    for await (const rows of pagesOf(table, from)) {
      await insert(rows);
      copied += rows.length;
    }
    const { knex, resumeIds } = into.engine;
    if (resumeIds && table.key[0] === 'id') await into.executor.all(text(knex, resumeIds(table.name)));
  }
  return copied;
}

/** Walks by the key, so that no page is counted out. */
async function* pagesOf({ name, columns, key }: Table, { engine: { knex }, executor }: Side): AsyncGenerator<Row[]> {
  const query = (where: string) =>
    text(knex, `select ${quoted(Object.keys(columns))} from ${name} ${where} order by ${quoted(key)} limit ${PAGE}`);
  const places = key.map((_, place) => `after_${place}`);
  const next = query(`where (${quoted(key)}) > (${places.map((place) => `:${place}`).join(', ')})`);
  let rows = await executor.all<Row>(query(''));
  while (rows.length > 0) {
    yield rows;
    const last = rows.at(-1)!;
    const values = Object.fromEntries(key.map((column, place) => [`after_${place}`, last[column]]));
    rows = rows.length < PAGE ? [] : await executor.all<Row>(next, values as Values);
  }
}

function insertInto({ name, columns }: Table, { engine, executor }: Side) {
  const names = Object.keys(columns);
  const typed = Object.fromEntries(Object.entries(columns).map(([column, type]) => [quoted([column]), type]));
  const insert = text(
    engine.knex,
    `insert into ${name} (${quoted(names)}) select ${quoted(names)} from ${engine.rows('rows', typed)} as copied`,
  );
  return (rows: readonly Row[]) =>
    executor.all(insert, { rows: JSON.stringify(rows.map((row) => names.map((column) => row[column]))) });
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
