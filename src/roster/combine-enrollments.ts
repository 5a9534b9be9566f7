import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, day, instant, integer, nullable, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import { status, UNKNOWN } from '../ledger/attendance';
import type { LedgerTransaction } from '../ledger/transaction';
import { type Days, daysBeside, isWithin, meet, openKeptDays } from './enrolled';
import { type EnrollmentRow, openEnrollmentRows } from './enrollment-rows';
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
  active: bit,
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

const toldRow = {
  date: day,
  status,
  comment: string,
  code: nullable(integer),
  /** When and by whom it was said. */
  at: instant,
  api: nullable(string),
  client: nullable(integer),
  person: nullable(integer),
};
type Told = RowOf<typeof toldRow>;

/** What has become of statuses that were said in an enrollment whose days another one has now. */
export interface Passed {
  /** They are said in the other one. */
  readonly told: number;
  /** The other one says something of the day itself, which stands: only the journal has them. */
  readonly left: number;
}

interface Section {
  readonly district: number;
  readonly section: number;
}

/**
 * Makes one enrollment of two of the same student in the same section, as one person is on a roll once. What was said in
 * the one that goes is said in the one that stays, by whom and when it was said, where that says nothing of the day; the
 * journal has both. The one that goes has no days any more, and its sourcedId is another one of the enrollment that stays.
 */
export function openCombining(database: Database, extensions: ExtensionTables) {
  const { knex } = database;
  const sql = combiningSql(database);
  const note = recountNotes(database);
  const keptDays = openKeptDays(database);
  const enrollmentRows = openEnrollmentRows(database);

  return {
    /** @param said the days that the SIS says of the two; of which it says none, the sourcedId is forgotten */
    async combine(
      transaction: LedgerTransaction,
      actor: Actor,
      stays: Stay,
      goes: Stay,
      said: { readonly stays: OwnDays | undefined; readonly goes: OwnDays | undefined } = { stays, goes },
    ): Promise<Passed & { stays: Stay }> {
      const { district } = actor;
      const isListed = { stays: said.stays !== undefined, goes: said.goes !== undefined };
      const of = { district, section: stays.section_id };
      const before = await keptDays(transaction, district, [stays.id, goes.id]);
      const days = ownDays(stays, goes);
      const kept = daysBeside(days, [stays, goes, ...[...before.values()].flat()]);
      const active = stays.active || goes.active;
      await transaction.all(sql.days, { ...of, ...valuesOf(days), enrollment: stays.id, active: Number(active) });
      if (kept.length + before.size > 0) await keep(transaction, of, stays.id, kept);
      const given = [goes, ...(before.get(goes.id) ?? [])];
      const passed = await pass(transaction, actor, { from: goes, to: stays, days: given }, [ALL_DAYS]);
      const empty = { begin: goes.begin_date, end: goes.begin_date, from_term: 0, to_term: 0 };
      await transaction.all(sql.days, { ...of, ...empty, enrollment: goes.id, active: 0 });
      if (before.has(goes.id)) await keep(transaction, of, goes.id, []);
      await transaction.all(sql.forget, { district, enrollment: goes.id });
      await transaction.all(sql.moveAliases, { district, stays: stays.id, goes: goes.id });
      const { sourced_id } = isListed.stays && stays.sourced_id !== null ? stays : isListed.goes ? goes : stays;
      if (goes.sourced_id !== null && isListed.goes) {
        const query = sourced_id === goes.sourced_id ? sql.name : sql.alias;
        await transaction.all(query, { district, sourced_id: goes.sourced_id, enrollment: stays.id });
      }
      await transaction.all(sql.moveRows, { district, stays: stays.id, goes: goes.id });
      const own = (one: Stay, days: OwnDays | undefined): EnrollmentRow[] =>
        days && one.sourced_id !== null && sourced_id !== null
          ? [{ ...days, sourcedId: one.sourced_id, of: sourced_id }]
          : [];
      await enrollmentRows.remember(transaction, district, [...own(stays, said.stays), ...own(goes, said.goes)]);
      const ends = [days, ...kept].flatMap(({ begin_date, end_date }) => [begin_date, end_date]).sort();
      await note(transaction, district, [{ section: stays.section_id, from: ends[0]!, to: ends.at(-1)! }]);
      return { ...passed, stays: { ...stays, sourced_id, active, ...days, kept } };
    },

    /**
     * Of two enrollments that stay two, as they are of other times: days that are kept of one of them are no longer, where
     * they are days of the other. Both as they are then.
     */
    async part(transaction: LedgerTransaction, actor: Actor, one: Stay, other: Stay): Promise<[Stay, Stay]> {
      /** One of them without the days that the other has. */
      const without = async (from: Stay, to: Stay, taken: readonly Days[]): Promise<Stay> => {
        const before = from.kept ?? [];
        if (!before.some((days) => taken.some((each) => meet(days, each)))) return from;
        await pass(transaction, actor, { from, to, days: before }, taken);
        const kept = taken.reduce<readonly Days[]>((days, each) => daysBeside(each, days), before);
        await keep(transaction, { district: actor.district, section: from.section_id }, from.id, kept);
        return { ...from, kept };
      };
      const first = await without(one, other, [other]);
      const second = await without(other, first, [first, ...(first.kept ?? [])]);
      const recounts = [one, other].flatMap(({ section_id: section, kept = [] }) =>
        kept.map(({ begin_date: from, end_date: to }) => ({ section, from, to })),
      );
      await note(transaction, actor.district, recounts);
      return [first, second];
    },
  };

  /** What was said in one enrollment on its days is said in another one from now on, on those of them that are given. */
  async function pass(
    transaction: LedgerTransaction,
    actor: Actor,
    { from, to, days }: { from: Stay; to: Stay; days: readonly Days[] },
    given: readonly Days[],
  ): Promise<Passed> {
    const { district } = actor;
    const of = { district, section: to.section_id };
    const isPassed = (date: string) =>
      days.some((each) => isWithin(date, each)) && given.some((each) => isWithin(date, each));
    const said = (await told(transaction, of, from.id)).filter(({ date }) => isPassed(date));
    const known = new Set(said.length > 0 ? (await told(transaction, of, to.id)).map(({ date }) => date) : []);
    const news = said.filter(({ date }) => !known.has(date));
    if (said.length > 0) {
      const put = news.map(({ date, status, comment, code }) => ({
        ...{ enrollment: to.id, date, status, comment },
        ...(code !== null && { code }),
      }));
      const gone = said.map(({ date }) => ({ enrollment: from.id, date, status: UNKNOWN }));
      await transaction.record([...put, ...gone], actor, { roll: 'never' });
      await attribute(transaction, of, to.id, news);
    }
    for (const table of extensions)
      for (const { begin_date: begin, end_date: end } of given) {
        const between = { district, goes: from.id, begin, end };
        await transaction.all(text(knex, moving(table)), { ...between, stays: to.id });
        await transaction.all(text(knex, removing(table)), between);
      }
    return { told: news.length, left: said.length - news.length };
  }

  /** What was said is said by whom and when it was: not by who passes it on. */
  async function attribute(transaction: LedgerTransaction, of: Section, enrollment: number, said: readonly Told[]) {
    if (said.length === 0) return;
    const rows = JSON.stringify(said.map(({ date, at, api, client, person }) => [date, at, api, client, person]));
    for (const query of sql.attribute) await transaction.all(query, { ...of, enrollment, rows });
  }

  async function keep(
    transaction: LedgerTransaction,
    { district, section }: Section,
    enrollment: number,
    days: readonly Days[],
  ): Promise<void> {
    await transaction.all(sql.forgetKept, { district, enrollment });
    for (const { begin_date: begin, end_date: end } of days)
      await transaction.all(sql.keep, { district, section, enrollment, begin, end });
  }

  async function told(transaction: LedgerTransaction, of: Section, enrollment: number): Promise<Told[]> {
    const marks = await transaction.all(sql.marks, { ...of, enrollment });
    const presences = await transaction.all(sql.presences, { ...of, enrollment });
    return [...marks, ...presences];
  }
}

const ALL_DAYS: Days = { begin_date: FIRST_DAY, end_date: LAST_DAY };

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
  const [earlier, later] = own
    .filter((days) => days.begin_date < days.end_date)
    .sort((one, other) => (one.begin_date < other.begin_date ? -1 : 1));
  if (!earlier || !later) return earlier ?? own[0]!;
  if (earlier.end_date < later.begin_date) return later;
  const last = later.end_date >= earlier.end_date ? later : earlier;
  return { ...earlier, end_date: last.end_date, inherits_end: last.inherits_end };
}

const ofDays = (table: string): string => `${table}.district_id = :district and ${table}.enrollment_id = :goes
  and ${table}.date >= :begin and ${table}.date < :end`;
const moving = (table: string): string => `update ${table} set enrollment_id = :stays
  where ${ofDays(table)} and not exists (
    select 1 from ${table} as other
    where other.district_id = :district and other.enrollment_id = :stays and other.date = ${table}.date)`;
const removing = (table: string): string => `delete from ${table} where ${ofDays(table)}`;

function combiningSql({ knex, rows }: Database) {
  const ofEnrollment = (table: string) =>
    `${table}.district_id = :district and ${table}.section_id = :section and ${table}.enrollment_id = :enrollment`;
  const said = rows('rows', { date: 'date', at: 'timestamptz', api: 'text', client_id: 'bigint', person_id: 'bigint' });
  return {
    marks: text(
      knex,
      `select marks.date, marks.status, marks.comment, marks.code_id as code, marks.changed_at as at,
        marks.client_id as client, marks.person_id as person,
        (select journal.api from journal
          where +${ofEnrollment('journal')} and journal.date = marks.date and journal.at = marks.changed_at
          order by journal.id desc limit 1) as api
      from marks where ${ofEnrollment('marks')}
      order by marks.date`,
      toldRow,
    ),
    presences: text(
      knex,
      `select presences.date, 1 as status, '' as comment, null as code, presences.changed_at as at, presences.api,
        presences.client_id as client, presences.person_id as person
      from presences where ${ofEnrollment('presences')} order by presences.date`,
      toldRow,
    ),
    attribute: [
      `update marks set changed_at = said.at, client_id = said.client_id, person_id = said.person_id
      from ${said} as said
      where ${ofEnrollment('marks')} and marks.date = said.date`,
      `update presences set changed_at = said.at, api = coalesce(said.api, presences.api), client_id = said.client_id,
        person_id = said.person_id
      from ${said} as said
      where ${ofEnrollment('presences')} and presences.date = said.date`,
      `update journal set at = said.at, api = coalesce(said.api, journal.api), client_id = said.client_id,
        person_id = said.person_id
      from ${said} as said
      where +${ofEnrollment('journal')} and journal.date = said.date and journal.id = (
        select max(last.id) from journal as last
        where +${ofEnrollment('last')} and last.date = said.date)`,
    ].map((query) => text(knex, query)),
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
    moveRows: text(
      knex,
      'update enrollment_rows set enrollment_id = :stays where district_id = :district and enrollment_id = :goes',
    ),
    moveAliases: text(
      knex,
      'update enrollment_aliases set enrollment_id = :stays where district_id = :district and enrollment_id = :goes',
    ),
  };
}
