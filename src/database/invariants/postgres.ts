import type { Invariant } from '../invariants';
import { yearlyTables } from '../years';

const parents = yearlyTables.map((table) => `'${table}'::regclass`).join(', ');

/** The parts of the tables that are kept by school year; the default part has no year. */
const parts = `select parent.relname as parent, part.relname as part, pg_get_expr(part.relpartbound, part.oid) as bounds,
    cast(substring(part.relname from '_([0-9]{4})$') as integer) as year
  from pg_inherits
  join pg_class as part on part.oid = pg_inherits.inhrelid
  join pg_class as parent on parent.oid = pg_inherits.inhparent
  where pg_inherits.inhparent in (${parents})`;

/** What must hold of the parts; that a row lies within the bounds of its part, PostgreSQL sees to. */
export const postgresInvariants: readonly Invariant[] = [
  {
    name: 'part_bounds',
    table: 'pg_class',
    level: 'error',
    right: 'A part holds the days from the July 1 of the year it is called by until before the next.',
    broken: `select parts.part, parts.bounds
      from (${parts}) as parts
      where parts.bounds <> case when parts.year is null then 'DEFAULT'
        else 'FOR VALUES FROM (''' || parts.year || '-07-01'') TO (''' || (parts.year + 1) || '-07-01'')' end`,
  },
  {
    name: 'part_of_each_table',
    table: 'pg_class',
    level: 'error',
    right: `A school year has a part of each of ${yearlyTables.join(', ')}.`,
    broken: `select parts.year, count(*) as parts
      from (${parts}) as parts
      group by parts.year
      having count(*) <> ${yearlyTables.length}`,
  },
  ...yearlyTables.map(
    (table): Invariant => ({
      name: 'part_missing',
      table: `${table}_default`,
      level: 'warning',
      right: 'The days of a school year lie in a part of its own; `rollbook migrate` makes it and moves them.',
      broken: `select ${table}.date, count(*) as rows from ${table}_default as ${table} group by ${table}.date`,
    }),
  ),
];
