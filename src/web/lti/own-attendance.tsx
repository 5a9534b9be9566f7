import type { OwnAttendance } from '../../../schemas/lti/attendance';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { longDayOfYear } from '../shared/days';
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
            <table>
              <thead>
                <tr>
                  <th>{t('day')}</th>
                  <th>{t('class')}</th>
                  <th>{t('lti.own.what')}</th>
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
