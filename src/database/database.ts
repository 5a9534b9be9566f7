import type { Knex } from 'knex';
import type { Query, Values } from './query';

/** The column types that a list of rows in a JSON parameter can have. */
export type ColumnType = 'bigint' | 'smallint' | 'text' | 'date' | 'timestamptz' | 'boolean';

/** Runs compiled queries as prepared statements. */
export interface Executor {
  all<Row>(query: Query, values?: Values): Promise<Row[]>;
}

/** What differs between SQLite and PostgreSQL; nothing else in the house knows which one it talks to. */
export interface Engine {
  /** Builds SQL in the engine's own words. */
  readonly knex: Knex;
  /** Ends a `create table` whose rows are to lie in the order of their primary key. */
  readonly clustered: string;
  /** Whether a table can be kept in parts by a range of a column, each of which can be taken off. */
  readonly partitioned: boolean;
  /** Taken first in the transaction that migrates, so that two processes starting at once go one after the other. */
  readonly migrationLock: string;
  /** A table expression over the parameter `:name`, a JSON list of lists, one inner list a row. */
  rows(name: string, columns: Readonly<Record<string, ColumnType>>): string;
  /** Joins to each of the rows before it those of a table with its key, by an index; ends in a `where`. */
  lookUp(table: string, where: string, as?: string): string;
}

export interface Database extends Executor, Engine {
  /** The file of an embedded database; undefined where it is elsewhere. */
  readonly file?: string;
  /** Where this is read from a copy of it: the database itself. */
  readonly primary?: Database;
  /** Everything `work` does is on disk when this resolves, or none of it happened. Writers wait for each other. */
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
