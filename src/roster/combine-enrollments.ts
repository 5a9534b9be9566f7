import type { Actor } from '../actor';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { Status, UNKNOWN } from '../ledger/attendance';
import type { Book } from '../ledger/book';
import { recountNotes } from './recounts';

/** An enrollment of one student in one section. */
export interface Stay {
  readonly id: number;
  readonly section_id: number;
  readonly sourced_id: string | null;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
}

/** A table that has something of enrollments on days, beside the ledger. */
export type BesideTables = readonly string[];

interface Told {
  readonly date: string;
  readonly status: Status;
  readonly comment: string;
  readonly code: number | null;
}

/**
 * Makes one enrollment of two of the same student in the same section, as one person is on a roll once. What was said in
 * the one that goes is said in the one that stays, where that says nothing of the day; the journal has both. The one that
 * goes has no days any more, and its sourcedId is another one of the enrollment that stays.
 */
export function combineEnrollments(database: Database, besides: BesideTables) {
  const { knex } = database;
  const sql = combiningSql(database);
  const note = recountNotes(database);

  return async (book: Book, actor: Actor, stays: Stay, goes: Stay): Promise<{ told: number; stays: Stay }> => {
    const { district } = actor;
    const of = { district, section: stays.section_id };
    const [begin] = [stays.begin_date, goes.begin_date].sort();
    const [, end] = [stays.end_date, goes.end_date].sort();
    await book.all(sql.days, { ...of, enrollment: stays.id, begin: begin!, end: end!, active: 1 });
    const known = new Set((await told(book, of, stays.id)).map(({ date }) => date));
    const said = (await told(book, of, goes.id)).filter(({ date }) => goes.begin_date <= date && date < goes.end_date);
    const news = said.filter(({ date }) => !known.has(date));
    const moved = news.map(({ code, ...mark }) => ({ ...mark, enrollment: stays.id, ...(code !== null && { code }) }));
    const gone = said.map(({ date }) => ({ enrollment: goes.id, date, status: UNKNOWN }));
    await book.record([...moved, ...gone], actor, { roll: 'never' });
    for (const table of besides) {
      await book.all(text(knex, moving(table)), { district, stays: stays.id, goes: goes.id });
      await book.all(text(knex, `delete from ${table} where district_id = :district and enrollment_id = :goes`), {
        district,
        goes: goes.id,
      });
    }
    await book.all(sql.days, { ...of, enrollment: goes.id, begin: goes.begin_date, end: goes.begin_date, active: 0 });
    await book.all(sql.forget, { district, enrollment: goes.id });
    await book.all(sql.moveAliases, { district, stays: stays.id, goes: goes.id });
    if (goes.sourced_id !== null && stays.sourced_id !== null)
      await book.all(sql.alias, { district, sourced_id: goes.sourced_id, enrollment: stays.id });
    else if (goes.sourced_id !== null)
      await book.all(sql.name, { district, sourced_id: goes.sourced_id, enrollment: stays.id });
    await note(book, district, [{ section: stays.section_id, from: begin!, to: end! }]);
    return { told: moved.length, stays: { ...stays, begin_date: begin!, end_date: end! } };
  };

  async function told(book: Book, of: { district: number; section: number }, enrollment: number): Promise<Told[]> {
    const marks = await book.all<Told>(sql.marks, { ...of, enrollment });
    const presences = await book.all<{ date: string }>(sql.presences, { ...of, enrollment });
    return [...marks, ...presences.map(({ date }) => ({ date, status: Status.present, comment: '', code: null }))];
  }
}

const moving = (table: string): string => `update ${table} set enrollment_id = :stays
  where ${table}.district_id = :district and ${table}.enrollment_id = :goes and not exists (
    select 1 from ${table} as other
    where other.district_id = :district and other.enrollment_id = :stays and other.date = ${table}.date)`;

function combiningSql({ knex }: Database) {
  const ofEnrollment = (table: string) =>
    `${table}.district_id = :district and ${table}.section_id = :section and ${table}.enrollment_id = :enrollment`;
  return {
    marks: text(
      knex,
      `select marks.date, marks.status, marks.comment, marks.code_id as code from marks where ${ofEnrollment('marks')}
      order by marks.date`,
    ),
    presences: text(
      knex,
      `select presences.date from presences where ${ofEnrollment('presences')} order by presences.date`,
    ),
    days: text(
      knex,
      `update enrollments set begin_date = :begin, end_date = :end, active = cast(:active as boolean)
      where id = :enrollment and district_id = :district and section_id = :section`,
    ),
    /** It is listed by another one from now on. */
    forget: text(knex, 'update enrollments set sourced_id = null where id = :enrollment and district_id = :district'),
    name: text(
      knex,
      'update enrollments set sourced_id = :sourced_id where id = :enrollment and district_id = :district',
    ),
    alias: text(
      knex,
      `insert into enrollment_aliases (district_id, sourced_id, enrollment_id) values (:district, :sourced_id, :enrollment)
      on conflict (district_id, sourced_id) do update set enrollment_id = excluded.enrollment_id`,
    ),
    moveAliases: text(
      knex,
      'update enrollment_aliases set enrollment_id = :stays where district_id = :district and enrollment_id = :goes',
    ),
  };
}
