import type { Actor } from '../actor';
import type { ColumnType } from '../database/database';
import type { Entry } from './attendance';
import type { Condition } from './condition';

/** An entry with all that a condition or an order can name. */
export interface EntryRow extends Entry {
  readonly section_id: number;
  /** Whether the roll of its meeting has been taken. */
  readonly taken: 0 | 1;
  /** The school's code by which its mark was written; null where there is none. */
  readonly code_id: number | null;
  /** When its mark, or its presence on a meeting that is not taken, was last written; null where there is neither. */
  readonly changed_at: string | null;
}

export interface Column {
  readonly type: ColumnType;
  /** Whether it can be null: it can then be in a condition, but not in an order. */
  readonly nullable?: boolean;
  /** Of the columns of `entries`, and of `beside`, all of which are null where it has no row. */
  readonly sql: string;
}

/** What one API keeps beside the entries: a table with the key (district_id, enrollment_id, date), and what it adds to a row. */
export interface Beside {
  readonly table: string;
  readonly columns: Readonly<Record<string, Column>>;
}

/** The entries of a district, as far as the actor may see them. */
export interface Selection {
  readonly actor: Actor;
  readonly condition?: Condition;
  readonly beside?: Beside;
}

export interface Order {
  readonly column: string;
  readonly descending?: boolean;
}

/** The values of the columns of the order in one row. */
export type Place = readonly (string | number)[];

/** The rows after a place in the order, or the last ones before it, so that no write shifts a walk. */
export interface EntryQuery extends Selection {
  /** Columns that are never null; those of the key, enrollment_id and date, must be among them. */
  readonly order: readonly Order[];
  readonly after?: Place | undefined;
  readonly before?: Place | undefined;
  /** How many to pass over: what goes by places needs none. */
  readonly offset?: number;
  readonly limit: number;
}
