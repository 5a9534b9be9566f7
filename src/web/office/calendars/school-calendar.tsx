import { useState } from 'preact/hooks';
import type { Calendar } from '../../../../schemas/rollbook/calendars';
import { t } from '../../messages/messages';
import { get } from '../../shared/api';
import { plusMonths } from '../../shared/days';
import { Shown, useLoaded } from '../../shared/loaded';
import { session } from '../../shared/session';
import { DayDialog } from './day-dialog';
import { known, stateOf } from './days';
import { DaysList } from './days-list';
import { EditDaysSetting } from './edit-days-setting';
import { ImportForm } from './import-form';
import { UntakenSetting } from './untaken-setting';
import { WeekForm } from './week-form';
import { YearGrid } from './year-grid';

interface Options {
  readonly school: number;
  /** The first month of the school year. */
  readonly begins: string;
}

/**
 * A day that was touched, and how often one was: a dialog says that it is closed only after it is, and the next key may
 * have opened another by then.
 */
interface Touched {
  readonly date: string;
  readonly nth: number;
}

/** A school's year at a glance, in which days are taken out and put in. */
export function SchoolCalendar({ school, begins }: Options) {
  const [first, setFirst] = useState(begins);
  const [touched, setTouched] = useState<Touched>();
  const [said, setSaid] = useState('');
  const loaded = useLoaded(`calendar ${school}`, () => get<Calendar>(`/calendars/${school}`));
  const onTouch = (date: string) => setTouched((before) => ({ date, nth: (before?.nth ?? 0) + 1 }));
  const onSet = (news: string) => {
    setTouched(undefined);
    setSaid(news);
    loaded.again();
  };
  return (
    <Shown loaded={loaded}>
      {(calendar) => {
        const asked = known(calendar);
        return (
          <>
            <YearSteps first={first} onStep={(months) => setFirst(plusMonths(first, months))} />
            <p class="news" role="status">
              {said}
            </p>
            <p class="quiet legend">
              <span class="day usual">8</span> {t('calendar.day.usual')} <span class="day weekend">8</span>{' '}
              {t('weekend')} <span class="day taken-out">8</span> {t('calendar.day.taken-out')}{' '}
              <span class="day put-in">8</span> {t('calendar.legend.put-in')}
            </p>
            <YearGrid first={first} calendar={asked} today={session.value!.today} onTouch={onTouch} />
            {touched && (
              <DayDialog
                key={touched.nth}
                school={school}
                day={stateOf(touched.date, asked)}
                weekdays={calendar.weekdays}
                onSet={onSet}
                onClose={() => setTouched((now) => (now === touched ? undefined : now))}
              />
            )}
            <WeekForm school={school} weekdays={calendar.weekdays} onSet={onSet} />
            <DaysList school={school} calendar={asked} first={first} onTouch={onTouch} />
            <ImportForm school={school} before={asked} onSet={onSet} />
            <UntakenSetting school={school} />
            <EditDaysSetting school={school} />
          </>
        );
      }}
    </Shown>
  );
}

function YearSteps({ first, onStep }: { first: string; onStep(months: number): void }) {
  const [year, next] = [first.slice(0, 4), plusMonths(first, 11).slice(0, 4)];
  return (
    <nav class="day-steps" aria-label={t('calendar.year')}>
      <button type="button" aria-label={t('calendar.year.before')} onClick={() => onStep(-12)}>
        ‹
      </button>
      <h2>{year === next ? year : t('days.from-to', { from: year, to: next })}</h2>
      <button type="button" aria-label={t('calendar.year.after')} onClick={() => onStep(12)}>
        ›
      </button>
    </nav>
  );
}
