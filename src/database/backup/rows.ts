import type { Engine, Executor } from '../database';
import { text, type Value, type Values } from '../query';
import type { Table } from './tables';

/** A database that is read or written in one transaction. */
export interface Side {
  readonly engine: Pick<Engine, 'knex' | 'rows' | 'lastId' | 'resumeIds'>;
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
    if (table.key[0] === 'id') await resume(table.name, from, into);
  }
  return copied;
}

/** Goes on with ids where the other has stopped, which may be above all that it still has rows of. */
async function resume(table: string, from: Side, into: Side): Promise<void> {
  const [given] = await from.executor.all<{ last: number }>(text(from.engine.knex, from.engine.lastId(table)));
  for (const sql of into.engine.resumeIds(table))
    await into.executor.all(text(into.engine.knex, sql), { last: given!.last });
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
