import { checked } from './checked';
import type { Database } from './database';
import type { PostgresOptions } from './postgres';

/**
 * The database, but what is read outside of a transaction is read from a copy of it, which may lag behind. Never from
 * the database where the copy fails: the revision of the one and the marks of the other would not belong together.
 */
export const readingFrom = (copy: Database, database: Database): Database => ({
  ...database,
  primary: database,
  all: (query, values) => copy.all(query, values),
});

export interface DatabaseOptions extends PostgresOptions {
  /** Whether queries are held to what they say of themselves: see `checked`. */
  readonly checked?: boolean;
}

/** Opens `sqlite:<path>`, also with slashes as URLs have them, or `postgres://...`. Migrates nothing. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const file = fileOf(url);
  const database = file === undefined ? postgres().openPostgres(url, options) : sqlite().openSqlite(file);
  return options.checked ? checked(database) : database;
}

/* Each is loaded where it is wanted, knex and a driver with it, which take half the time of a command. */
const sqlite = (): typeof import('./sqlite') => require('./sqlite');
const postgres = (): typeof import('./postgres') => require('./postgres');

/** The file of an embedded database; undefined where it is elsewhere. */
export const fileOf = (url: string): string | undefined =>
  url.startsWith('sqlite:') ? url.replace(/^sqlite:(\/\/)?/, '') : undefined;
