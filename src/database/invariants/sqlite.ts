import { INTACT, type Invariant } from '../invariants';

/** What SQLite can say of a file by itself. */
export const sqliteInvariants: readonly Invariant[] = [
  {
    name: INTACT,
    table: 'sqlite_schema',
    level: 'error',
    right: 'Pages, indexes and constraints agree (pragma integrity_check); restore a backup otherwise.',
    broken: "select integrity_check as problem from pragma_integrity_check where integrity_check <> 'ok'",
  },
  {
    name: 'foreign_keys',
    table: 'sqlite_schema',
    level: 'error',
    right: 'Each row that names another finds it.',
    broken: 'select "table", rowid as "row", parent from pragma_foreign_key_check',
  },
];
