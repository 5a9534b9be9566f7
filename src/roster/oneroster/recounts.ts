import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { type Recount, recountNotes } from '../recounts';
import type { Values } from './files/spec';

/** Rows of a table by their sourcedIds. */
export type Rows = ReadonlyMap<string, Values>;

interface Counted {
  /** The columns of which rates are made. */
  readonly columns: readonly string[];
  /** What is to be counted anew when a row has become another. */
  recounts(before: Values | undefined, after: Values | undefined): Recount[];
}

const tables: Readonly<Record<string, Counted>> = {
  sections: {
    columns: ['id', 'school_id'],
    recounts(before, after) {
      if (!before || !after || before.school_id === after.school_id) return [];
      const whole = { section: Number(before.id), from: FIRST_DAY, to: LAST_DAY };
      return [whole, { ...whole, school: Number(before.school_id ?? 0) }];
    },
  },
  enrollments: {
    columns: ['id', 'section_id', 'person_id', 'admin', 'begin_date', 'end_date'],
    recounts(before, after) {
      const [was, is] = [stayOf(before), stayOf(after)];
      if (!was || !is || was.section !== is.section || was.person !== is.person) return [was, is].flatMap(asked);
      return [
        { section: is.section, ...between(was.from, is.from) },
        { section: is.section, ...between(was.to, is.to) },
      ];
    },
  },
};

interface Stay extends Recount {
  readonly person: number;
}

/** A student's time in a section; undefined for teachers. */
const stayOf = (row: Values | undefined): Stay | undefined =>
  row && !row.admin
    ? {
        section: Number(row.section_id),
        person: Number(row.person_id),
        from: String(row.begin_date),
        to: String(row.end_date),
      }
    : undefined;

const asked = (stay: Stay | undefined): Recount[] => (stay ? [stay] : []);

const between = (one: string, other: string) => (one < other ? { from: one, to: other } : { from: other, to: one });

/** Compares a table before and after it is merged with what rates are made of; undefined where it is none of that. */
export function recountsFor(database: Database, table: string, district: number) {
  const counted = tables[table];
  if (!counted) return undefined;
  const note = recountNotes(database);
  const standing = text(
    database.knex,
    `select ${table}.sourced_id, ${counted.columns.map((column) => `${table}.${column}`).join(', ')}
    from ${database.rows('ids', { sourced_id: 'text' })} as asked
    cross join ${table} where ${table}.district_id = :district and ${table}.sourced_id = asked.sourced_id`,
  );
  return {
    /** The rows as they stand. */
    async standing(tx: Executor, sourcedIds: readonly string[]): Promise<Map<string, Values>> {
      if (sourcedIds.length === 0) return new Map();
      const ids = JSON.stringify(sourcedIds.map((id) => [id]));
      const rows = await tx.all<Values & { sourced_id: string }>(standing, { district, ids });
      return new Map(rows.map((row) => [row.sourced_id, row]));
    },

    note: (tx: Executor, before: Rows, after: Rows): Promise<void> =>
      note(
        tx,
        district,
        [...new Set([...before.keys(), ...after.keys()])].flatMap((id) =>
          counted.recounts(before.get(id), after.get(id)),
        ),
      ),
  };
}
