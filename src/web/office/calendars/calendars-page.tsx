/*
 * `src/web/office/calendars/`: When a school is open: its week, its days off, and what untaken days count as.
 * A change of days that were counted is shown before it is made.
 */

import type { Absence } from '../../../../schemas/rollbook/reports';
import { t } from '../../messages/messages';
import { get } from '../../shared/api';
import { Shown, useLoaded } from '../../shared/loaded';
import { replaceHash } from '../../shared/route';
import { useTitle } from '../../shared/title';
import { useSchools } from '../schools';
import type { School } from '../wire';
import { pathOf } from '../wire';
import { SchoolCalendar } from './school-calendar';

/** Which days are school days, school by school. */
export function CalendarsPage({ school }: { school: number | undefined }) {
  const schools = useSchools();
  useTitle(t('calendars'));
  return (
    <>
      <header class="page-head">
        <h1>{t('calendars')}</h1>
      </header>
      <Shown loaded={schools}>
        {(list) => {
          const shown = school === undefined ? list[0] : list.find(({ id }) => id === school);
          return (
            <>
              <Schools list={list} shown={shown} />
              {shown && <Year key={shown.id} school={shown} />}
            </>
          );
        }}
      </Shown>
    </>
  );
}

function Schools({ list, shown }: { list: readonly School[]; shown: School | undefined }) {
  if (list.length === 0) return <p>{t('calendar.no-schools')}</p>;
  return (
    <div class="pickers">
      <label>
        {t('school')}
        <select
          value={shown ? String(shown.id) : ''}
          onChange={({ currentTarget }) => replaceHash(`#/calendars/${currentTarget.value}`)}
        >
          {!shown && <option value="">{t('calendar.no-such-school')}</option>}
          {list.map(({ id, name }) => (
            <option key={id} value={String(id)} selected={id === shown?.id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Where the school year begins is the server's to say: it is where its reports do. */
function Year({ school }: { school: School }) {
  const path = pathOf('/reports/absence', { by: 'month', school: school.id });
  const loaded = useLoaded(path, () => get<Absence>(path));
  return <Shown loaded={loaded}>{({ from }) => <SchoolCalendar school={school.id} begins={from.slice(0, 7)} />}</Shown>;
}
