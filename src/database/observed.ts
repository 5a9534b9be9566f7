import { AsyncResource } from 'node:async_hooks';
import type { Database, Engine, Executor } from './database';
import type { AnyQuery } from './query';

/** Told of a statement as it begins; what it returns is told when that has ended, and with which error, if any. */
export type StatementObserver = (query: AnyQuery, system: Engine['system']) => (error?: unknown) => void;

/**
 * The same database, of whose statements somebody is told: of each one that is waited for, until its rows are there; of a
 * write that is not, until it is handed over.
 */
export function observed(database: Database, observers: readonly StatementObserver[]): Database {
  if (observers.length === 0) return database;
  const begin = (query: AnyQuery) => {
    const ends = observers.map((observe) => observe(query, database.system));
    return (error?: unknown) => {
      for (const end of ends) end(error);
    };
  };
  const over = (executor: Executor): Executor => ({
    async all(query, values) {
      const end = begin(query);
      try {
        const rows = await executor.all(query, values);
        end();
        return rows;
      } catch (error) {
        end(error);
        throw error;
      }
    },
  });
  return {
    ...database,
    ...over(database),
    transaction: (work) =>
      database.transaction(
        // Where writes share a transaction it is another one's turn in which this runs: observers are to know whose it is.
        AsyncResource.bind((tx) =>
          work({
            ...over(tx),
            write(query, values) {
              const end = begin(query);
              try {
                tx.write(query, values);
                end();
              } catch (error) {
                end(error);
                throw error;
              }
            },
          }),
        ),
      ),
    snapshot: (work) => database.snapshot((reading) => work(over(reading))),
  };
}
