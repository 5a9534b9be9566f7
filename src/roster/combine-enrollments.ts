import type { Actor } from '../actor';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { Status, UNKNOWN } from '../ledger/attendance';
import type { Book } from '../ledger/book';
import { type Days, openKeptDays } from './enrolled';
import { recountNotes } from './recounts';

/** An enrollment of one student in one section. */
export interface Stay {
  readonly id: number;
  readonly section_id: number;
  readonly sourced_id: string | null;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
  readonly inherits_begin: boolean | 0 | 1;
  readonly inherits_end: boolean | 0 | 1;
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
  const keptDays = openKeptDays(database);

  /** @param isRenamed whether the SIS lists the one that stays no longer by its own sourcedId, but by that of the other */
  return async (
    book: Book,
    actor: Actor,
    stays: Stay,
    goes: Stay,
    isRenamed = false,
  ): Promise<{ told: number; stays: Stay }> => {
    const { district } = actor;
    const of = { district, section: stays.section_id };
    const earlier = stays.begin_date <= goes.begin_date ? stays : goes;
    const later = stays.end_date >= goes.end_date ? stays : goes;
    const { begin_date: begin, inherits_begin } = earlier;
    const { end_date: end, inherits_end } = later;
    const inherited = { from_term: Number(inherits_begin), to_term: Number(inherits_end) };
    await book.all(sql.days, { ...of, ...inherited, enrollment: stays.id, begin, end, active: 1 });
    const known = new Set((await told(book, of, stays.id)).map(({ date }) => date));
    const said = (await told(book, of, goes.id)).filter(({ date }) => goes.begin_date <= date && date < goes.end_date);
    const news = said.filter(({ date }) => !known.has(date));
    const moved = news.map(({ code, ...mark }) => ({ ...mark, enrollment: stays.id, ...(code !== null && { code }) }));
    const gone = said.map(({ date }) => ({ enrollment: goes.id, date, status: UNKNOWN }));
    if (said.length > 0) await book.record([...moved, ...gone], actor, { roll: 'never' });
    for (const table of besides) {
      await book.all(text(knex, moving(table)), { district, stays: stays.id, goes: goes.id });
      await book.all(text(knex, `delete from ${table} where district_id = :district and enrollment_id = :goes`), {
        district,
        goes: goes.id,
      });
    }
    const empty = { begin: goes.begin_date, end: goes.begin_date, from_term: 0, to_term: 0 };
    await book.all(sql.days, { ...of, ...empty, enrollment: goes.id, active: 0 });
    await moveKept(book, of, { stays: stays.id, goes: goes.id, begin, end });
    await book.all(sql.forget, { district, enrollment: goes.id });
    await book.all(sql.moveAliases, { district, stays: stays.id, goes: goes.id });
    const { sourced_id } = isRenamed || stays.sourced_id === null ? goes : stays;
    if (goes.sourced_id !== null && sourced_id !== goes.sourced_id)
      await book.all(sql.alias, { district, sourced_id: goes.sourced_id, enrollment: stays.id });
    else if (goes.sourced_id !== null)
      await book.all(sql.name, { district, sourced_id: goes.sourced_id, enrollment: stays.id });
    await note(book, district, [{ section: stays.section_id, from: begin, to: end }]);
    return {
      told: moved.length,
      stays: { ...stays, sourced_id, begin_date: begin, end_date: end, inherits_begin, inherits_end },
    };
  };

  /** Days that were kept of either and are no days of the one that stays. */
  async function moveKept(
    book: Book,
    of: { district: number; section: number },
    { stays, goes, begin, end }: { stays: number; goes: number; begin: string; end: string },
  ): Promise<void> {
    const both = await keptDays(book, of.district, [stays, goes]);
    if (both.size === 0) return;
    const outside = [...both.values()].flat().flatMap(({ begin_date, end_date }): Days[] => [
      { begin_date, end_date: [end_date, begin].sort()[0]! },
      { begin_date: [begin_date, end].sort()[1]!, end_date },
    ]);
    const ranges: { begin_date: string; end_date: string }[] = [];
    for (const days of outside.filter((each) => each.begin_date < each.end_date).sort(byBegin)) {
      const last = ranges.at(-1);
      if (last && days.begin_date <= last.end_date) last.end_date = [last.end_date, days.end_date].sort()[1]!;
      else ranges.push({ ...days });
    }
    for (const enrollment of [stays, goes]) await book.all(sql.forgetKept, { district: of.district, enrollment });
    for (const { begin_date, end_date } of ranges)
      await book.all(sql.keep, { ...of, enrollment: stays, begin: begin_date, end: end_date });
  }

  async function told(book: Book, of: { district: number; section: number }, enrollment: number): Promise<Told[]> {
    const marks = await book.all<Told>(sql.marks, { ...of, enrollment });
    const presences = await book.all<{ date: string }>(sql.presences, { ...of, enrollment });
    return [...marks, ...presences.map(({ date }) => ({ date, status: Status.present, comment: '', code: null }))];
  }
}

const byBegin = (one: Days, other: Days): number => (one.begin_date < other.begin_date ? -1 : 1);

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
      `update enrollments set begin_date = :begin, end_date = :end, active = cast(:active as boolean),
        inherits_begin = cast(:from_term as boolean), inherits_end = cast(:to_term as boolean)
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
    forgetKept: text(
      knex,
      'delete from kept_days where kept_days.enrollment_id = :enrollment and kept_days.district_id = :district',
    ),
    keep: text(
      knex,
      `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      values (:district, :section, :enrollment, :begin, :end)`,
    ),
    moveAliases: text(
      knex,
      'update enrollment_aliases set enrollment_id = :stays where district_id = :district and enrollment_id = :goes',
    ),
  };
}
