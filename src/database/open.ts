import type { Database } from './database';
import { openPostgres, type PostgresOptions } from './postgres';
import { openSqlite } from './sqlite';

/** Opens `sqlite:<path>`, also with slashes as URLs have them, or `postgres://...`. Migrates nothing. */
export function openDatabase(url: string, options?: PostgresOptions): Database {
  return url.startsWith('sqlite:') ? openSqlite(url.replace(/^sqlite:(\/\/)?/, '')) : openPostgres(url, options);
}
