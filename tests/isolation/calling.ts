import type { Database, Executor, Transaction } from '../../src/database/database';
import type { AnyQuery, Query, Values } from '../../src/database/query';
import type { Api } from '../api';
import type { Ids } from './fixtures';
import { type Row, table } from './table';

/** What a client is told: all of it but what no two answers share. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** `ratelimit` counts down what is left of a budget. */
const passing = ['date', 'x-wix-request-id', 'ratelimit'];

/** Puts a token where the API at this path looks for it. */
export const carrying = (path: string, token: string): Record<string, string> =>
  path.startsWith('/osdi') ? { 'OSDI-API-Token': token } : { Authorization: `Bearer ${token}` };

export async function call(api: Api, endpoint: string, row: Row, ids: Ids, headers: Record<string, string> = {}) {
  const { path, body } = row.ask(ids);
  const response = await fetch(api.url + path, {
    method: endpoint.split(' ')[0]!,
    redirect: 'manual',
    // Compressed, the lengths of two answers differ by the ids that they echo.
    headers: { 'Accept-Encoding': 'identity', ...(body && { 'Content-Type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const told = [...response.headers].filter(([name]) => !passing.includes(name));
  if (!text.includes('whsec_')) return { status: response.status, headers: Object.fromEntries(told), text };
  // What is made anew each time: a secret, and the id of what it is of, which may have a digit more.
  const known = told.filter(([name]) => name !== 'content-length');
  const same = text.replace(/whsec_[\w+/=]+/, 'secret').replace(/(id\W+)\d+/, '$1#');
  return { status: response.status, headers: Object.fromEntries(known), text: same };
}

/** The kinds of ids that a row sends. */
export function kindsOf({ ask }: Row, ids: Ids): (keyof Ids)[] {
  const used = new Set<string>();
  ask(new Proxy(ids, { get: (from, kind) => used.add(String(kind)) && Reflect.get(from, kind) }));
  return [...used] as (keyof Ids)[];
}

/** The answer with the ids that were sent, and what they are made of, taken out: only what is known of them is left. */
export function withoutEchoes({ status, headers, text }: Told, ...ids: Ids[]): Told {
  const texts = ids
    .flatMap((each) => [...Object.values(each), localPart(each)].flatMap((id) => [String(id), encodeURIComponent(id)]))
    .sort((one, other) => other.length - one.length);
  // An ETag that is a digest is one of the echoes, too; and two requests may come in two seconds.
  const blank = (said: string) =>
    texts
      .reduce((left, id) => left.replaceAll(id, '#'), said)
      .replace(/^("[0-9a-f]{16}\.)\d{10,}\./, '$1#.')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'now');
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, blank(value)])),
    text: blank(text),
  };
}

/** What others call the person by, without their own name. */
const localPart = ({ identifier }: Ids): string => identifier.slice('sis:'.length);

/** Endpoints that no row says how to call, and rows of no endpoint. */
export const unmatched = (endpoints: readonly string[]): string[] => [
  ...endpoints.filter((endpoint) => !Object.hasOwn(table, endpoint)),
  ...Object.keys(table).filter((endpoint) => !endpoints.includes(endpoint)),
];

/** Notes the statements that requests run, but for those that find out who calls. */
export function watched(database: Database): { since(): string[] } {
  let statements: string[] = [];
  const note = ({ sql }: AnyQuery) => {
    if (!sql.includes('api_clients')) statements.push(sql);
  };
  const noted = (executor: Executor): Executor => {
    const all = executor.all.bind(executor);
    return {
      all: <Row>(query: Query<Row>, values?: Values) => {
        note(query);
        return all<Row>(query, values);
      },
    };
  };
  const notedTransaction = (tx: Transaction): Transaction => ({
    ...noted(tx),
    write(query, values) {
      note(query);
      tx.write(query, values);
    },
  });
  const transaction = database.transaction.bind(database);
  Object.assign(database, noted(database), {
    transaction: <T>(work: (tx: Transaction) => Promise<T>) => transaction((tx) => work(notedTransaction(tx))),
  });
  return {
    since() {
      const run = statements;
      statements = [];
      return run;
    },
  };
}
