import type { Knex } from 'knex';
import type { Database, Executor } from '../database/database';
import { type Query, text, type Values } from '../database/query';
import { day, integer, nullable } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { openLedger } from '../ledger/ledger';
import type { LedgerTransaction } from '../ledger/transaction';
import { forgetCountedDays } from '../reports/tables';
import { daysOfYear, openSchoolYears, schoolYearOn } from '../roster/school-years';
import { daily } from './personal-data';

/** How many rows of each table belong to a school year, or were erased with it. */
export type Removed = Readonly<Record<string, number>>;

/** Sections that are looked up at a time. */
const PAGE = 1_000;

/**
 * The attendance of school years that are over, in the ledger and in the extension tables. A school year is what the sessions of the
 * district say, and is called by the year it starts in.
 */
export function openRetention(database: Database) {
  const sql = retentionSql(database);
  const ledger = openLedger(database);
  const schoolYears = openSchoolYears(database);

  const daysOf = async (district: number, year: number) => daysOfYear(year, await schoolYears(district));

  async function* sectionsOf(district: number): AsyncGenerator<number> {
    for (let after = 0; ; ) {
      const page = await database.all(sql.sections, { district, after, limit: PAGE });
      for (const { id } of page) yield id;
      if (page.length < PAGE) return;
      after = page.at(-1)!.id;
    }
  }

  async function count(executor: Executor, values: Values): Promise<Removed> {
    const found: Record<string, number> = {};
    for (const { table, count } of sql.tables) {
      const [row] = await executor.all(count, values);
      if (row!.count > 0) found[table] = row!.count;
    }
    return found;
  }

  /** One section's part of the year, with what is kept of it: how much it was. */
  async function remove(
    transaction: LedgerTransaction,
    section: number,
    year: number,
    values: Values,
    actor: Actor,
  ): Promise<void> {
    await transaction.hold([section], actor);
    for (const [kept_in, removed] of Object.entries(await count(transaction, values)))
      await transaction.all(sql.audit, {
        district: actor.district,
        year,
        kept_in,
        removed,
        at: new Date().toISOString(),
      });
    await transaction.all(sql.expire, values);
    for (const query of sql.tables.flatMap(({ remove }) => remove)) await transaction.all(query, values);
    await transaction.touch([section], actor, { begin_date: String(values.from), end_date: String(values.to) });
  }

  /** What reports have counted of it; the sections were touched, and have no journal of it any more to count it by again. */
  const forgetCounted = (district: number, from: string, to: string): Promise<void> =>
    database.transaction(async (tx) => {
      for (const { sql: query, values } of forgetCountedDays(from, to))
        await tx.all(text(database.knex, query), { district, ...values });
    });

  /** Who read what in that time is kept no longer than what there was to read. */
  async function removeReads(district: number, year: number, from: string, to: string, dryRun: boolean) {
    const values = { district, from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` };
    return database.transaction(async (tx) => {
      const [row] = await tx.all(sql.countReads, values);
      const removed = row!.count;
      if (dryRun || removed === 0) return removed;
      await tx.all(sql.removeReads, values);
      await tx.all(sql.audit, { district, year, kept_in: 'reads', removed, at: new Date().toISOString() });
      return removed;
    });
  }

  /** Absences of which nothing is left but when they were entered. */
  async function removeAbsences(district: number, year: number, from: string, to: string, dryRun: boolean) {
    const values = { district, from, to };
    return database.transaction(async (tx) => {
      const [row] = await tx.all(sql.countAbsences, values);
      const removed = row!.count;
      if (dryRun || removed === 0) return removed;
      await tx.all(sql.removeAbsentStudents, values);
      await tx.all(sql.removeAbsences, values);
      await tx.all(sql.audit, { district, year, kept_in: 'absences', removed, at: new Date().toISOString() });
      return removed;
    });
  }

  return {
    /** The school years before this one of which the district has anything. */
    async yearsBefore(district: number, year: number): Promise<number[]> {
      const rows = await database.all(sql.first, { district });
      const first = rows.flatMap(({ date }) => date ?? []).sort()[0];
      const start = first === undefined ? year : schoolYearOn(first, await schoolYears(district));
      return Array.from({ length: Math.max(0, year - start) }, (_, index) => start + index);
    },

    /**
     * Erases the attendance of a school year, section by section, each in a transaction of its own, so that others
     * can write in between; where it was stopped, it goes on when it is run again.
     * @param dryRun changes nothing, and says what there is
     */
    async erase(district: number, year: number, { dryRun }: { dryRun: boolean }): Promise<Removed> {
      const actor = { district, api: 'years erase', client: null, person: null };
      const removed: Record<string, number> = {};
      const { from, to } = await daysOf(district, year);
      for await (const section of sectionsOf(district)) {
        const values = { district, section, from, to };
        const found = Object.entries(await count(database, values));
        for (const [table, rows] of found) removed[table] = (removed[table] ?? 0) + rows;
        if (found.length > 0 && !dryRun)
          await ledger.open((transaction) => remove(transaction, section, year, values, actor));
      }
      const reads = await removeReads(district, year, from, to, dryRun);
      if (reads > 0) removed.reads = reads;
      const absences = await removeAbsences(district, year, from, to, dryRun);
      if (absences > 0) removed.absences = absences;
      if (!dryRun) await forgetCounted(district, from, to);
      return removed;
    },
  };
}

/** The tables of changes, which have an index by the order in which they are read. */
const inOrder: readonly string[] = ['journal', 'other_changes'];

interface TableSql {
  readonly table: string;
  readonly count: Query<{ count: number }>;
  readonly remove: readonly Query[];
}

function retentionSql({ knex }: Database) {
  const found = {
    section: 'held.section_id = :section',
    enrollment: `held.enrollment_id in (
      select mine.id from enrollments as mine where mine.section_id = :section and +mine.district_id = :district)`,
  };
  const tables = daily.map(({ table, daily }): TableSql => {
    // Not by the order of changes, in which those of a section are far apart.
    const rows = `from ${table} as held
      where ${inOrder.includes(table) ? '+' : ''}held.district_id = :district and ${found[daily]} and held.date >= :from and held.date < :to`;
    return {
      table,
      count: text(knex, `select count(*) as count ${rows}`, { count: integer }),
      remove: [text(knex, `delete ${rows}`)],
    };
  });
  const readsWithin = 'reads.district_id = :district and reads.at >= :from and reads.at < :to';
  const absencesWithin = 'absences.district_id = :district and absences.to_date >= :from and absences.to_date < :to';
  const saysNothing = `not exists (
        select 1 from absence_marks
        where absence_marks.district_id = absences.district_id and absence_marks.absence_id = absences.id)`;
  // Who follows the changes and has not read these has missed them.
  const gone = inOrder.map(
    (table) => `select ${table}.district_id, ${table}.transaction_id, ${table}.id from ${table}
      where +${table}.district_id = :district and ${table}.section_id = :section
        and ${table}.date >= :from and ${table}.date < :to`,
  );
  const first = daily.map(
    ({ table }) => `select min(held.date) as date from ${table} as held where held.district_id = :district`,
  );
  return {
    tables: [...tables, keptDaysSql(knex)],
    expire: text(
      knex,
      `insert into expired_changes (district_id, transaction_id, id, times)
      select gone.district_id, max(gone.transaction_id), max(gone.id), 1
      from (${gone.join(' union all ')}) as gone
      group by gone.district_id
      on conflict (district_id) do update set times = expired_changes.times + 1,
        transaction_id = case when excluded.transaction_id > expired_changes.transaction_id
          then excluded.transaction_id else expired_changes.transaction_id end,
        id = case when excluded.id > expired_changes.id then excluded.id else expired_changes.id end`,
    ),
    first: text(knex, first.join(' union all '), { date: nullable(day) }),
    countReads: text(knex, `select count(*) as count from reads where ${readsWithin}`, { count: integer }),
    countAbsences: text(knex, `select count(*) as count from absences where ${absencesWithin}`, { count: integer }),
    removeAbsentStudents: text(
      knex,
      `delete from absence_students where absence_students.district_id = :district
        and absence_students.absence_id in (select absences.id from absences where ${absencesWithin} and ${saysNothing})`,
    ),
    removeAbsences: text(knex, `delete from absences where ${absencesWithin} and ${saysNothing}`),
    removeReads: text(knex, `delete from reads where ${readsWithin}`),
    sections: text(
      knex,
      `select sections.id from sections where sections.district_id = :district and sections.id > :after
      order by sections.id limit :limit`,
      { id: integer },
    ),
    audit: text(
      knex,
      `insert into erased_years (district_id, year, kept_in, removed, at)
      values (:district, :year, :kept_in, :removed, :at)
      on conflict (district_id, year, kept_in) do update set
        removed = erased_years.removed + excluded.removed, at = excluded.at`,
    ),
  };
}

/** Days that are kept of enrollments, as some of them were counted: they may begin before the year, and end after it. */
function keptDaysSql(knex: Knex): TableSql {
  const ofSection = 'kept_days.district_id = :district and kept_days.section_id = :section';
  return {
    table: 'kept_days',
    count: text(
      knex,
      `select count(*) as count from kept_days
      where ${ofSection} and kept_days.begin_date < :to and kept_days.end_date > :from`,
      { count: integer },
    ),
    remove: [
      `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      select kept_days.district_id, kept_days.section_id, kept_days.enrollment_id, :to, kept_days.end_date
      from kept_days
      where ${ofSection} and kept_days.begin_date < :to and kept_days.end_date > :to`,
      `update kept_days set end_date = :from
      where ${ofSection} and kept_days.begin_date < :from and kept_days.end_date > :from`,
      `delete from kept_days
      where ${ofSection} and kept_days.begin_date >= :from and kept_days.begin_date < :to`,
    ].map((query) => text(knex, query)),
  };
}
