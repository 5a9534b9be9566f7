import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Database, Engine, Executor, Identity } from './database';
import { text } from './query';
import { bit, integer, string } from './rows';

/**
 * How far ids go on above the last after a restore. Those that were handed out after the backup was made are known
 * to clients, though no more to the database: they must not come to mean somebody else.
 */
export const GAP = 1_000_000;

/** Has every table go on with ids above any that may have been handed out. */
export async function skipIds(tx: Executor, { knex, skipIds: statements }: Database): Promise<void> {
  for (const sql of statements) await tx.all(text(knex, sql, { last: integer }), { gap: GAP });
}

/**
 * Tells a database from the one that it was restored from. In a restored one revisions come again with other content:
 * whatever clients are handed to bring back, ETags and cursors, is of one epoch alone.
 */
export type Epoch = () => Promise<string>;

/** How long an epoch is taken for granted, in milliseconds: somebody may restore under a process that runs. */
const TRUST = 1_000;

/** The code of the error where the database is another than was opened. */
const REPLACED = 'ESTALE';

/** What stands in a backup in the place of an identity: whoever first uses a database made of it begins a new epoch. */
const RESTORED = '';

/** The epoch of the database, asked for once a second at most, and remembered while it cannot be asked for. */
export function openEpoch(database: Database): Epoch {
  const { all } = database; // as it is now: what a request reads is counted elsewhere
  let known: { readonly epoch: Promise<string>; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (known && now < known.until) return known.epoch;
    const before = known?.epoch;
    const epoch = claimEpoch({ ...database, all }).catch((error) => {
      if (before && codeOf(error) !== REPLACED) return before;
      throw error;
    });
    known = { epoch, until: now + TRUST };
    epoch.catch(() => {
      known = undefined;
    });
    return epoch;
  };
}

/**
 * The epoch of the database; where it is of another, since this one was restored, a new one begins, and ids go on well
 * above those that may have been handed out after the backup was made.
 */
export const claimEpoch = (database: Database): Promise<string> =>
  epochOf(database, (identity) =>
    database
      .transaction((tx) => begin(tx, database, identity))
      .catch((error) => {
        if (isReadOnly(error)) return provisional;
        throw error;
      }),
  );

/** The epoch of the database, for who looks at it and writes nothing: where it is of another, one that nothing has been handed out of. */
export const readEpoch = (database: Database): Promise<string> => epochOf(database, async () => provisional);

/** @param instead of an epoch that is of another database */
async function epochOf(database: Database, instead: (identity: Identity) => Promise<string>): Promise<string> {
  const [best, ...others] = database.identities;
  try {
    best!.check?.();
    const [found] = await database.all(epochSql(database, best!).read);
    return found?.own ? found.epoch : await instead(best!);
  } catch (error) {
    if (others.length === 0 || !isUntold(error)) throw error;
    return epochOf({ ...database, identities: others }, instead);
  }
}

/** Of a database that is not written: of this process alone, so that nothing is taken for what it is not. */
const provisional = randomBytes(8).toString('hex');

async function begin(tx: Executor, database: Database, identity: Identity): Promise<string> {
  const sql = epochSql(database, identity);
  if (sql.hold) await tx.all(sql.hold);
  const [found] = await tx.all(sql.read);
  if (found?.own) return found.epoch; // somebody else was first
  const epoch = randomBytes(8).toString('hex');
  const transactions = await leastTransactions(tx, sql);
  await tx.all(sql.end);
  await tx.all(sql.begin, { epoch, at: new Date().toISOString(), transactions });
  if (found && (found.identity === RESTORED || identity.certain)) await skipIds(tx, database);
  return epoch;
}

/** What is to be added to the numbers of transactions: more than before, where those of the rows that are here are above the server's. */
async function leastTransactions(tx: Executor, sql: ReturnType<typeof compile>): Promise<number> {
  const now = await sql.number(tx);
  const [{ added }, { last }] = [(await tx.all(sql.added))[0]!, (await tx.all(sql.last))[0]!];
  return added + Math.max(0, last - now);
}

/** Statements that say of a database that it came out of a backup. */
export const restoredSql = [
  'delete from epochs',
  `insert into epochs (epoch, identity, made_at) values ('', '${RESTORED}', '1970-01-01T00:00:00.000Z')`,
];

/** Says of a database, which is being filled, that it came out of a backup. */
export async function noteRestored(tx: Executor, { knex }: Pick<Database, 'knex'>): Promise<void> {
  for (const sql of restoredSql) await tx.all(text(knex, sql));
}

const compiled = new WeakMap<Database['knex'], Map<Identity, ReturnType<typeof compile>>>();

function epochSql(database: Database, identity: Identity) {
  const all = compiled.get(database.knex) ?? new Map<Identity, ReturnType<typeof compile>>();
  compiled.set(database.knex, all);
  if (!all.has(identity)) all.set(identity, compile(database, identity));
  return all.get(identity)!;
}

/**
 * The number of the transaction, in a statement of its own: one about a district may be run by another server of a cluster, which
 * counts by itself.
 */
export function openTransactionNumber({ knex, transactionNumber }: Pick<Engine, 'knex' | 'transactionNumber'>) {
  const sql = text(knex, `select ${transactionNumber} as number`, { number: integer });
  return async (tx: Executor): Promise<number> => (await tx.all(sql))[0]!.number;
}

const compile = (database: Database, { made, holds, hold }: Identity) => {
  const { knex } = database;
  return {
    read: text(knex, `select epochs.epoch, epochs.identity, ${holds} as own from epochs`, {
      epoch: string,
      identity: string,
      own: bit,
    }),
    hold: hold === undefined ? undefined : text(knex, hold),
    end: text(knex, 'delete from epochs'),
    number: openTransactionNumber(database),
    added: text(knex, 'select coalesce(max(epochs.transactions), 0) as added from epochs', { added: integer }),
    last: text(
      knex,
      `select coalesce(max(written.last), 0) as last
    from (
      select max(sections.transaction_id) as last from sections
      union all
      select max((
        select max(other_changes.transaction_id) from other_changes
        where other_changes.district_id = districts.id)) as last
      from districts) as written`,
      { last: integer },
      { acrossDistricts: 'it is of the whole database' },
    ),
    begin: text(
      knex,
      `insert into epochs (epoch, identity, made_at, transactions) values (:epoch, ${made}, :at, :transactions)`,
    ),
  };
};

/** insufficient_privilege, undefined_function, feature_not_supported. */
const isUntold = (error: unknown): boolean => ['42501', '42883', '0A000'].includes(codeOf(error));

const isReadOnly = (error: unknown): boolean => /^(25006|SQLITE_READONLY)/.test(codeOf(error));

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);
