import type { OwnAttendance } from '../../../schemas/lti/attendance';
import { get } from '../shared/api';
import { longDayOfYear } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { wordOf } from '../shared/status';
import { useTitle } from '../shared/title';

/** A student's own attendance, to be looked at. */
export function OwnAttendancePage() {
  const loaded = useLoaded('own', () => get<OwnAttendance>('/lti/attendance'));
  useTitle('My attendance');
  return (
    <>
      <h1>My attendance</h1>
      <Shown loaded={loaded}>
        {({ name, rate, enrolled_days, absent_days, late_days, excused_days, from, days }) => (
          <>
            <p>
              {name}, since {longDayOfYear(from)}:{' '}
              {rate === null ? 'nothing is counted yet' : `present on ${Math.round(100 * rate)}%`} of {enrolled_days}{' '}
              days. Absent on {absent_days} days, of which {excused_days} were excused; late on {late_days}.
            </p>
            <table>
              <thead>
                <tr>
                  <th>Day</th>
                  <th>Class</th>
                  <th>What it was</th>
                </tr>
              </thead>
              <tbody>
                {days.map(({ date, section_id, section, status, periods }) => (
                  <tr key={`${date} ${section_id} ${periods}`}>
                    <td>{longDayOfYear(date)}</td>
                    <td>{section}</td>
                    <td>{wordOf(status)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Shown>
    </>
  );
}
