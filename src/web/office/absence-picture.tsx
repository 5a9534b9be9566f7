import type { Absence, AbsenceRow, Grouping } from '../../../schemas/rollbook/reports';
import { locale } from '../messages/language';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { longMonth, longWeekday, mediumDay, plusDays } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { counted, percent } from '../shared/rates';
import { assumedText } from '../shared/reports';
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
const columnsOf = (by: Grouping): string[] => [
  t(`absence-by.${by}`),
  t('absence-by.rate'),
  t('absence-by.rolls'),
  t('absence-by.student-days'),
  t('absence-by.absent'),
  t('absence-by.excused'),
  t('absence-by.partial'),
  t('absence-by.late'),
];

/** Of any week. */
const A_SUNDAY = '2024-01-07';

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
              {t('days.from-to', { from: mediumDay(from), to: mediumDay(to) })}
              {by === 'school' && rows.length > MOST_BARS && `, ${t('absence-by.most', { n: MOST_BARS })}`}
              {`, ${rollsOf(sum(rows))}`}
              {rows.some(({ assumed }) => assumed) && `. ${assumedText()}`}
            </p>
            {isOverTime(by) && <LeftOut by={by} rows={rows.filter((row) => isThin(row, rows))} />}
            {rows.length === 0 ? (
              <p>{t('absence-by.nothing')}</p>
            ) : (
              <>
                <Chart drawing={drawn(by, rows)} />
                <Numbers caption={title} columns={columnsOf(by)} rows={rows.map((row) => cellsOf(by, row))} />
              </>
            )}
          </>
        )}
      </Shown>
    </Picture>
  );
}

/** What is no part of the line, since it would say of a whole week what is known of a roll or two. */
function LeftOut({ by, rows }: { by: Grouping; rows: readonly AbsenceRow[] }) {
  if (rows.length === 0) return null;
  const list = rows.map((row) => `${labelOf(by, row)} (${rollsOf(row.rolls_taken)})`);
  return <p>{t('absence-by.left-out', { list: new Intl.ListFormat(locale()).format(list) })}</p>;
}

const isOverTime = (by: Grouping): boolean => by === 'day' || by === 'week' || by === 'month';

/** Rolls that nobody took say something, too, where the school counts so. */
const isThin = ({ rolls_taken, assumed }: AbsenceRow, rows: readonly AbsenceRow[]): boolean =>
  !assumed && rolls_taken < ENOUGH * Math.max(...rows.map((row) => row.rolls_taken));

const sum = (rows: readonly AbsenceRow[]): number => rows.reduce((total, row) => total + row.rolls_taken, 0);

const rollsOf = (count: number): string => t('absence-by.rolls-taken', { n: count });

function drawn(by: Grouping, rows: readonly AbsenceRow[]): Drawing {
  if (isOverTime(by))
    return line(
      rows.map((row) => ({
        date: row.key,
        share: isThin(row, rows) ? null : row.absence_rate,
        rolls: row.rolls_taken,
      })),
      t('absence-by.absent'),
    );
  const list = rows.map((row) => ({ label: labelOf(by, row), value: row.absence_rate ?? 0 }));
  if (by === 'school') list.sort((one, other) => other.value - one.value);
  return bars(list.slice(0, MOST_BARS), (share) => percent(share));
}

function labelOf(by: Grouping, { key, label }: AbsenceRow): string {
  if (by === 'month') return longMonth(key);
  if (by === 'day' || by === 'week') return mediumDay(key);
  if (by === 'weekday') return longWeekday(plusDays(A_SUNDAY, Number(key)));
  return label || t('no-school');
}

function cellsOf(by: Grouping, row: AbsenceRow): string[] {
  const { absence_rate, rolls_taken, student_days, absent_days, excused_days, partial_days, late_days } = row;
  const counts = [rolls_taken, student_days, absent_days, excused_days, partial_days, late_days].map(counted);
  return [labelOf(by, row), absence_rate === null ? t('absence-by.nobody') : percent(absence_rate), ...counts];
}
