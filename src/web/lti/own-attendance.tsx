import { useRef } from 'preact/hooks';
import type { OwnAttendance } from '../../../schemas/lti/attendance';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { longDayOfYear } from '../shared/days';
import { Heads, useCellHeads } from '../shared/heads';
import { Shown, useLoaded } from '../shared/loaded';
import { percent } from '../shared/rates';
import { wordOf } from '../shared/status';
import { useTitle } from '../shared/title';

/** A student's own attendance, to be looked at. */
export function OwnAttendancePage() {
  const loaded = useLoaded('own', () => get<OwnAttendance>('/lti/attendance'));
  useTitle(t('lti.own'));
  return (
    <>
      <h1>{t('lti.own')}</h1>
      <Shown loaded={loaded}>
        {({ name, rate, enrolled_days, absent_days, late_days, excused_days, from, days }) => (
          <>
            <p>
              {rate === null
                ? t('lti.own.no-rate', { name, from: longDayOfYear(from) })
                : t('lti.own.rate', {
                    name,
                    from: longDayOfYear(from),
                    rate: percent(rate, 0),
                    days: enrolled_days,
                  })}{' '}
              {t('lti.own.counts', { absent: absent_days, excused: excused_days, late: late_days })}
            </p>
            {days.length > 0 && <Days days={days} />}
          </>
        )}
      </Shown>
    </>
  );
}

/** The days on which they were not there, or not all the time. */
function Days({ days }: Pick<OwnAttendance, 'days'>) {
  const table = useRef<HTMLTableElement>(null);
  const columns = [t('day'), t('class'), t('lti.own.what')];
  useCellHeads(table, columns);
  return (
    <table class="list" ref={table}>
      <Heads of={columns} />
      <tbody>
        {days.map(({ date, section_id, section, status, periods }) => (
          <tr key={`${date} ${section_id} ${periods}`}>
            <th scope="row">{longDayOfYear(date)}</th>
            <td>{section}</td>
            <td class={`status-${status}`}>{wordOf(status)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
