import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, day, integer, nullable, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { Status, status, UNKNOWN } from '../ledger/attendance';
import type { LedgerTransaction } from '../ledger/transaction';
import { type Days, isEnrolled, meet, openKeptDays } from './enrolled';
import { recountNotes } from './recounts';

/** An enrollment of one student in one section. */
export const stayRow = {
  id: integer,
  section_id: integer,
  sourced_id: nullable(string),
  begin_date: day,
  /** Exclusive. */
  end_date: day,
  inherits_begin: bit,
  inherits_end: bit,
};
export interface Stay extends RowOf<typeof stayRow> {
  /** Days outside of these that were counted, and stay so. */
  readonly kept?: readonly Days[];
}

/** Whether the student would be on a roll by both of them. */
export const areDoubled = (one: Stay, other: Stay): boolean =>
  [one, ...(one.kept ?? [])].some((days) => [other, ...(other.kept ?? [])].some((each) => meet(days, each)));

/** A table that has something of enrollments on days, beside the ledger. */
export type ExtensionTables = readonly string[];

const toldRow = { date: day, status, comment: string, code: nullable(integer) };
type Told = RowOf<typeof toldRow>;

/**
 * Makes one enrollment of two of the same student in the same section, as one person is on a roll once. What was said in
 * the one that goes is said in the one that stays, where that says nothing of the day; the journal has both. The one that
 * goes has no days any more, and its sourcedId is another one of the enrollment that stays.
 */
export function combineEnrollments(database: Database, extensions: ExtensionTables) {
  const { knex } = database;
  const sql = combiningSql(database);
  const note = recountNotes(database);
  const keptDays = openKeptDays(database);

  /** @param isRenamed whether the SIS lists the one that stays no longer by its own sourcedId, but by that of the other */
  return async (
    transaction: LedgerTransaction,
    actor: Actor,
    stays: Stay,
    goes: Stay,
    isRenamed = false,
  ): Promise<{ told: number; stays: Stay }> => {
    const { district } = actor;
    const of = { district, section: stays.section_id };
    const before = await keptDays(transaction, district, [stays.id, goes.id]);
    const own = ownDays(stays, goes);
    const kept = daysBeside(own, [stays, goes, ...[...before.values()].flat()]);
    await transaction.all(sql.days, { ...of, ...valuesOf(own), enrollment: stays.id, active: 1 });
    if (kept.length + before.size > 0) await keep(transaction, of, stays.id, kept);
    const known = new Set((await told(transaction, of, stays.id)).map(({ date }) => date));
    const said = (await told(transaction, of, goes.id)).filter(({ date }) =>
      isEnrolled(date, goes, before.get(goes.id)),
    );
    const news = said.filter(({ date }) => !known.has(date));
    const moved = news.map(({ code, ...mark }) => ({ ...mark, enrollment: stays.id, ...(code !== null && { code }) }));
    const gone = said.map(({ date }) => ({ enrollment: goes.id, date, status: UNKNOWN }));
    if (said.length > 0) await transaction.record([...moved, ...gone], actor, { roll: 'never' });
    for (const table of extensions) {
      await transaction.all(text(knex, moving(table)), { district, stays: stays.id, goes: goes.id });
      await transaction.all(
        text(knex, `delete from ${table} where district_id = :district and enrollment_id = :goes`),
        {
          district,
          goes: goes.id,
        },
      );
    }
    const empty = { begin: goes.begin_date, end: goes.begin_date, from_term: 0, to_term: 0 };
    await transaction.all(sql.days, { ...of, ...empty, enrollment: goes.id, active: 0 });
    if (before.has(goes.id)) await keep(transaction, of, goes.id, []);
    await transaction.all(sql.forget, { district, enrollment: goes.id });
    await transaction.all(sql.moveAliases, { district, stays: stays.id, goes: goes.id });
    const { sourced_id } = isRenamed || stays.sourced_id === null ? goes : stays;
    if (goes.sourced_id !== null && sourced_id !== goes.sourced_id)
      await transaction.all(sql.alias, { district, sourced_id: goes.sourced_id, enrollment: stays.id });
    else if (goes.sourced_id !== null)
      await transaction.all(sql.name, { district, sourced_id: goes.sourced_id, enrollment: stays.id });
    const days = [own, ...kept].flatMap(({ begin_date, end_date }) => [begin_date, end_date]).sort();
    await note(transaction, district, [{ section: stays.section_id, from: days[0]!, to: days.at(-1)! }]);
    return { told: moved.length, stays: { ...stays, sourced_id, ...own, kept } };
  };

  async function keep(
    transaction: LedgerTransaction,
    { district, section }: { district: number; section: number },
    enrollment: number,
    days: readonly Days[],
  ): Promise<void> {
    await transaction.all(sql.forgetKept, { district, enrollment });
    for (const { begin_date: begin, end_date: end } of days)
      await transaction.all(sql.keep, { district, section, enrollment, begin, end });
  }

  async function told(
    transaction: LedgerTransaction,
    of: { district: number; section: number },
    enrollment: number,
  ): Promise<Told[]> {
    const marks = await transaction.all(sql.marks, { ...of, enrollment });
    const presences = await transaction.all(sql.presences, { ...of, enrollment });
    return [...marks, ...presences.map(({ date }) => ({ date, status: Status.present, comment: '', code: null }))];
  }
}

const byBegin = (one: Days, other: Days): number => (one.begin_date < other.begin_date ? -1 : 1);

type OwnDays = Pick<Stay, 'begin_date' | 'end_date' | 'inherits_begin' | 'inherits_end'>;

const valuesOf = ({ begin_date: begin, end_date: end, inherits_begin, inherits_end }: OwnDays) => ({
  begin,
  end,
  from_term: Number(inherits_begin),
  to_term: Number(inherits_end),
});

/** The days of the one that is left: of both where nothing is between them, else of the later one. */
function ownDays(one: Stay, other: Stay): OwnDays {
  const own = [one, other].map(({ begin_date, end_date, inherits_begin, inherits_end }) => ({
    ...{ begin_date, end_date, inherits_begin, inherits_end },
  }));
  const [earlier, later] = own.filter((days) => days.begin_date < days.end_date).sort(byBegin);
  if (!earlier || !later) return earlier ?? own[0]!;
  if (earlier.end_date < later.begin_date) return later;
  const last = later.end_date >= earlier.end_date ? later : earlier;
  return { ...earlier, end_date: last.end_date, inherits_end: last.inherits_end };
}

/** What is left of days without those of another range: each once, in their order. */
function daysBeside({ begin_date: begin, end_date: end }: Days, days: readonly Days[]): Days[] {
  const outside = days.flatMap(({ begin_date, end_date }): Days[] => [
    { begin_date, end_date: [end_date, begin].sort()[0]! },
    { begin_date: [begin_date, end].sort()[1]!, end_date },
  ]);
  const ranges: { begin_date: string; end_date: string }[] = [];
  for (const each of outside.filter((days) => days.begin_date < days.end_date).sort(byBegin)) {
    const last = ranges.at(-1);
    if (last && each.begin_date <= last.end_date) last.end_date = [last.end_date, each.end_date].sort()[1]!;
    else ranges.push({ ...each });
  }
  return ranges;
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
      toldRow,
    ),
    presences: text(
      knex,
      `select presences.date from presences where ${ofEnrollment('presences')} order by presences.date`,
      { date: day },
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
