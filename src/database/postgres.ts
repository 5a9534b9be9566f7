import { hash } from 'node:crypto';
import type { QueryConfig, QueryResult } from 'pg';
import type { Connection, Session } from './connect';
import type { Database, Executor, Transaction } from './database';
import { identities, postgresEngine } from './postgres-engine';
import { connectionPool, isReadOnly, ReadOnly } from './postgres-pool';
import { type AnyQuery, bind, type Query, text, type Values } from './query';
import { checkRows, string } from './rows';

/** How PostgreSQL is to be used; SQLite has none of it. */
export interface PostgresOptions {
  /** At most so many connections at a time. */
  readonly pool?: number;
  /** How long a statement, or a pause within a transaction, may take, in milliseconds; 0 for as long as it likes. */
  readonly timeout?: number;
  /** Whether each connection keeps statements prepared under their names: not behind a pooler that does not know them. */
  readonly prepare?: boolean;
}

/** How much longer than a statement may take its answer is waited for, in milliseconds. Then nobody is there to give it. */
const GRACE = 5_000;

/** PostgreSQL: a pool of connections, statements prepared by name on each. */
export function openPostgres(url: string, options: PostgresOptions = {}): Database {
  const { pool = 10, timeout = 0, prepare = true } = options;
  const { knex, onConnection, wasWritten, load, close } = connectionPool(url, { pool, timeout, rethrow });
  const usual: Manner = { prepare, patience: timeout > 0 ? timeout + GRACE : undefined };
  const limiting: Manner = { ...usual, begin: `begin; ${limitedTo(timeout)}` };
  const mannerOn = ({ limited }: Session): Manner => (limited ? usual : limiting);

  const all: Executor['all'] = (query, values) =>
    onConnection(districtIn(values), (connection, session) =>
      executor(connection, mannerOn(session)).all(query, values),
    );
  const damaged = text(
    knex,
    `select cast(cast(coalesce(pg_index.indrelid, whole.oid, relation.oid) as regclass) as text) as name
    from pg_class as relation
    left join pg_index on pg_index.indexrelid = relation.oid
    left join pg_class as whole on whole.reltoastrelid = relation.oid
    where pg_relation_filepath(relation.oid) = :path`,
    { name: string },
  );
  const readOnly = text(knex, "select current_setting('transaction_read_only') as read_only", { read_only: string });
  return {
    ...postgresEngine(knex),
    identities,
    all,
    transaction: (work) =>
      fromFirstStatement(work, (district, whole) =>
        onConnection(district, async (connection, session) => {
          const result = await inTransaction(connection, whole, mannerOn(session));
          wasWritten();
          return result;
        }),
      ),
    snapshot: (work) =>
      onConnection(undefined, (connection) => inTransaction(connection, work, { prepare, begin: SNAPSHOT })),
    damagedTable: async (error) => {
      const [path] = /(base|pg_tblspc)\/[\w/]+/.exec((error as Error).message) ?? [];
      if (path === undefined) return undefined;
      return checkRows<{ name: string }>(damaged, await all(damaged, { path }))[0]?.name;
    },
    probe: () =>
      onConnection(undefined, async (connection, session) => {
        const rows = await executor(connection, mannerOn(session)).all(readOnly);
        const [setting] = checkRows<{ read_only: string }>(readOnly, rows);
        if (setting!.read_only === 'on') throw new ReadOnly();
        return 'ready' as const;
      }).catch((error) => {
        if (isReadOnly(error)) return 'read-only';
        throw error;
      }),
    load,
    scrub: async (tables) => {
      await knex.raw(`vacuum ${[...new Set(tables)].join(', ')}`);
      return 'VACUUM has freed the old rows; their bytes are overwritten as the space and the write-ahead log are used again.';
    },
    close,
  };
}

/** SQL that limits statements of this transaction, and pauses within it, in milliseconds; 0 for no limit. */
const limitedTo = (timeout: number): string =>
  `set local statement_timeout = ${timeout}; set local idle_in_transaction_session_timeout = ${timeout}`;

/** One state of the database for all statements, which may take as long as they like. */
const SNAPSHOT = `begin isolation level repeatable read read only; ${limitedTo(0)}`;

/** Of which district a statement is; undefined where it is of none, or of all. */
const districtIn = (values?: Values): number | undefined =>
  typeof values?.district === 'number' ? values.district : undefined;

/**
 * Opens a transaction with the first statement of the work, which says of which district it is. Work that asks for nothing needs
 * none. What is asked before it is open is sent in its order.
 */
async function fromFirstStatement<T>(
  work: (tx: Transaction) => Promise<T>,
  open: (district: number | undefined, work: (tx: Transaction) => Promise<T>) => Promise<T>,
): Promise<T> {
  let [tx, whole]: [Transaction?, Promise<T>?] = [];
  let opened: Promise<Transaction> | undefined;
  const begun = (values?: Values): Promise<Transaction> => {
    opened ??= new Promise((resolve, reject) => {
      whole = open(districtIn(values), (given) => {
        tx = given;
        resolve(given);
        return result;
      });
      whole.catch(reject);
    });
    return opened;
  };
  const result = work({
    all: async (query, values) => (tx ?? (await begun(values))).all(query, values),
    write(query, values) {
      if (tx) return tx.write(query, values);
      begun(values).then(
        (given) => given.write(query, values),
        () => undefined, // the transaction fails
      );
    },
  });
  await result.catch(() => undefined);
  return whole ?? result;
}

/** How statements are sent. */
interface Manner {
  readonly prepare: boolean;
  /** A connection on which nothing is answered for so long is given up, in milliseconds; never, where undefined. */
  readonly patience?: number | undefined;
  /** How a transaction begins where that has to ask for something: a single statement then is a transaction, too. */
  readonly begin?: string;
}

/** The connection is no more; what was in flight on it may or may not have been done, a transaction as a whole. */
class ConnectionLost extends Error {
  /** SQLSTATE connection_failure: the driver has only words for it. */
  readonly code = '08006';
}

/** A connection leads to a session that has not prepared what this one has, or has prepared the same for somebody else. */
class NotPrepared extends Error {
  /** SQLSTATE invalid_sql_statement_name. */
  readonly code = '26000';
}

/** SQLSTATE invalid_sql_statement_name, duplicate_prepared_statement. */
const isUnprepared = (error: unknown): boolean => /^(26000|42P05)$/.test(String((error as { code?: unknown }).code));

/**
 * Whether a server has lost another one, of a cluster, on which it depends: SQLSTATE internal_error, and the words of libpq. What
 * that one was to do is done or not.
 */
const isOfNode = (error: unknown): boolean =>
  (error as { code?: unknown }).code === 'XX000' &&
  /SSL SYSCALL|server closed the connection|postmaster exit|connection .*(lost|reset|refused|timed out)/i.test(
    (error as Error).message,
  );

/** What the server and the system say has a code; what has none, the driver says of its connection. */
function rethrow(error: unknown): never {
  if (isUnprepared(error))
    throw new NotPrepared(
      'A pooler hands the sessions of PostgreSQL round, and does not know what is prepared on each: ' +
        'set DATABASE_PREPARE=off, or max_prepared_statements of PgBouncer, which 1.21 and later have.',
      { cause: error },
    );
  if (isOfNode(error)) throw new ConnectionLost((error as Error).message, { cause: error });
  if ((error as { code?: unknown }).code !== undefined || (error as Error).name === 'KnexTimeoutError') throw error;
  throw new ConnectionLost((error as Error).message, { cause: error });
}

interface Statement {
  /** Under which a connection keeps it prepared: at most 63 bytes, the same on every connection. */
  readonly name: string;
  readonly text: string;
}

/** Of a query: the parameters that switch a part of it off, and what it is prepared as where these are null. */
interface Statements {
  readonly switches: readonly string[];
  readonly byNulls: Map<string, Statement>;
}

const statements = new WeakMap<AnyQuery, Statements>();

/** By its text, so that queries with the same one are prepared once on a connection. */
const nameOf = (text: string): string => `rollbook_${hash('sha256', text).slice(0, 40)}`;

/** A parameter that is null switches off what follows: `(cast(:person as bigint) is null or ...)`. */
const SWITCH = /cast\(\$(\d+) as \w+\) is null/g;

/**
 * A query is prepared apart for each of its switches that is on or off. PostgreSQL keeps the plan of a statement only
 * where it looks no dearer than one for the values at hand; with a part that a null switches off it does, and the
 * statement would be planned at each use, which takes longer than to run it.
 */
function statementOf(query: AnyQuery, values: Values): Statement {
  const { switches, byNulls } = statements.get(query) ?? statementsOf(query);
  const nulls = switches.filter((name) => values[name] === null).join();
  const known = byNulls.get(nulls);
  if (known) return known;
  // The condition stays, since its parameter is bound.
  const text = query.sql.replace(SWITCH, (condition, number: string) =>
    values[nameAt(query, number)] === null ? `(true or ${condition})` : `(false and ${condition})`,
  );
  const statement = { name: nameOf(text), text };
  byNulls.set(nulls, statement);
  return statement;
}

function statementsOf(query: AnyQuery): Statements {
  const switches = new Set([...query.sql.matchAll(SWITCH)].map(([, number]) => nameAt(query, number!)));
  const found: Statements = { switches: [...switches], byNulls: new Map() };
  statements.set(query, found);
  return found;
}

const nameAt = ({ names }: AnyQuery, number: string): string => names[Number(number) - 1]!;

/**
 * Sends a statement behind those that are not answered yet (PostgreSQL's manual, 54.2.4, Pipelining). Those of one turn go
 * in one packet: to hand a packet to the network is two fifths of what a roll costs here.
 */
function send(connection: Connection, statement: QueryConfig, { patience }: Manner): Promise<QueryResult> {
  const { stream } = connection.connection;
  if (stream.writableCorked === 0) {
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
  return connection.query({ ...statement, query_timeout: patience } as QueryConfig).catch(rethrow);
}

function ask(connection: Connection, query: AnyQuery, values: Values, manner: Manner): Promise<QueryResult> {
  const statement = query.adHoc || !manner.prepare ? { text: query.sql } : statementOf(query, values);
  return send(connection, { ...statement, values: bind(query, values) }, manner);
}

/** Asks, in one way or another, for the rows of queries. */
const executorBy = (ask: (query: AnyQuery, values: Values) => Promise<QueryResult>): Executor => ({
  all: async <Row>(query: Query<Row>, values = {}) => (await ask(query, values)).rows as Row[],
});

/**
 * Where all rows of a column have one value, as the transaction in a database that was restored, a comparison that goes on
 * behind it looks as if it found nothing, and to sort that costs nothing: each page would read all that is behind it.
 */
const IN_ORDER = 'set local enable_sort = off';

/** Each statement by itself. One that has to be a transaction is sent with its begin and commit, in one round trip. */
const executor = (connection: Connection, manner: Manner) =>
  executorBy(async (query, values) => {
    const begin = query.inOrder ? `${manner.begin ?? 'begin'}; ${IN_ORDER}` : manner.begin;
    if (begin === undefined) return ask(connection, query, values, manner);
    const [, result] = await Promise.all([
      send(connection, { text: begin }, manner),
      ask(connection, query, values, manner),
      send(connection, { text: 'commit' }, manner),
    ]);
    return result;
  });

async function inTransaction<T>(
  connection: Connection,
  work: (tx: Transaction) => Promise<T>,
  manner: Manner,
): Promise<T> {
  const begun = send(connection, { text: manner.begin ?? 'begin' }, manner);
  let isBegun = false;
  begun.then(
    () => {
      isBegun = true;
    },
    () => undefined,
  );
  const written: Promise<unknown>[] = [];
  let failed: unknown;
  const run = async (query: AnyQuery, values: Values) => {
    // What reads, or locks, goes along with the begin. What writes would stand by itself if that were refused.
    if (!isBegun && !query.sql.startsWith('select')) await begun;
    return ask(connection, query, values, manner).catch((error) => {
      // Those that follow the first that fails are told no more than that (SQLSTATE in_failed_sql_transaction).
      failed ??= error;
      throw failed;
    });
  };
  try {
    const result = await work({
      ...executorBy(run),
      write: (query, values = {}) => {
        const done = run(query, values);
        done.catch(() => undefined); // it is thrown below
        written.push(done);
      },
    });
    await begun;
    const committed = send(connection, { text: 'commit' }, manner);
    await Promise.all([...written, committed]);
    // A transaction in which a statement failed is rolled back by its commit, which is no error to PostgreSQL.
    if ((await committed).command !== 'COMMIT')
      throw new Error('A write went on after one of its statements had failed.');
    return result;
  } catch (error) {
    await send(connection, { text: 'rollback' }, manner).catch(() => undefined); // a connection that broke has rolled back already
    for (const each of written) await each; // the first that failed, of which those after it are only told
    throw error;
  }
}
