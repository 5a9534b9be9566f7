import { longDay, plusMonths } from '../../shared/days';
import { Picture } from '../picture';
import { Table } from '../table';
import { type KnownCalendar, stateOf, weekdayNames } from './days';

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
    <Picture title="Days that are set" path={`/calendars/${school}`} file="calendar">
      {set.length === 0 ? (
        <p>Nothing is set in this year: {saidOfWeek(calendar.weekdays)} are school days.</p>
      ) : (
        <Table label="Days that are set, one a row" columns={['Day', 'School', 'Reason', 'Change']}>
          {set.map(({ date, isSchoolDay, reason }) => (
            <tr key={date}>
              <th scope="row">{longDay(date)}</th>
              <td>{isSchoolDay ? 'yes' : 'no'}</td>
              <td>{reason}</td>
              <td>
                <button type="button" aria-label={`Change ${longDay(date)}`} onClick={() => onTouch(date)}>
                  Change
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
  const open = weekdayNames.filter((name) => weekdays.includes(name)).map(capital);
  const inARow = weekdayNames.indexOf(weekdays.at(-1)!) - weekdayNames.indexOf(weekdays[0]!) === open.length - 1;
  return inARow && open.length > 2 ? `${open[0]} to ${open.at(-1)}` : open.join(', ');
}

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
