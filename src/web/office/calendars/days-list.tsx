import { longDay, plusMonths } from '../../shared/days';
import { Picture } from '../picture';
import { Table } from '../table';
import type { CalendarDay } from '../wire';
import { stateOf } from './days';

interface Options {
  readonly school: number;
  readonly days: ReadonlyMap<string, CalendarDay>;
  /** The first month of the year that is looked at. */
  readonly first: string;
  onTouch(date: string): void;
}

/** What is set in a year, day by day. */
export function DaysList({ school, days, first, onTouch }: Options) {
  const set = [...days.keys()]
    .filter((date) => `${first}-01` <= date && date < `${plusMonths(first, 12)}-01`)
    .map((date) => stateOf(date, days))
    .filter(({ isSet, reason }) => isSet || reason);
  return (
    <Picture title="Days that are set" path={`/calendars/${school}`} file="calendar">
      {set.length === 0 ? (
        <p>Nothing is set in this year: Monday to Friday are school days.</p>
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
