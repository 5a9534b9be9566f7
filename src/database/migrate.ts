import type { Knex } from 'knex';
import { landedAfter, migrationNames, migrations } from '../../db/migrations';
import type { Database, Engine } from './database';
import { claimEpoch } from './epoch';
import { rowsOf, string } from './rows';
import { checkSchema, SchemaError } from './schema';
import { createYears } from './years';

/**
 * Brings the schema up to date, with parts for the school years to come, in one transaction; a process that starts
 * meanwhile waits and finds nothing to do. Throws SchemaError, having changed nothing, where the database is not one
 * that this rollbook can bring up to date.
 * @param options `only`: the migrations to go by, in order, in place of all; `everywhere`: as of `createYears`
 */
export async function migrate(
  database: Database,
  { only, everywhere = false }: { readonly only?: readonly string[]; readonly everywhere?: boolean } = {},
): Promise<string[]> {
  const all = migrations(database);
  const migrationSource = only ? { ...all, getMigrations: async () => [...only] } : all;
  return database.knex.transaction(async (tx) => {
    await tx.raw(database.migrationLock);
    checkOurs(await tableNames(tx, database));
    const before = await migrationsIn(tx);
    checkList(before);
    await checkUnlocked(tx);
    const [, done] = await tx.migrate.latest({ migrationSource, disableTransactions: true }).catch((error: unknown) => {
      throw isMadeBefore(error) ? madeBefore(before, error as Error) : error;
    });
    await createYears(tx, database, { everywhere });
    if (!only) await checkSchema(tx, database);
    return done;
  });
}

/**
 * Has the database as this rollbook needs it, or throws SchemaError. It is migrated where that is allowed; one that
 * cannot be written just now is good as it is, if it needs nothing.
 */
export async function makeReady(
  database: Database,
  { migrate: allowed }: { readonly migrate: boolean },
): Promise<void> {
  if (allowed && (await database.probe()) === 'ready') await migrate(database);
  else await checkCurrent(database);
  await claimEpoch(database);
}

/** Lets the next migration begin where one was killed in such a way that it still seems to run. */
export async function unlockMigrations(database: Database): Promise<boolean> {
  return database.knex.transaction(async (tx) => {
    await tx.raw(database.migrationLock); // whoever does migrate now is waited for
    if (!(await tx.schema.hasTable(LOCK))) return false;
    return (await tx(LOCK).where('is_locked', 1).update({ is_locked: 0 })) > 0;
  });
}

const LOCK = 'knex_migrations_lock';

/** The migrations that a database has, in the order in which they were run. */
export const migrationsSql = 'select knex_migrations.name from knex_migrations order by knex_migrations.id';
export const migrationRow = { name: string };

/** The database lacks migrations of this rollbook, and is as it should be otherwise, as far as that can be told before. */
export class OlderError extends SchemaError {}

/** Throws SchemaError where the database is not one that this rollbook works on as it is, OlderError where it is older. */
export async function checkCurrent(database: Database): Promise<void> {
  checkOurs(await tableNames(database.knex, database));
  const done = await migrationsIn(database.knex);
  checkList(done);
  await checkUnlocked(database.knex);
  const missing = migrationNames.filter((name) => !done.includes(name));
  if (missing.length > 0)
    throw new OlderError(
      `The database is older than this rollbook: it lacks ${missing.join(', ')}. ` +
        'Back it up, and run `rollbook migrate`, or start with ROLLBOOK_MIGRATE=on and a database that can be written.',
    );
  await checkSchema(database.knex, database);
}

/** A table that every rollbook's database has had from its first migration on. */
const OURS = 'districts';

/** Tables that others keep beside those of a database: knex its list of migrations, Litestream where it is. */
const OTHERS = /^(knex_migrations|_litestream_)/;

/** The tables of a database, but for those that say nothing of whose it is. */
export async function tableNames(knex: Knex, { tables }: Pick<Engine, 'tables'>): Promise<string[]> {
  const all = await rowsOf(knex, tables, { name: string });
  return all.map(({ name }) => name).filter((name) => !OTHERS.test(name));
}

/** Why a database that has these tables is another program's; undefined where it is empty, or ours. */
export function whyNotOurs(tables: readonly string[]): string | undefined {
  if (tables.length === 0 || tables.includes(OURS)) return undefined;
  const [shown, rest] = [tables.slice(0, 3), tables.length - 3];
  const named = `${tables.length === 1 ? 'table' : 'tables'} ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `not rollbook's: it has the ${named}, and no ${OURS}`;
}

function checkOurs(tables: readonly string[]): void {
  const why = whyNotOurs(tables);
  if (why)
    throw new SchemaError(`The database is ${why}. Set DATABASE_URL to one of its own; nothing was put into this one.`);
}

function checkList(done: readonly string[]): void {
  const newer = done.filter((name) => !migrationNames.includes(name));
  if (newer.length > 0)
    throw new SchemaError(
      `The database was written by a newer rollbook, which has ${newer.join(', ')}. ` +
        'Start that one, or restore a backup from before it into an empty database; nothing has been changed.',
    );
  const gaps = gapsIn(done);
  if (gaps.length > 0)
    throw new SchemaError(
      `The list of migrations in the database (knex_migrations) lacks ${gaps.join(', ')}, though it has later ones. ` +
        PUT_BACK,
    );
}

/** The migrations that a list lacks though it has later ones. */
export const gapsIn = (done: readonly string[]): string[] =>
  migrationNames.filter(
    (name) => !done.includes(name) && done.some((other) => other > (landedAfter.get(name) ?? name)),
  );

const PUT_BACK =
  'Put back what was deleted from the list, or restore a backup into an empty database; nothing has been changed.';

/** What engines say of a change that was made before: duplicate_table, duplicate_object, duplicate_column, undefined_column. */
const isMadeBefore = (error: unknown): boolean =>
  /^42(P07|710|701|703)$/.test(String((error as { code?: unknown }).code)) ||
  / - ((duplicate column name|no such column): |(table|index) \S+ already exists$)/.test((error as Error).message);

/** Where the last ones, or all, were deleted from the list, the database looks like an older one, or an empty one. */
function madeBefore(done: readonly string[], cause: Error): SchemaError {
  const first = migrationNames.find((name) => !done.includes(name));
  return new SchemaError(
    `The migrations from ${first} on do not fit the database: ${cause.message.split(' - ').at(-1)}. Either the list of ` +
      `migrations in it (knex_migrations) lacks rows, or it is not one of rollbook. ${PUT_BACK}`,
    { cause },
  );
}

async function checkUnlocked(tx: Knex): Promise<void> {
  if (!(await tx.schema.hasTable(LOCK)) || !(await tx(LOCK).where('is_locked', 1).first())) return;
  throw new SchemaError(
    'The database is locked by a migration that has not ended. Where none runs any more, since it was killed, ' +
      '`rollbook migrate --unlock` releases the lock; then start again.',
  );
}

async function migrationsIn(knex: Knex): Promise<string[]> {
  if (!(await knex.schema.hasTable('knex_migrations'))) return [];
  return (await rowsOf(knex, migrationsSql, migrationRow)).map(({ name }) => name);
}
