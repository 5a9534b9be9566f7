import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { bit, day, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Days } from './enrolled';

/** What somebody has said to have been wrong in the past, of an enrollment or of a class. */
export interface Correction {
  readonly section: number;
  /** Null: of the class itself. */
  readonly enrollment: number | null;
  /** The days of the enrollment, whose it is, the school of the class, its type, or the days between its terms. */
  readonly what: CorrectionRow['what'];
  readonly from: string;
  readonly to: string;
  /** Rolls that were taken, on which the student is from now on, and is no longer. */
  readonly on?: readonly string[];
  readonly off?: readonly string[];
}

/** A correction as it is read. */
export interface CorrectionRow extends RowOf<typeof correctionRow> {
  readonly on: readonly string[];
  readonly off: readonly string[];
}

const correctionRow = {
  section_id: integer,
  enrollment_id: nullable(integer),
  at: instant,
  api: string,
  what: oneOf('days', 'person', 'school', 'terms', 'type'),
  from: string,
  to: string,
};

/** Which corrections: since an instant; those of an enrollment, or of a section with all of its enrollments. */
export interface CorrectionFilter {
  readonly district: number;
  readonly section?: number | undefined;
  readonly enrollment?: number | undefined;
  readonly since?: string | undefined;
  readonly limit: number;
}

/** Days as the first and the last of them, ISO 8601 with `..` where it is open; no text for no days. */
export const daysText = (days: readonly Days[]): string =>
  days
    .filter(({ begin_date, end_date }) => begin_date < end_date)
    .toSorted((one, other) => (one.begin_date < other.begin_date ? -1 : 1))
    .map(
      ({ begin_date, end_date }) =>
        `${begin_date === FIRST_DAY ? '..' : begin_date}/${end_date === LAST_DAY ? '..' : dayBefore(end_date)}`,
    )
    .join(', ');

const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** Earlier than every instant. */
const EVER = '0001-01-01T00:00:00.000Z';

/** Who has changed the past, when, and how: it is written together with the change, and never changed. */
export function openCorrections(database: Pick<Database, 'knex' | 'rows'>) {
  const sql = correctionsSql(database);
  return {
    /** @param date the day on which it is said, in the district */
    async note(
      tx: Executor,
      { district, api }: { readonly district: number; readonly api: string },
      date: string,
      corrections: readonly Correction[],
    ): Promise<void> {
      if (corrections.length === 0) return;
      const of = { district, at: new Date().toISOString() };
      const rows = corrections.map(({ section, enrollment, what, from, to }) => [section, enrollment, what, from, to]);
      await tx.all(sql.note, { ...of, date, api, rows: JSON.stringify(rows) });
      const rolls = corrections.flatMap(({ section, enrollment, on = [], off = [] }) => [
        ...on.map((date) => [section, enrollment, date, true]),
        ...off.map((date) => [section, enrollment, date, false]),
      ]);
      if (rolls.length > 0) await tx.all(sql.noteRolls, { ...of, rows: JSON.stringify(rolls) });
    },

    /** The latest, oldest first. */
    async read(executor: Executor, { since = EVER, limit, ...of }: CorrectionFilter): Promise<CorrectionRow[]> {
      const { district, section = null, enrollment = null } = of;
      const found = await executor.all(sql.read, {
        ...{ district, section, enrollment, since, limit },
      });
      const keyOf = (row: Pick<CorrectionRow, 'enrollment_id' | 'at'>) => `${row.enrollment_id} ${row.at}`;
      const days = new Map(found.map((row) => [keyOf(row), { on: [] as string[], off: [] as string[] }]));
      const ids = JSON.stringify([...new Set(found.flatMap((row) => row.enrollment_id ?? []))].map((id) => [id]));
      for (const { is_on, date, ...roll } of await executor.all(sql.rolls, { district, ids }))
        days.get(keyOf(roll))?.[is_on ? 'on' : 'off'].push(date);
      return found.reverse().map((row) => ({ ...row, ...(row.what === 'days' ? days.get(keyOf(row))! : NO_ROLLS) }));
    },

    /** The sections in which any has been noted since an instant. */
    sections: async (executor: Executor, district: number, since: string): Promise<number[]> =>
      (await executor.all(sql.sections, { district, since })).map(({ id }) => id),
  };
}

const NO_ROLLS = { on: [], off: [] };

/** All SQL of corrections. */
export function correctionsSql({ knex, rows }: Pick<Database, 'knex' | 'rows'>) {
  return {
    note: text(
      knex,
      `insert into corrections (district_id, section_id, enrollment_id, date, at, api, what, from_value, to_value)
      select :district, noted.section_id, noted.enrollment_id, :date, :at, :api, noted.what, noted.from_value, noted.to_value
      from ${rows('rows', {
        section_id: 'bigint',
        enrollment_id: 'bigint',
        what: 'text',
        from_value: 'text',
        to_value: 'text',
      })} as noted`,
    ),
    noteRolls: text(
      knex,
      `insert into corrected_rolls (district_id, section_id, enrollment_id, date, at, is_on)
      select :district, noted.section_id, noted.enrollment_id, noted.date, :at, noted.is_on
      from ${rows('rows', { section_id: 'bigint', enrollment_id: 'bigint', date: 'date', is_on: 'boolean' })} as noted
      where true
      on conflict (district_id, section_id, date, enrollment_id, at) do update set is_on = excluded.is_on`,
    ),
    read: text(
      knex,
      `select corrections.section_id, corrections.enrollment_id, corrections.at, corrections.api, corrections.what,
        corrections.from_value as "from", corrections.to_value as "to"
      from corrections
      where corrections.district_id = :district and corrections.at >= :since
        and (cast(:section as bigint) is null or corrections.section_id = :section)
        and (cast(:enrollment as bigint) is null or corrections.enrollment_id = :enrollment)
      order by corrections.id desc
      limit :limit`,
      correctionRow,
    ),
    rolls: text(
      knex,
      `select corrected_rolls.enrollment_id, corrected_rolls.date, corrected_rolls.at, corrected_rolls.is_on
      from ${rows('ids', { id: 'bigint' })} as asked
      cross join corrected_rolls
      where corrected_rolls.enrollment_id = asked.id and +corrected_rolls.district_id = :district
      order by corrected_rolls.date`,
      { enrollment_id: integer, date: day, at: instant, is_on: bit },
    ),
    sections: text(
      knex,
      `select distinct corrections.section_id as id from corrections
      where corrections.district_id = :district and corrections.at >= :since
      order by corrections.section_id`,
      { id: integer },
    ),
  };
}
