import type { AbsenceRow, Grouping } from '../../schemas/rollbook/reports';
import type { Cell } from './counted';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface Sums {
  rolls: number;
  assumed: boolean;
  students: number;
  absent: number;
  excused: number;
  late: number;
  partial: number;
}

/** Puts the cells together, in the order of their keys. */
export function groupsOf(cells: readonly Cell[], by: Grouping, schools: ReadonlyMap<number, string>): AbsenceRow[] {
  const sums = new Map<string, Sums>();
  const known = new Map<string, string>();
  for (const cell of cells) {
    const part = by === 'school' ? String(cell.school) : cell.date;
    const key = known.get(part) ?? keyOf[by](cell);
    known.set(part, key);
    const sum = sums.get(key) ?? { rolls: 0, assumed: false, students: 0, absent: 0, excused: 0, late: 0, partial: 0 };
    sum.rolls += cell.rolls;
    sum.assumed ||= cell.assumed;
    sum.students += cell.students;
    sum.absent += cell.absent;
    sum.excused += cell.excused;
    sum.late += cell.late;
    sum.partial += cell.partial;
    sums.set(key, sum);
  }
  return [...sums]
    .sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
    .map(([key, { rolls, assumed, students, absent, excused, late, partial }]) => ({
      key,
      label: by === 'school' ? (schools.get(Number(key)) ?? '') : by === 'weekday' ? weekdays[Number(key)]! : key,
      rolls_taken: rolls,
      assumed,
      student_days: students,
      absent_days: absent,
      excused_days: excused,
      late_days: late,
      partial_days: partial,
      absence_rate: students > 0 ? absent / students : null,
    }));
}

const keyOf: Readonly<Record<Grouping, (cell: Cell) => string>> = {
  day: ({ date }) => date,
  week: ({ date }) => mondayOf(date),
  month: ({ date }) => date.slice(0, 7),
  weekday: ({ date }) => String(weekdayOf(date)),
  school: ({ school }) => String(school),
};

const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** The Monday on or before the day (ISO 8601 weeks begin on Monday). */
function mondayOf(date: string): string {
  const monday = new Date(`${date}T00:00:00Z`);
  monday.setUTCDate(monday.getUTCDate() - ((weekdayOf(date) + 6) % 7));
  return monday.toISOString().slice(0, 10);
}
