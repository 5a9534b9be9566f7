import type { Database } from '../database/database';
import { text, type Value } from '../database/query';
import type { Holding } from '../holding';
import { type Subject, tableOf, whereOf } from './subject';

export type Row = Readonly<Record<string, Value | boolean>>;

/** Rows that are in memory at a time. */
const PAGE = 1_000;

/** What the holding has of the person, as it is stored, in the order of its key. */
export async function* rowsOf(database: Database, holding: Holding, { values }: Subject): AsyncGenerator<Row> {
  const { key } = holding;
  const columns = Object.keys(holding.columns);
  const page = (behind: string) =>
    text(
      database.knex,
      `select ${[...new Set([...columns, ...key])].map((column) => `held.${column}`).join(', ')}
      from ${tableOf(holding)}
      where ${whereOf(database, holding)} ${behind}
      order by ${key.map((column) => `held.${column}`).join(', ')}
      limit ${PAGE}`,
    );
  const place = key.map((_, index) => `after_${'abc'[index]}`);
  const next = page(`and (${key.map((column) => `held.${column}`)}) > (${place.map((name) => `:${name}`)})`);
  let rows = await database.all<Row>(page(''), values);
  while (rows.length > 0) {
    for (const row of rows) yield Object.fromEntries(columns.map((column) => [column, row[column]!]));
    if (rows.length < PAGE) return;
    const last = rows.at(-1)!;
    const after = Object.fromEntries(place.map((name, index) => [name, last[key[index]!] as Value]));
    rows = await database.all<Row>(next, { ...values, ...after });
  }
}
