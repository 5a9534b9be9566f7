import type { Actor } from '../actor';
import type { Database } from '../database/database';
import { calledName, type Names } from '../roster/names';
import { yesterday } from '../roster/teaches';
import { type DayOf, openCalendar } from './calendar';
import { rollsSql } from './rolls-sql';

interface SectionRow {
  readonly section_id: number;
  readonly title: string;
  readonly section_code: string;
  readonly periods: string;
  readonly class_type: string;
  readonly school_id: number | null;
  readonly school: string;
  readonly taken_at: string | null;
  readonly students: number;
}

/** The roll of a section on a day, in short. */
export interface RollSummary extends SectionRow, DayOf {
  /** Their names, joined by commas. */
  readonly teachers: string;
  readonly absent: number;
  readonly late: number;
  readonly excused: number;
}

/** The rolls of a day: of each section that has students then, as far as the actor may see them. */
export function openRolls(database: Database) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);

  return async (actor: Actor, date: string, school: number | null): Promise<RollSummary[]> => {
    const { district, person } = actor;
    const rows = await database.all<SectionRow>(sql.inSession, {
      district,
      person,
      yesterday: yesterday(),
      date,
      school,
    });
    const asked = { district, date, sections: JSON.stringify(rows.map(({ section_id }) => [section_id])) };
    const [marked, teachers, dayOf] = await Promise.all([
      database.all<{ section_id: number; status: number; count: number }>(sql.marked, asked),
      database.all<Names & { section_id: number }>(sql.teachers, asked),
      calendar(district, date, date),
    ]);
    const counts = new Map(marked.map(({ section_id, status, count }) => [`${section_id} ${status}`, count]));
    const names = new Map<number, string[]>();
    for (const row of teachers) names.set(row.section_id, [...(names.get(row.section_id) ?? []), calledName(row)]);
    return rows.map((row) => {
      const [absent, late, excused] = [2, 3, 4].map((status) => counts.get(`${row.section_id} ${status}`) ?? 0);
      const found = { absent: absent!, late: late!, excused: excused! };
      return {
        ...row,
        teachers: (names.get(row.section_id) ?? []).join(', '),
        ...found,
        ...dayOf({ school: row.school_id ?? 0, date }),
      };
    });
  };
}
