import type { InSession } from '../../schemas/rollbook/reports';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { day, integer, nullable } from '../database/rows';
import { earlier, plusDays } from '../days';
import type { Actor } from '../ledger/actor';
import { openCalendar } from './calendar';
import { openRolls, rollsSql } from './rolls';

/** How many days before the last day of enrollments or terms a school day is looked for: longer than any holidays. */
const HOLIDAYS = 60;

/** Why a day has no rolls to take, and the days next to it that may have some, as far as the actor may see them. */
export function openInSession(database: Database) {
  const sql = inSessionSql(database);
  const { schools } = rollsSql(database);
  const calendar = openCalendar(database);
  const rolls = openRolls(database);

  const schoolsOf = async ({ district, school = null }: Actor): Promise<number[]> =>
    (await database.all(schools, { district })).map(({ id }) => id).filter((id) => school === null || id === school);

  /** Whether there are rolls to take on the day. */
  async function isInSession(actor: Actor, date: string): Promise<boolean> {
    for await (const some of rolls(actor, { date, school: null }))
      if (some.some(({ school_day }) => school_day)) return true;
    return false;
  }

  async function whyNot(actor: Actor, date: string): Promise<InSession['why']> {
    if (await isInSession(actor, date)) return 'in_session';
    const dayOf = await calendar(actor.district, date, date);
    const isOpen = (await schoolsOf(actor)).some((school) => dayOf({ school, date }).school_day);
    return isOpen ? 'between_terms' : 'no_school';
  }

  /** The latest day before one of these on which there were rolls to take. */
  async function lastBefore(actor: Actor, ends: readonly string[]): Promise<string | null> {
    const all = await schoolsOf(actor);
    for (const end of [...new Set(ends)].sort().reverse()) {
      const from = plusDays(end, -HOLIDAYS);
      const dayOf = await calendar(actor.district, from, end);
      const isOpen = (date: string) => all.some((school) => dayOf({ school, date }).school_day);
      let date = plusDays(end, -1);
      while (date >= from && !isOpen(date)) date = plusDays(date, -1);
      if (date >= from && (await isInSession(actor, date))) return date;
    }
    return null;
  }

  return async (actor: Actor, date: string): Promise<InSession> => {
    const { district, person, school = null } = actor;
    const [spans] = await database.all(sql.spans, { district, person, own_school: school, date });
    const [terms] = await database.all(sql.terms, { district, date });
    const { running, over_on, next } = spans!;
    const ends = [over_on, terms!.over_on].flatMap((end) => (end ? [earlier(end, date)] : []));
    const ofDay = { date, last: await lastBefore(actor, ends), next: running > 0 ? null : next };
    if (running > 0) return { ...ofDay, why: await whyNot(actor, date) };
    if (over_on === null) return { ...ofDay, why: next === null ? 'no_students' : 'not_begun' };
    return { ...ofDay, why: next === null ? 'over' : 'between_terms' };
  };
}

/** The statements by which it is told on which days anything may be in session. */
export function inSessionSql({ knex }: Pick<Database, 'knex'>) {
  return {
    /** The enrollments of students: how many run on the day, the first day after those before it, and the first of those after it. */
    spans: text(
      knex,
      `select coalesce(sum(case when enrollments.begin_date <= :date and enrollments.end_date > :date then 1 else 0 end), 0)
          as running,
        max(case when enrollments.begin_date < :date then
          case when enrollments.end_date < :date then enrollments.end_date else :date end end) as over_on,
        min(case when enrollments.begin_date > :date then enrollments.begin_date end) as next
      from enrollments
      where enrollments.district_id = :district and not enrollments.admin
        and enrollments.begin_date < enrollments.end_date
        and (cast(:person as bigint) is null or enrollments.section_id in (
          select taught.section_id from enrollments as taught
          where taught.person_id = :person and +taught.district_id = :district and taught.admin))
        and (cast(:own_school as bigint) is null or enrollments.section_id in (
          select sections.id from sections
          where sections.district_id = :district and sections.school_id = :own_school))`,
      { running: integer, over_on: nullable(day), next: nullable(day) },
    ),
    /** The end of the last term that is over. */
    terms: text(
      knex,
      `select max(terms.end_date) as over_on
      from terms
      where terms.district_id = :district and terms.end_date <= :date`,
      { over_on: nullable(day) },
    ),
  };
}
