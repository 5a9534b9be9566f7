import type { Actor } from '../actor';
import type { Database, Executor } from '../database/database';
import type { Entries } from './entries';
import { noteErasure } from './note-erasure';
import { type MeetingKey, type Record, recorder } from './record';
import type { WriteSql } from './sql/write';

/** The ledger opened for writing, with whatever else has to be written with it, or not at all. */
export interface Book extends Executor {
  readonly record: Record;
  /** The entries as they stand in this transaction. */
  readonly query: Entries['query'];
  /** Whether the meeting was scheduled; one that exists stays as it is. */
  schedule(meeting: MeetingKey, actor: Actor): Promise<boolean>;
  /**
   * Takes the roll of a meeting: whoever is enrolled that day and has no mark is present. Whether that is new.
   * Throws DATE_AHEAD for a day after the district's today, ROLL_EMPTY where nobody is enrolled.
   */
  take(meeting: MeetingKey, actor: Actor): Promise<boolean>;
  /**
   * Says that the roll was not taken after all. Marks stay; those without one are unknown again, but for those of whom
   * somebody has said by themselves that they were present. Whether that is new.
   */
  untake(meeting: MeetingKey, actor: Actor): Promise<boolean>;
  /** Holds other writers of these sections back until the transaction ends; their revisions as they stand in it. */
  hold(sections: Iterable<number>, actor: Actor): Promise<readonly { id: number; revision: number }[]>;
  /** Raises the revisions of sections in which something else than a status has changed that answers show. */
  touch(sections: Iterable<number>, actor: Actor): Promise<void>;
  /** Journals that what was said of these enrollments has been erased. */
  noteErasure(enrollments: readonly { id: number; section: number }[], date: string, actor: Actor): Promise<void>;
}

/** Opens the ledger for writing: everything that `work` does is on disk when this resolves, or none of it happened. */
export type Open = <T>(work: (book: Book) => Promise<T>) => Promise<T>;

/** How the book of a database is opened. */
export function writer(database: Database, sql: WriteSql, entriesBy: (executor: Executor) => Entries): Open {
  const { record, lock, touch, schedule, take, untake } = recorder(sql);

  return (work) =>
    database.transaction((tx) =>
      work({
        all: tx.all.bind(tx),
        query: entriesBy(tx).query,
        record: (requests, actor, conditions = {}) => record(tx, requests, actor, conditions),
        schedule: (meeting, actor) => schedule(tx, meeting, actor),
        take: (meeting, actor) => take(tx, meeting, actor),
        untake: (meeting, actor) => untake(tx, meeting, actor),
        hold: (sections, actor) => lock(tx, sections, actor),
        touch: (sections, actor) => touch(tx, sections, actor),
        noteErasure: (enrollments, date, actor) => noteErasure(tx, sql, entriesBy(tx), enrollments, date, actor),
      }),
    );
}
