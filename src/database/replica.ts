import type { Database } from './database';

/**
 * The database, but what is read outside of a transaction is read from a copy of it, which may lag behind. Never from
 * the database where the copy fails: the revision of the one and the marks of the other would not belong together.
 */
export const readingFrom = (copy: Database, database: Database): Database => ({
  ...database,
  primary: database,
  all: (query, values) => copy.all(query, values),
});
