import type { Actor } from '../actor';
import type { Database } from '../database/database';
import { calledName, type Names } from '../roster/names';
import { yesterday } from '../roster/teaches';
import { breath } from './breath';
import { type DayOf, openCalendar, type SchoolOn } from './calendar';
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
  /** Students of whom something was told on a roll that is not taken, present or not; 0 once it is. */
  readonly marked: number;
}

/** The rolls of a day: of each section that has students then, as far as the actor may see them. */
export function openRolls(database: Database) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);

  /** School by school: a district has too many of them for one statement. */
  async function* inSession({ district, person }: Actor, date: string, school: number | null) {
    if (person !== null) {
      const asked = { district, person, yesterday: yesterday(), date, school };
      yield await database.all<SectionRow>(sql.taught, asked);
    } else if (school !== null) yield await database.all<SectionRow>(sql.inSession, { district, date, school });
    else
      for (const { id } of await database.all<{ id: number }>(sql.schools, { district })) {
        await breath();
        yield await database.all<SectionRow>(sql.inSession, { district, date, school: id });
      }
  }

  async function summaries(district: number, date: string, rows: readonly SectionRow[], dayOf: CalendarOf) {
    const asked = { district, date, sections: JSON.stringify(rows.map(({ section_id }) => [section_id])) };
    const open = JSON.stringify(rows.flatMap(({ section_id, taken_at }) => (taken_at ? [] : [[section_id]])));
    const [marks, presences, teachers] = await Promise.all([
      database.all<{ section_id: number; status: number; count: number }>(sql.marks, asked),
      open === '[]'
        ? []
        : database.all<{ section_id: number; count: number }>(sql.presences, { ...asked, sections: open }),
      database.all<Names & { section_id: number }>(sql.teachers, asked),
    ]);
    const counts = new Map(marks.map(({ section_id, status, count }) => [`${section_id} ${status}`, count]));
    const present = new Map(presences.map(({ section_id, count }) => [section_id, count]));
    const names = new Map<number, string[]>();
    for (const row of teachers) names.set(row.section_id, [...(names.get(row.section_id) ?? []), calledName(row)]);
    return rows.map((row): RollSummary => {
      const count = (status: number) => counts.get(`${row.section_id} ${status}`) ?? 0;
      const [absent, late, excused] = [count(2), count(3), count(4)];
      const told = absent + late + excused + (present.get(row.section_id) ?? 0);
      return {
        ...row,
        teachers: (names.get(row.section_id) ?? []).join(', '),
        absent,
        late,
        excused,
        marked: row.taken_at ? 0 : told,
        ...dayOf({ school: row.school_id ?? 0, date }),
      };
    });
  }

  return async function* (actor: Actor, date: string, school: number | null): AsyncGenerator<RollSummary[]> {
    const dayOf = await calendar(actor.district, date, date);
    for await (const rows of inSession(actor, date, school)) yield summaries(actor.district, date, rows, dayOf);
  };
}

type CalendarOf = (day: SchoolOn) => DayOf;
