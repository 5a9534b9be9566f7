/** A place in the order (transaction, id), in which changes are read. On SQLite the transaction is always '0'. */
export interface Position {
  readonly transaction: string;
  readonly id: number;
}

/** Before every change. */
export const START: Position = { transaction: '-1', id: 0 };

/** In the order in which changes are read. */
export const isBefore = (one: Position, other: Position): boolean =>
  one.transaction === other.transaction ? one.id < other.id : Number(one.transaction) < Number(other.transaction);

/** Up to where changes were taken away, and how often: who has read less, and began before the last time, has missed some. */
export interface Expired {
  readonly place: Position;
  readonly times: number;
}
