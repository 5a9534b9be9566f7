import type { SectionMonth } from '../../schemas/rollbook/history';
import type { Database } from '../database/database';
import { daysBetween } from '../days';
import type { Actor } from '../ledger/actor';
import type { Mark, Meeting } from '../ledger/attendance';
import type { Ledger } from '../ledger/ledger';
import { daysForbidden, openReadableDays } from '../roster/access';
import { type Days, isWithin, openKeptDays } from '../roster/enrolled';
import { calledName, openNameOrder } from '../roster/names';
import { openFormerSchools, schoolAt } from '../roster/section-schools';
import { type Calendar, openCalendar } from './calendar';
import { type RowsOf, rollsSql } from './rolls';

type StudentRow = RowsOf<'students'>;
/** Somebody said that the student was present, on a day whose roll is not taken. */
type Presence = RowsOf<'presencesOfSection'>;

/**
 * A month of a section: its days, its students and what was told of them. Who may see the section is known already; of its
 * days those are shown that the actor may read.
 */
export function openMonth(database: Database, ledger: Ledger) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);
  const keptDays = openKeptDays(database);
  const nameOrder = openNameOrder(database);
  const formerSchools = openFormerSchools(database);
  const readableDays = openReadableDays(database);

  return async (actor: Actor, section: number, month: string): Promise<SectionMonth> => {
    const { district } = actor;
    const readable = (await readableDays(actor, [section]))(section);
    const dates = daysBetween(`${month}-01`, lastDayOf(month)).filter((date) =>
      readable.some((days) => isWithin(date, days)),
    );
    const [from, to] = [dates[0], dates.at(-1)];
    if (!from || !to) throw daysForbidden(readable);
    const isShown = ({ date }: { readonly date: string }) => dates.includes(date);
    const filter = { district, section, from, to };
    const [found] = await database.all(sql.section, { district, section });
    const { school_id, ...named } = found!;
    const [students, marks, presences, meetings, dayOf] = await Promise.all([
      database.all(sql.students, filter),
      ledger.marks(filter),
      database.all(sql.presencesOfSection, filter),
      ledger.meetings(filter),
      calendar(district, from, to),
    ]);
    const former = (await formerSchools(database, district, [section])).get(section);
    const schoolOn = (date: string) => schoolAt(date, school_id ?? 0, former);
    const kept = await keptDays(
      database,
      district,
      students.map(({ enrollment_id }) => enrollment_id),
    );
    return {
      section: named,
      month,
      days: daysOf(dates, meetings, dayOf, schoolOn),
      students: told([...students].sort((await nameOrder(district)).people), {
        marks: marks.filter(isShown),
        presences: presences.filter(isShown),
        kept,
      }),
    };
  };
}

/** What was told of the students of a section in a month, and on which days they are on its rolls. */
interface Told {
  readonly marks: readonly Mark[];
  readonly presences: readonly Presence[];
  readonly kept: ReadonlyMap<number, Days[]>;
}

const told = (students: readonly StudentRow[], { marks, presences, kept }: Told) =>
  students.map(({ given_name, preferred_name, family_name, ...student }) => ({
    ...student,
    kept_days: kept.get(student.enrollment_id) ?? [],
    name: calledName({ given_name, preferred_name, family_name }),
    marks: marks
      .filter(({ enrollment_id }) => enrollment_id === student.enrollment_id)
      .map(({ date, status, comment }) => ({ date, status, comment })),
    presences: presences.filter(({ enrollment_id }) => enrollment_id === student.enrollment_id).map(({ date }) => date),
  }));

/** Every weekday on which its school of the day is open, and every other day on which the section met or the school is open. */
function daysOf(
  dates: readonly string[],
  meetings: readonly Meeting[],
  dayOf: Calendar,
  schoolOn: (date: string) => number,
) {
  const held = new Map(meetings.map(({ date, taken_at }) => [date, taken_at]));
  return dates
    .map((date) => ({ date, taken_at: held.get(date) ?? null, ...dayOf({ school: schoolOn(date), date }) }))
    .filter(({ date, school_day }) => school_day || dayOf.isOpen({ school: schoolOn(date), date }) || held.has(date));
}

const lastDayOf = (month: string): string => {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number!, 0)).toISOString().slice(0, 10);
};
