import type { Absence, AbsenceRow, Grouping } from '../../../schemas/rollbook/reports';
import { get } from '../shared/api';
import { longMonth, mediumDay } from '../shared/days';
import { language } from '../shared/language';
import { Shown, useLoaded } from '../shared/loaded';
import { percent } from '../shared/rates';
import { ASSUMED } from '../shared/reports';
import { bars } from './bars';
import { Chart, type Drawing } from './chart';
import { line } from './line';
import { Numbers } from './numbers';
import type { Picks } from './picks';
import { Picture } from './picture';
import { pathOf } from './wire';

/** More bars than can be told apart. */
const MOST_BARS = 30;
const columns = ['Rate of absence', 'Days of students', 'Absent', 'of them excused', 'Partly absent', 'Late'];

interface Options {
  readonly title: string;
  readonly by: Grouping;
  readonly span: Picks;
}

/** The rate of absence, put together by something: drawn, and as numbers. */
export function AbsencePicture({ title, by, span }: Options) {
  const path = pathOf('/reports/absence', { by, ...span });
  const loaded = useLoaded(path, () => get<Absence>(path));
  return (
    <Picture title={title} path={path} file={`absence-by-${by}`}>
      <Shown loaded={loaded}>
        {({ from, to, rows }) => (
          <>
            <p class="quiet">
              {mediumDay(from)} to {mediumDay(to)}
              {by === 'school' && rows.length > MOST_BARS && `, the ${MOST_BARS} schools that miss most`}
              {rows.some(({ assumed }) => assumed) && `. ${ASSUMED}`}
            </p>
            {rows.length === 0 ? (
              <p>Nothing is known of any school day in this time.</p>
            ) : (
              <>
                <Chart drawing={drawn(by, rows)} />
                <Numbers
                  caption={title}
                  columns={[nameOf[by], ...columns]}
                  rows={rows.map((row) => cellsOf(by, row))}
                />
              </>
            )}
          </>
        )}
      </Shown>
    </Picture>
  );
}

const nameOf: Readonly<Record<Grouping, string>> = {
  day: 'Day',
  week: 'Week of',
  month: 'Month',
  weekday: 'Weekday',
  school: 'School',
};

function drawn(by: Grouping, rows: readonly AbsenceRow[]): Drawing {
  const isOverTime = by === 'day' || by === 'week' || by === 'month';
  if (isOverTime)
    return line(
      rows.map(({ key, absence_rate }) => ({ date: key, share: absence_rate })),
      'Absent',
    );
  const list = rows.map((row) => ({ label: labelOf(by, row), value: row.absence_rate ?? 0 }));
  if (by === 'school') list.sort((one, other) => other.value - one.value);
  return bars(list.slice(0, MOST_BARS), percent);
}

function labelOf(by: Grouping, { key, label }: AbsenceRow): string {
  if (by === 'month') return longMonth(key);
  if (by === 'day' || by === 'week') return mediumDay(key);
  return label || 'No school';
}

function cellsOf(by: Grouping, row: AbsenceRow): string[] {
  const { absence_rate, student_days, absent_days, excused_days, partial_days, late_days } = row;
  const counts = [student_days, absent_days, excused_days, partial_days, late_days].map((count) =>
    count.toLocaleString(language),
  );
  return [labelOf(by, row), absence_rate === null ? 'nobody enrolled' : percent(absence_rate), ...counts];
}
