import type { Actor } from '../actor';
import type { Database, Executor } from '../database/database';
import type { Entries } from './entries';
import { type Record, recorder } from './record';
import { schedule } from './schedule';
import { writeSql } from './sql/write';

/** The ledger opened for writing, with whatever else has to be written with it, or not at all. */
export interface Book extends Executor {
  readonly record: Record;
  /** The entries as they stand in this transaction. */
  readonly query: Entries['query'];
  /** Whether the meeting was scheduled; one that exists stays as it is. */
  schedule(meeting: { section: number; date: string }, actor: Actor): Promise<boolean>;
  /** Holds other writers of these sections back until the transaction ends. */
  hold(sections: Iterable<number>, actor: Actor): Promise<void>;
}

/** Opens the ledger for writing: everything that `work` does is on disk when this resolves, or none of it happened. */
export type Open = <T>(work: (book: Book) => Promise<T>) => Promise<T>;

/** How the book of a database is opened. */
export function writer(database: Database, entriesBy: (executor: Executor) => Entries): Open {
  const sql = writeSql(database);
  const { record, lock } = recorder(sql);

  return (work) =>
    database.transaction((tx) =>
      work({
        all: tx.all.bind(tx),
        query: entriesBy(tx).query,
        record: (requests, actor, conditions = {}) => record(tx, requests, actor, conditions),
        schedule: (meeting, actor) => schedule(tx, sql, meeting, actor),
        hold: async (sections, actor) => void (await lock(tx, sections, actor)),
      }),
    );
}
