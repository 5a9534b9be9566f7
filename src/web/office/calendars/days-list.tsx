import { locale } from '../../messages/language';
import { t } from '../../messages/messages';
import { longDay, plusMonths } from '../../shared/days';
import { Picture } from '../picture';
import { Table } from '../table';
import { type KnownCalendar, stateOf, weekdayNamed, weekdaysInOrder } from './days';

interface Options {
  readonly school: number;
  readonly calendar: KnownCalendar;
  /** The first month of the year that is looked at. */
  readonly first: string;
  onTouch(date: string): void;
}

/** What is set in a year, day by day. */
export function DaysList({ school, calendar, first, onTouch }: Options) {
  const set = [...calendar.days.keys()]
    .filter((date) => `${first}-01` <= date && date < `${plusMonths(first, 12)}-01`)
    .map((date) => stateOf(date, calendar))
    .filter(({ isSet, reason }) => isSet || reason);
  return (
    <Picture title={t('calendar.set')} path={`/calendars/${school}`} file="calendar">
      {set.length === 0 ? (
        <p>{t('calendar.nothing-set', { days: saidOfWeek(calendar.weekdays) })}</p>
      ) : (
        <Table
          label={t('calendar.set.table')}
          columns={[t('day'), t('calendar.is-school-day'), t('reason'), t('change')]}
        >
          {set.map(({ date, isSchoolDay, reason }) => (
            <tr key={date}>
              <th scope="row">{longDay(date)}</th>
              <td>{t(isSchoolDay ? 'calendar.yes' : 'calendar.no')}</td>
              <td>{reason}</td>
              <td>
                <button
                  type="button"
                  aria-label={t('calendar.change', { day: longDay(date) })}
                  onClick={() => onTouch(date)}
                >
                  {t('change')}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Picture>
  );
}

/** `Monday to Friday`, or day by day. */
function saidOfWeek(weekdays: KnownCalendar['weekdays']): string {
  const week = weekdaysInOrder();
  const open = week.filter((name) => weekdays.includes(name));
  const inARow = week.indexOf(open.at(-1)!) - week.indexOf(open[0]!) === open.length - 1;
  const names = open.map(weekdayNamed);
  return inARow && open.length > 2
    ? t('days.from-to', { from: names[0]!, to: names.at(-1)! })
    : new Intl.ListFormat(locale(), { type: 'unit' }).format(names);
}
