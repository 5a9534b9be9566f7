/**
 * Rows of a table of tests that differ in what a roster or a client says, and not in what the database is asked: all of them
 * on SQLite, and every third on PostgreSQL, where each takes three times as long.
 */
export const sampled = <Row>(rows: readonly Row[]): Row[] =>
  rows.filter((_, index) => process.env.ENGINE === 'sqlite' || index % 3 === 0);
