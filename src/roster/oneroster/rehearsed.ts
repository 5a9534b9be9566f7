import type { Database } from '../../database/database';

/** Thrown to undo what was rehearsed. */
class Undone<T> extends Error {
  constructor(readonly result: T) {
    super('This was a rehearsal.');
  }
}

/** Does the work on the database in one transaction, which is undone whatever comes of it: what the work would answer. */
export async function rehearsed<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await database.transaction<T>(async (tx) => {
      const all = tx.all.bind(tx);
      throw new Undone(await work({ ...database, all, transaction: (inner) => inner({ all }) }));
    });
  } catch (error) {
    if (error instanceof Undone) return error.result;
    throw error;
  }
}
