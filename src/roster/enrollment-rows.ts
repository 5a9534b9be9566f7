import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { bit, integer, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import { daysRow } from './enrolled';

/** What a row of the SIS says of an enrollment: its days, and which of their ends come from the terms of its class. */
const saidRow = { ...daysRow, inherits_begin: bit, inherits_end: bit };
type Said = RowOf<typeof saidRow>;

/** A row of an enrollment that the SIS lists by several. */
export interface EnrollmentRow extends Said {
  readonly sourcedId: string;
  /** The sourcedId that the enrollment is known by. */
  readonly of: string;
}

/**
 * The rows of enrollments that the SIS lists by several sourcedIds, each with what it says itself: a delta may change one of
 * them, and the enrollment has the days of all.
 */
export function openEnrollmentRows(database: Pick<Database, 'knex' | 'rows'>) {
  const { knex, rows } = database;
  const columns = 'sourced_id, begin_date, end_date, inherits_begin, inherits_end';
  const written = rows('rows', {
    known_by: 'text',
    sourced_id: 'text',
    begin_date: 'date',
    end_date: 'date',
    inherits_begin: 'boolean',
    inherits_end: 'boolean',
  });
  const changed = ['enrollment_id', 'begin_date', 'end_date', 'inherits_begin', 'inherits_end'];
  const insert = (then: string) =>
    text(
      knex,
      `insert into enrollment_rows (district_id, enrollment_id, ${columns})
      select enrollments.district_id, enrollments.id, said.sourced_id, said.begin_date, said.end_date,
        said.inherits_begin, said.inherits_end
      from ${written} as said
      cross join enrollments
      where enrollments.district_id = :district and enrollments.sourced_id = said.known_by
      on conflict (district_id, sourced_id) do ${then}`,
    );
  const sql = {
    of: text(
      knex,
      `select enrollment_rows.sourced_id, enrollment_rows.begin_date, enrollment_rows.end_date,
        enrollment_rows.inherits_begin, enrollment_rows.inherits_end
      from enrollment_rows where enrollment_rows.district_id = :district`,
      { sourced_id: string, ...saidRow },
    ),
    write: insert(
      `update set ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}
      where ${changed.map((column) => `enrollment_rows.${column} is distinct from excluded.${column}`).join(' or ')}`,
    ),
    remember: insert('nothing'),
    names: text(
      knex,
      `select enrollment_rows.sourced_id, enrollment_rows.enrollment_id as stands, coalesce(own.id, (
          select enrollment_aliases.enrollment_id from enrollment_aliases
          where enrollment_aliases.district_id = :district and enrollment_aliases.sourced_id = enrollment_rows.sourced_id
        ), 0) as enrollment
      from enrollment_rows
      left join enrollments as own on own.district_id = :district and own.sourced_id = enrollment_rows.sourced_id
      where enrollment_rows.district_id = :district`,
      { sourced_id: string, stands: integer, enrollment: integer },
    ),
    move: text(
      knex,
      `update enrollment_rows set enrollment_id = named.enrollment_id
      from ${rows('rows', { sourced_id: 'text', enrollment_id: 'bigint' })} as named
      where enrollment_rows.district_id = :district and enrollment_rows.sourced_id = named.sourced_id`,
    ),
    forget: text(
      knex,
      `delete from enrollment_rows
      where enrollment_rows.district_id = :district and (not exists (
          select 1 from enrollment_aliases
          where enrollment_aliases.district_id = :district
            and enrollment_aliases.enrollment_id = enrollment_rows.enrollment_id)
        or enrollment_rows.sourced_id in (
          select asked.sourced_id from ${rows('ids', { sourced_id: 'text' })} as asked))`,
    ),
  };
  const valuesOf = (said: readonly EnrollmentRow[]) =>
    JSON.stringify(
      said.map(({ of, sourcedId, begin_date, end_date, inherits_begin, inherits_end }) => [
        ...[of, sourcedId],
        // The terms say which day it is, and may move.
        ...[inherits_begin ? FIRST_DAY : begin_date, inherits_end ? LAST_DAY : end_date],
        ...[Boolean(inherits_begin), Boolean(inherits_end)],
      ]),
    );

  return {
    /** What the rows of a district say, by their sourcedIds. */
    async of(executor: Executor, district: number): Promise<Map<string, Said>> {
      const rows = await executor.all(sql.of, { district });
      return new Map(rows.map(({ sourced_id, ...said }) => [sourced_id, said]));
    },

    /** Writes what rows say by now. */
    async write(tx: Executor, district: number, said: readonly EnrollmentRow[]): Promise<void> {
      if (said.length > 0) await tx.all(sql.write, { district, rows: valuesOf(said) });
    },

    /** Writes what rows say of which that is not known. */
    async remember(tx: Executor, district: number, said: readonly EnrollmentRow[]): Promise<void> {
      if (said.length > 0) await tx.all(sql.remember, { district, rows: valuesOf(said) });
    },

    /** Once it is known who goes by which sourcedId: rows are of that enrollment, as long as it has others. */
    async tidy(tx: Executor, district: number): Promise<void> {
      const names = await tx.all(sql.names, { district });
      if (names.length === 0) return;
      const moved = names.filter(({ stands, enrollment }) => enrollment !== 0 && stands !== enrollment);
      const rows = moved.map(({ sourced_id, enrollment }) => [sourced_id, enrollment]);
      if (rows.length > 0) await tx.all(sql.move, { district, rows: JSON.stringify(rows) });
      const gone = names.filter(({ enrollment }) => enrollment === 0).map(({ sourced_id }) => [sourced_id]);
      await tx.all(sql.forget, { district, ids: JSON.stringify(gone) });
    },
  };
}
