import type { ColumnType } from '../../../database/database';
import type { Row } from '../csv';
import type { DateReading } from '../dates';
import type { References } from '../references';

/** The values of a row's columns in the table. */
export type Values = Record<string, string | number | boolean | null>;

/** One CSV file of OneRoster and the table it fills. */
export interface FileSpec {
  /** As the specification calls it. */
  readonly file: 'orgs' | 'academicSessions' | 'courses' | 'classes' | 'users' | 'enrollments';
  readonly table: string;
  /** The columns it fills beside `sourced_id` and `active`. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Whether something that is to be deleted is taken in when it was never known: others may refer to it. */
  readonly keepsDeleted: boolean;
  /** A column that keeps its value where the file has none. */
  readonly keepsUnsaid?: string;
  /** Whether what ends has an `end_date`, which is then today at the latest. */
  readonly endsToday?: boolean;
  /** The column that says since when it is no longer listed. */
  readonly endsOn?: string;
  /** The column that holds the sourcedId of the user a row is about, where it is about one. */
  readonly userIn?: string;
  /** Whether the row is for this table at all. */
  concerns?(row: Row): boolean;
  /** The sourcedIds of the terms it is in, where it is in terms. */
  terms?(row: Row): string[];
  /** The columns that hold days. */
  readonly dates?: readonly string[];
  /** Throws ValueError where a value cannot be understood. The password column is never read. */
  values(row: Row, references: References, reading: Reading): Values;
}

/** What rows are read by, and who is told of what may be meant otherwise. */
export interface Reading extends DateReading {
  /** `what` is the same for all rows of which one warning is to be given. */
  warn(row: Row, column: string, reason: string, what?: string): void;
}
