/*
 * `src/reminders/`: Teachers are reminded of rolls that they have not taken: whom, of what, and how often.
 */
import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { instant, integer, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { openRolls } from '../reports/rolls';
import { yesterday } from '../roster/access';
import { periodsOf } from '../roster/bell-schedules';
import { enrolledOn } from '../roster/enrolled';
import { calledName, namesRow } from '../roster/names';

/** Minutes within which nobody is reminded of the same roll again. */
export const MINUTES = 30;
/** Days for which it is kept who was reminded. */
const KEPT = 400;

/** Which rolls: those of a school on a day that are not taken, or of a period alone. */
export interface RollsAsked {
  readonly school: number;
  readonly date: string;
  readonly period: string | undefined;
}

/** A roll of which somebody is reminded. */
export interface DueRoll {
  readonly section_id: number;
  readonly title: string;
  readonly periods: string;
}

/** A teacher, and those of their rolls that are not taken. */
export interface Reminder {
  readonly person: number;
  readonly name: string;
  readonly email: string;
  readonly rolls: readonly DueRoll[];
}

/** What came of it: `recent` where the teacher was reminded of the roll within the last minutes. */
export type ReminderOutcome = 'sent' | 'recent' | 'no_address' | 'not_sent' | 'no_teacher' | 'no_mail';

/** A roll that is not taken, and what came of reminding a teacher of it. */
export interface Reminded {
  readonly roll: DueRoll;
  /** Undefined where the class has no teacher. */
  readonly teacher: Omit<Reminder, 'rolls'> | undefined;
  readonly outcome: ReminderOutcome;
}

/** Reminds the teachers of rolls that are not taken, each of all of theirs at once, and keeps that it was done. */
export function openReminders(database: Database) {
  const sql = remindersSql(database);
  const rollsOf = openRolls(database);

  async function untaken(actor: Actor, { school, date, period }: RollsAsked): Promise<DueRoll[]> {
    const found: DueRoll[] = [];
    for await (const some of rollsOf(actor, { date, school, taken: false }))
      for (const roll of some)
        if (roll.school_day && (period === undefined || periodsOf(roll).includes(period))) found.push(roll);
    return found;
  }

  /**
   * @param send hands a reminder on, once it is kept that it was done; false where it could not be taken. Undefined where no
   * email is sent at all
   */
  return async (
    actor: Actor,
    asked: RollsAsked,
    send: ((reminder: Reminder) => boolean) | undefined,
  ): Promise<Reminded[]> => {
    const { district, api, client } = actor;
    const { date } = asked;
    const rolls = await untaken(actor, asked);
    const sections = JSON.stringify(rolls.map(({ section_id }) => [section_id]));
    const teachers = await database.all(sql.teachers, { district, date, sections, yesterday: yesterday() });
    const now = Date.now();
    const at = new Date(now).toISOString();

    const { done, reminders } = await database.transaction(async (tx) => {
      await tx.all(sql.hold, { district }); // of two at once one waits here, and sees whom the other has reminded
      const since = new Date(now - MINUTES * 60_000).toISOString();
      const recent = await tx.all(sql.recent, { district, date, since, sections });
      const isRecent = (section: number, person: number) =>
        recent.some((each) => each.section_id === section && each.person_id === person);
      const due = new Map<number, Reminder & { rolls: DueRoll[] }>();
      const done = rolls.flatMap((roll): Reminded[] => {
        const own = teachers.filter(({ section_id }) => section_id === roll.section_id);
        if (own.length === 0) return [{ roll, teacher: undefined, outcome: 'no_teacher' }];
        return own.map(({ id: person, email, ...names }) => {
          const teacher = { person, name: calledName(names), email: email.trim() };
          if (!send) return { roll, teacher, outcome: 'no_mail' };
          if (teacher.email === '') return { roll, teacher, outcome: 'no_address' };
          if (isRecent(roll.section_id, person)) return { roll, teacher, outcome: 'recent' };
          const known = due.get(person) ?? { ...teacher, rolls: [] };
          due.set(person, known);
          known.rolls.push(roll);
          return { roll, teacher, outcome: 'sent' };
        });
      });
      const rows = [...due.values()].flatMap(({ person, rolls }) =>
        rolls.map(({ section_id }) => [section_id, person]),
      );
      await tx.all(sql.sweep, { district, before: new Date(now - KEPT * 86_400_000).toISOString() });
      await tx.all(sql.add, { district, date, at, api, client, rows: JSON.stringify(rows) });
      return { done, reminders: [...due.values()] };
    });

    const lost = reminders.filter((reminder) => !send?.(reminder)).map(({ person }) => person);
    if (lost.length === 0) return done;
    const people = JSON.stringify(lost.map((id) => [id]));
    await database.transaction((tx) => tx.all(sql.remove, { district, date, at, people }));
    const isLost = ({ outcome, teacher }: Reminded) => outcome === 'sent' && lost.includes(teacher!.person);
    return done.map((each): Reminded => (isLost(each) ? { ...each, outcome: 'not_sent' } : each));
  };
}

/** All SQL of reminders. */
export function remindersSql({ knex, rows }: Pick<Engine, 'knex' | 'rows'>) {
  const sections = rows('sections', { id: 'bigint' });
  return {
    /** Who teaches the class on the day, and still does: whose roll it is. */
    teachers: text(
      knex,
      `select enrollments.section_id, people.id, people.email, people.given_name, people.preferred_name, people.family_name
      from ${sections} as asked
      cross join enrollments
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      where enrollments.section_id = asked.id and +enrollments.district_id = :district and enrollments.admin
        and ${enrolledOn('enrollments', ':date')} and enrollments.end_date > :yesterday and people.active
      group by enrollments.section_id, people.id, people.email, people.given_name, people.preferred_name,
        people.family_name
      order by enrollments.section_id, min(enrollments.id)`,
      { section_id: integer, id: integer, email: string, ...namesRow },
    ),
    hold: text(
      knex,
      knex('districts').select('districts.id').whereRaw('districts.id = :district').forNoKeyUpdate().toQuery(),
      { id: integer },
    ),
    recent: text(
      knex,
      `select roll_reminders.section_id, roll_reminders.person_id, max(roll_reminders.at) as at
      from ${sections} as asked
      cross join roll_reminders
      where roll_reminders.district_id = :district and roll_reminders.date = :date
        and roll_reminders.section_id = asked.id and roll_reminders.at > :since
      group by roll_reminders.section_id, roll_reminders.person_id`,
      { section_id: integer, person_id: integer, at: instant },
    ),
    add: text(
      knex,
      `insert into roll_reminders (district_id, section_id, date, person_id, at, api, client_id)
      select :district, made.section_id, :date, made.person_id, :at, :api, :client
      from ${rows('rows', { section_id: 'bigint', person_id: 'bigint' })} as made`,
    ),
    remove: text(
      knex,
      `delete from roll_reminders
      where roll_reminders.district_id = :district and roll_reminders.date = :date and roll_reminders.at = :at
        and roll_reminders.person_id in (select lost.id from ${rows('people', { id: 'bigint' })} as lost)`,
    ),
    sweep: text(
      knex,
      'delete from roll_reminders where roll_reminders.district_id = :district and roll_reminders.at <= :before',
    ),
  };
}
