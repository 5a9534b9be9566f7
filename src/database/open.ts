import type { Database } from './database';
import { openPostgres, type PostgresOptions } from './postgres';
import { openSqlite } from './sqlite';

/** Opens `sqlite:<path>`, also with slashes as URLs have them, or `postgres://...`. Migrates nothing. */
export function openDatabase(url: string, options?: PostgresOptions): Database {
  const file = fileOf(url);
  return file === undefined ? openPostgres(url, options) : openSqlite(file);
}

/** The file of an embedded database; undefined where it is elsewhere. */
export const fileOf = (url: string): string | undefined =>
  url.startsWith('sqlite:') ? url.replace(/^sqlite:(\/\/)?/, '') : undefined;
