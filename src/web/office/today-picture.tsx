import type { SchoolToday, Today } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { get } from '../shared/api';
import { longDay } from '../shared/days';
import { ErrorText } from '../shared/error-text';
import { WhyNone } from '../shared/in-session';
import { Shown, useLoaded } from '../shared/loaded';
import { noSchoolOn } from '../shared/no-school';
import { counted } from '../shared/rates';
import { isSaidAbove } from '../shared/session';
import { bars } from './bars';
import { Chart } from './chart';
import { Picture } from './picture';
import { useRefresh } from './refresh';
import { TodayTable } from './today-table';
import { pathOf } from './wire';

const MOST_BARS = 15;

/** Which rolls are not taken yet today, school by school; it stays up to date while it is looked at. */
export function TodayPicture({ school }: { school: string | undefined }) {
  const loaded = useLoaded('today', () => get<Today>('/reports/today'));
  useRefresh(loaded);
  return (
    <Picture title={t('today.rolls')} path={pathOf('/reports/rolls', { taken: 'no', school })} file="rolls-not-taken">
      {loaded.value && loaded.error && !isSaidAbove(loaded.error) && (
        <p class="notice" role="alert">
          {rich('today.not-up-to-date', { why: <ErrorText error={loaded.error} /> })}
        </p>
      )}
      <Shown loaded={loaded}>
        {({ date, schools }) => (
          <Day date={date} schools={schools.filter(({ school_id }) => !school || school_id === Number(school))} />
        )}
      </Shown>
    </Picture>
  );
}

function Day({ date, schools }: Today) {
  const open = schools.filter(({ school_day }) => school_day);
  const rolls = sum(open.map(({ rolls }) => rolls));
  const missing = sum(open.map(({ not_taken }) => not_taken));
  const marked = sum(open.map(({ marked }) => marked));
  if (schools.length === 0)
    return (
      <>
        <p>{t('today.nobody', { day: longDay(date) })}</p>
        <WhyNone date={date} />
      </>
    );
  return (
    <>
      <p role="status">{open.length === 0 ? noSchoolOn(longDay(date), '') : saidOf(date, rolls, missing, marked)}</p>
      {open.length === 0 && <WhyNone date={date} />}
      {missing > 0 && <Chart drawing={bars(barsOf(open), counted)} />}
      <TodayTable date={date} schools={schools} />
    </>
  );
}

function saidOf(date: string, rolls: number, missing: number, marked: number): string {
  const day = longDay(date);
  if (missing === 0) return t('today.all-taken', { n: rolls, day });
  return t(marked === 0 ? 'today.missing' : 'today.missing-marked', { n: missing, total: rolls, day, marked });
}

/** The schools with most to do. */
const barsOf = (schools: readonly SchoolToday[]) =>
  schools
    .map(({ school, not_taken }) => ({ label: school || t('no-school'), value: not_taken }))
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value)
    .slice(0, MOST_BARS);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
