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
/** A day, week or month of which less than this part of the rolls of the fullest is taken says nothing of a trend. */
const ENOUGH = 0.1;
const columns = [
  'Rate of absence',
  'Rolls taken',
  'Days of students',
  'Absent',
  'of them excused',
  'Partly absent',
  'Late',
];

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
              {`, ${rollsOf(sum(rows))}`}
              {rows.some(({ assumed }) => assumed) && `. ${ASSUMED}`}
            </p>
            {isOverTime(by) && <LeftOut by={by} rows={rows.filter((row) => isThin(row, rows))} />}
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

/** What is no part of the line, since it would say of a whole week what is known of a roll or two. */
function LeftOut({ by, rows }: { by: Grouping; rows: readonly AbsenceRow[] }) {
  if (rows.length === 0) return null;
  const list = rows.map((row) => `${labelOf(by, row)} (${rollsOf(row.rolls_taken)})`);
  return <p>Not drawn, as few rolls are taken yet: {new Intl.ListFormat('en').format(list)}.</p>;
}

const isOverTime = (by: Grouping): boolean => by === 'day' || by === 'week' || by === 'month';

/** Rolls that nobody took say something, too, where the school counts so. */
const isThin = ({ rolls_taken, assumed }: AbsenceRow, rows: readonly AbsenceRow[]): boolean =>
  !assumed && rolls_taken < ENOUGH * Math.max(...rows.map((row) => row.rolls_taken));

const sum = (rows: readonly AbsenceRow[]): number => rows.reduce((total, row) => total + row.rolls_taken, 0);

const rollsOf = (count: number): string => (count === 1 ? '1 roll taken' : `${count.toLocaleString()} rolls taken`);

function drawn(by: Grouping, rows: readonly AbsenceRow[]): Drawing {
  if (isOverTime(by))
    return line(
      rows.map((row) => ({
        date: row.key,
        share: isThin(row, rows) ? null : row.absence_rate,
        rolls: row.rolls_taken,
      })),
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
  const { absence_rate, rolls_taken, student_days, absent_days, excused_days, partial_days, late_days } = row;
  const counts = [rolls_taken, student_days, absent_days, excused_days, partial_days, late_days].map((count) =>
    count.toLocaleString(language),
  );
  return [labelOf(by, row), absence_rate === null ? 'nobody enrolled' : percent(absence_rate), ...counts];
}
