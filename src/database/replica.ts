import { problemFrom } from '../errors';
import type { Database } from './database';

/**
 * The database, but what is read outside of a transaction is read from a copy of it, which may lag behind. Where the
 * copy cannot be asked, or gives up because it has to catch up, the database itself is.
 */
export function readingFrom(copy: Database, database: Database): Database {
  return {
    ...database,
    all: (query, values) =>
      copy.all<never>(query, values).catch((error: unknown) => {
        if (problemFrom(error).code !== 'UNAVAILABLE') throw error;
        return database.all(query, values);
      }),
  };
}
