import type { Database } from '../database/database';
import { text } from '../database/query';
import { openAbsence } from './absence';
import { type DayOf, openCalendar } from './calendar';

/** A school's day: how many rolls are taken of those that are in session, and who is away. */
export interface SchoolToday extends DayOf {
  readonly school_id: number;
  readonly school: string;
  readonly rolls: number;
  readonly taken: number;
  readonly students: number;
  readonly absent: number;
  readonly excused: number;
  readonly late: number;
}

interface RollsRow {
  readonly school_id: number;
  readonly school: string;
  readonly rolls: number;
  readonly taken: number;
}

/** A day of all schools of a district. */
export function openToday(database: Database) {
  const absence = openAbsence(database);
  const calendar = openCalendar(database);
  const rolls = text(
    database.knex,
    `select coalesce(sections.school_id, 0) as school_id, coalesce(schools.name, '') as school, count(*) as rolls,
      sum(case when meetings.taken_at is not null then 1 else 0 end) as taken
    from sections
    left join schools on schools.id = sections.school_id
    left join meetings on meetings.district_id = :district and meetings.section_id = sections.id
      and meetings.date = :date
    where sections.district_id = :district and sections.active
      and exists (select 1 from enrollments where enrollments.section_id = sections.id and not enrollments.admin
        and enrollments.begin_date <= :date and enrollments.end_date > :date)
    group by coalesce(sections.school_id, 0), coalesce(schools.name, '')
    order by coalesce(schools.name, ''), coalesce(sections.school_id, 0)`,
  );

  return async (district: number, date: string): Promise<SchoolToday[]> => {
    const [rows, cells, dayOf] = await Promise.all([
      database.all<RollsRow>(rolls, { district, date }),
      absence({ district, from: date, to: date, school: null }),
      calendar(district, date, date),
    ]);
    return rows.map((row) => {
      const cell = cells.find(({ school }) => school === row.school_id);
      const { students = 0, absent = 0, excused = 0, late = 0 } = cell ?? {};
      return { ...row, students, absent, excused, late, ...dayOf({ school: row.school_id, date }) };
    });
  };
}
