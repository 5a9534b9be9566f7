import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { day, integer, oneOf } from '../../database/rows';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { daysText, openCorrections } from '../corrections';
import { dayAfter } from '../past';
import { recountNotes } from '../recounts';
import { type FormerSchool, openFormerSchools, schoolAt, schoolOn } from '../section-schools';
import type { Listed, Rows } from './merge';
import { CORRECTING, type PastOptions } from './past';
import type { ImportReport } from './report';

/** A class of a file, with the schools in which it is and is to be; 0 for none. */
interface Move {
  readonly section: number;
  readonly was: number;
  readonly is: number;
  readonly former: readonly FormerSchool[];
  /** The days up to today on which something is known, and whether the roll was taken then. */
  readonly known: readonly { readonly date: string; readonly taken: 0 | 1 }[];
  /** Whether something is known of today in any class of the school in which it is: then its students count there today. */
  readonly isDayBegun: boolean;
  /** Whether days count of which nothing is known, as who is not marked is present: in the school in which it is, or in either. */
  readonly assumed: boolean;
  readonly assumes: boolean;
  readonly source: { readonly file: string; readonly line: number; readonly sourcedId: string };
}

/**
 * A class that changes its school leaves its past in the one in which it was: it is in the new one from the day of the import
 * on, or from the day after where something is known of today in that school already, so that its students count in one school. One of which nothing is known, and nothing counts, has no past.
 */
export function openMovedSections(
  database: Database,
  district: number,
  { today, correctPast }: PastOptions,
  report: ImportReport,
) {
  const sql = movedSql(database);
  const formerSchools = openFormerSchools(database);
  const { note } = openCorrections(database);
  const recount = recountNotes(database);

  /** Keeps what is to be kept of the schools of these classes, before they are written. */
  return async (tx: Executor, listed: readonly Listed[], stood: Rows, file: string): Promise<void> => {
    const there = listed.flatMap(({ sourcedId, line, values }) => {
      const before = stood.get(sourcedId);
      if (!before) return [];
      const [was, is] = [Number(before.school_id ?? 0), Number(values.school_id ?? 0)];
      const source = { file, line, sourcedId };
      return was !== is || correctPast ? [{ section: Number(before.id), was, is, source }] : [];
    });
    if (there.length === 0) return;
    const ids = there.map(({ section }) => section);
    const former = await formerSchools(tx, district, ids);
    const known = new Map<number, { date: string; taken: 0 | 1 }[]>();
    const asked = { district, today, ids: JSON.stringify(ids.map((id) => [id])) };
    for (const { section, ...day } of await tx.all(sql.known, asked))
      known.set(section, [...(known.get(section) ?? []), day]);
    const assuming = new Set((await tx.all(sql.assuming, { district })).map(({ id }) => id));
    const begun = new Set((await tx.all(sql.begun, { district, today })).map(({ school }) => school));
    for (const each of there) {
      const move = {
        ...each,
        former: former.get(each.section) ?? [],
        known: known.get(each.section) ?? [],
        isDayBegun: begun.has(each.was),
        assumed: assuming.has(each.was),
        assumes: assuming.has(each.was) || assuming.has(each.is),
      };
      await (correctPast ? correct(tx, move) : keep(tx, move));
    }
  };

  async function keep(tx: Executor, move: Move): Promise<void> {
    const { section, was, is, former, known, isDayBegun, assumed, assumes, source } = move;
    const last = former.at(-1);
    const since = last?.end_date ?? FIRST_DAY;
    const until = isDayBegun ? dayAfter(today) : today;
    if (since >= until) {
      // It comes back before a day has passed, and was never away.
      if (last?.school === is) await tx.all(sql.forget, { district, section, since: last.begin_date });
    } else if (last || known.length > 0 || assumes) {
      await tx.all(sql.keep, { district, section, school: was, begin: since, end: until });
      const rolls = known.filter(({ date, taken }) => taken && date >= since).length;
      if (rolls > 0 || (assumed && (await hadStudents(tx, section, since))))
        report.kept.push({ ...source, enrollment: null, rolls });
    }
  }

  /** Whether a student was in the class on a day that is over. */
  async function hadStudents(tx: Executor, section: number, since: string): Promise<boolean> {
    return (await tx.all(sql.students, { district, section, since, today })).length > 0;
  }

  /** The class was always in the school in which it is listed. */
  async function correct(tx: Executor, { section, was, is, former, known, source }: Move): Promise<void> {
    if (former.length > 0) await tx.all(sql.forget, { district, section, since: FIRST_DAY });
    const rolls = known.filter(({ date, taken }) => taken && schoolAt(date, was, former) !== is).length;
    if (rolls === 0 && former.length === 0) return;
    report.corrected.push({ ...source, enrollment: null, rolls });
    const whole = { section, from: FIRST_DAY, to: LAST_DAY };
    const schools = new Set(former.map(({ school }) => school));
    await recount(tx, district, [whole, ...[...schools].map((school) => ({ ...whole, school }))]);
    const before = [...former, { school: was, begin_date: former.at(-1)?.end_date ?? FIRST_DAY, end_date: LAST_DAY }];
    const from = before.map((days) => `${days.school} (${daysText([days])})`).join(', ');
    const correction = { section, enrollment: null, what: 'school', from, to: String(is) } as const;
    await note(tx, { district, api: CORRECTING }, today, [correction]);
  }
}

function movedSql({ knex, rows }: Database) {
  const told = (table: string) => `exists (select 1 from ${table}
    where ${table}.district_id = :district and ${table}.section_id = meetings.section_id and ${table}.date = meetings.date)`;
  return {
    known: text(
      knex,
      `select meetings.section_id as section, meetings.date,
        case when meetings.taken_at is null then 0 else 1 end as taken
      from ${rows('ids', { id: 'bigint' })} as asked
      cross join meetings
      where meetings.district_id = :district and meetings.section_id = asked.id and meetings.date <= :today
        and (meetings.taken_at is not null or ${told('marks')} or ${told('presences')})
      order by meetings.section_id, meetings.date`,
      { section: integer, date: day, taken: oneOf(0, 1) },
    ),
    /** The schools in which something is known of today. */
    begun: text(
      knex,
      `select distinct ${schoolOn(':today')} as school
      from meetings
      join sections on sections.id = meetings.section_id and +sections.district_id = :district
      where meetings.district_id = :district and meetings.date = :today
        and (meetings.taken_at is not null or ${told('marks')} or ${told('presences')})`,
      { school: integer },
    ),
    assuming: text(
      knex,
      `select schools.id from schools where schools.district_id = :district and schools.untaken = 'present'`,
      { id: integer },
    ),
    students: text(
      knex,
      `select enrollments.id from enrollments
      where enrollments.section_id = :section and +enrollments.district_id = :district and not enrollments.admin and (
        (enrollments.begin_date < :today and enrollments.end_date > :since
          and enrollments.begin_date < enrollments.end_date)
        or exists (
          select 1 from kept_days
          where kept_days.district_id = :district and kept_days.enrollment_id = enrollments.id
            and kept_days.begin_date < :today and kept_days.end_date > :since))
      limit 1`,
      { id: integer },
    ),
    keep: text(
      knex,
      `insert into former_schools (district_id, section_id, school_id, begin_date, end_date)
      values (:district, :section, :school, :begin, :end)`,
    ),
    forget: text(
      knex,
      `delete from former_schools
      where former_schools.district_id = :district and former_schools.section_id = :section
        and former_schools.begin_date >= :since`,
    ),
  };
}
