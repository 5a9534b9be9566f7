/*
 * `src/database/`: SQLite and PostgreSQL behind one interface, and all in which they differ. Also what keeps a database
 * whole: migrations, schema, epoch, invariants, school years.
 */
import type { Knex } from 'knex';
import type { Invariant } from './invariants';
import type { AnyQuery, Query, Values } from './query';
import type { SchemaReader } from './schema';

/** The column types that a list of rows in a JSON parameter can have. */
export type ColumnType = 'bigint' | 'smallint' | 'text' | 'date' | 'timestamptz' | 'boolean';

/** Runs compiled queries as prepared statements. What their rows are, each query says of itself. */
export interface Executor {
  all<Row>(query: Query<Row>, values?: Values): Promise<Row[]>;
}

/** Statements of which all are done, or none. */
export interface Transaction extends Executor {
  /** A write of which nobody reads rows. It is not waited for: where it fails, so does the transaction, at its commit. */
  write(query: AnyQuery, values?: Values): void;
}

/** How much of what a database can do at a time is in use just now. */
export interface Load {
  /** Connections that are worked on; of SQLite, the one that writes. */
  readonly inUse: number;
  /** Who waits for one. */
  readonly waiting: number;
  /** How many there may be. */
  readonly most: number;
}

/** A place in the order (transaction, id). */
export interface PlaceSql {
  readonly transaction: string;
  readonly id: string;
}

/** What differs between SQLite and PostgreSQL; nothing else knows which one it talks to. */
export interface Engine {
  /** What OpenTelemetry calls it (`db.system.name` of its semantic conventions). */
  readonly system: 'sqlite' | 'postgresql';
  /** Builds SQL in the engine's own words. */
  readonly knex: Knex;
  /** Ends a `create table` whose rows are to lie in the order of their primary key. */
  readonly clustered: string;
  /** Whether a table can be kept in parts by a range of a column, each of which can be taken off. */
  readonly partitioned: boolean;
  /** Taken first in the transaction that migrates, so that two processes starting at once go one after the other. */
  readonly migrationLock: string;
  /** SQL for `last`, the highest id that a table has ever given out; 0 where it has given out none. */
  lastId(table: string): string;
  /** Statements after which a table gives out ids above `:last`; they may return it. */
  resumeIds(table: string): readonly string[];
  /**
   * SQL for the number of the transaction that writes. Whoever has a lower one than the `transactions` of `written` has
   * ended: what it wrote can be read, and nothing is added to it. 0 where one writes after the other.
   */
  readonly transactionNumber: string;
  /**
   * SQL for a place in the order (transaction, id) of the rows that have ids of `table`: no row that is not there yet will
   * come before it.
   */
  written(table: string): string;
  /**
   * SQL for the rows of a table after one such place and up to another, each given as SQL: a range of an index on the
   * district, transaction_id and id, of one district.
   */
  between(table: string, after: PlaceSql, to: PlaceSql): string;
  /** SQL for the id of a row of another table that shares the ids of `table`. */
  sharedId(table: string): string;
  /** Statements after which ids of `table` that rows of another one have taken are not given out again. */
  keepSharedIds(table: string, other: string): readonly string[];
  /** Statements after which every table gives out ids from `:gap` above its last; they may return the `last` ones. */
  readonly skipIds: readonly string[];
  /** Asks for the schema as it is. */
  readonly readSchema: SchemaReader;
  /** The file of `db/schema` that says what it should be. */
  readonly schemaFile: 'sqlite.txt' | 'postgres.txt';
  /** SQL for the `name` of each table, of each part where one is kept in parts; not of those of extensions. */
  readonly tables: string;
  /** SQL that reads all of a table; a row with a `problem`, or an error, where it is damaged. */
  readWhole(table: string): string;
  /** What must hold of any database of this engine, whatever it holds. */
  readonly invariants: readonly Invariant[];
  /** SQL for a text with its capital letters small, those of ASCII alone: SQLite knows no others. */
  folded(sql: string): string;
  /** A table expression over the parameter `:name`, a JSON list of lists, one inner list a row. */
  rows(name: string, columns: Readonly<Record<string, ColumnType>>): string;
  /** SQL that is true where a column has one of the ids in the parameter `:name`, a list as `rows` takes it. It is found by its index. */
  hasOneOf(column: string, name: string): string;
  /** Joins to each of the rows before it those of a table with its key, by an index; ends in a `where`. */
  lookUp(table: string, where: string): string;
  /** The same as a left join: a row that finds none is kept, with nulls. */
  leftLookUp(table: string, where: string): string;
}

/** How a database is told from a copy of it, in SQL about the one row of `epochs`. */
export interface Identity {
  /** The identity of the database, for a row that is being inserted. */
  readonly made: string;
  /** Whether the row was inserted here, into this database. */
  readonly holds: string;
  /** Holds back others who would insert one, where whoever writes is not alone anyway. */
  readonly hold?: string;
  /** Throws where the database is no longer the one that was opened. */
  check?(): void;
  /** Whether a row from elsewhere says for certain that the database was restored, rather than moved. */
  readonly certain: boolean;
}

export interface Database extends Executor, Engine {
  /** The best first; the next one where the server does not tell what that asks for. */
  readonly identities: readonly Identity[];
  /** The file of an embedded database; undefined where it is elsewhere. */
  readonly file?: string;
  /** Where this is read from a copy of it: the database itself. */
  readonly primary?: Database;
  /** Everything `work` does is on disk when this resolves, or none of it happened. Writers wait for each other. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** All that `work` reads is of one state of the database, whoever writes meanwhile, however long it takes. */
  snapshot<T>(work: (reading: Executor) => Promise<T>): Promise<T>;
  /** The table that an error about damage is about, or the file, as far as it says so. */
  damagedTable(error: unknown): Promise<string | undefined>;
  /** Whether it answers and can be written, `read-only` where it can only be read just now. */
  probe(): Promise<'ready' | 'read-only'>;
  load(): Load;
  /** Copies an embedded database into an empty file, whoever writes meanwhile; undefined where it is no file. */
  copyTo?(file: string): Promise<void>;
  /**
   * Takes what was replaced or deleted in these tables out of the files too, as far as the engine can.
   * @returns what is left to say to the operator, if anything is
   */
  scrub(tables: readonly string[]): Promise<string | undefined>;
  close(): Promise<void>;
}
