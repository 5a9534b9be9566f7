import type { RollSummary, Rolls } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { stateOf } from '../roll/roll-state';
import { get } from '../shared/api';
import { plusDays } from '../shared/days';
import { WhyNone } from '../shared/in-session';
import { Shown, useLoaded } from '../shared/loaded';
import { noSchoolOn } from '../shared/no-school';
import { compareNames, dayNamed, may, onlySchool, session } from '../shared/session';
import { useTitle } from '../shared/title';
import { SchoolPicker } from './pickers';
import { pick, picks } from './picks';
import { useRefresh } from './refresh';
import { RemindTeachers } from './remind-teachers';
import { pathOf } from './wire';

/** The rolls of a day, of a school or of all, period by period: those that are not taken, or all of them. */
export function RollsPage({ date }: { date: string }) {
  const { all, period, school } = picks();
  useTitle(date === session.value!.today ? t('rolls.today') : dayNamed(date));
  const path = pathOf('/reports/rolls', { date, school });
  const loaded = useLoaded(path, () => get<Rolls>(path));
  // Those of all schools of a large district are asked for once.
  useRefresh({ again: () => school && loaded.again() });
  const periods = periodsIn(loaded.value?.rolls ?? []);
  const { today } = session.value!;
  const ofDay = (day: string) => pathOf(`#/days/${day}`, picks());
  return (
    <>
      <header class="page-head">
        <h1>{t(date === today ? 'rolls.today' : 'rolls')}</h1>
        <nav class="day-steps" aria-label={t('day')}>
          <a href={ofDay(plusDays(date, -1))} aria-label={t('day.before')}>
            ‹
          </a>
          <time dateTime={date}>{dayNamed(date)}</time>
          <a href={ofDay(plusDays(date, 1))} aria-label={t('day.after')}>
            ›
          </a>
        </nav>
        <div class="pickers">
          <SchoolPicker />
          <label>
            {t('period')}
            <select
              value={period ?? ''}
              onChange={({ currentTarget }) => pick({ period: currentTarget.value || undefined })}
            >
              <option value="">{t('all')}</option>
              {periods.map((each) => (
                <option key={each} value={each} selected={each === period}>
                  {each}
                </option>
              ))}
            </select>
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={all !== 'yes'}
              onChange={({ currentTarget }) => pick({ all: currentTarget.checked ? undefined : 'yes' })}
            />
            {t('rolls.only-untaken')}
          </label>
        </div>
      </header>
      <Shown loaded={loaded}>
        {({ rolls }) => <Cards rolls={rolls} date={date} period={period} isAll={all === 'yes'} />}
      </Shown>
    </>
  );
}

interface CardsOptions {
  readonly rolls: readonly RollSummary[];
  readonly date: string;
  readonly period: string | undefined;
  readonly isAll: boolean;
}

function Cards({ rolls, date, period, isAll }: CardsOptions) {
  const school = picks().school ?? onlySchool();
  const closed = rolls.find(({ school_day }) => !school_day);
  const ofPeriod = rolls.filter((roll) => period === undefined || periodsOf(roll).includes(period));
  const untaken = ofPeriod.filter(({ taken_at }) => taken_at === null);
  const shown = isAll ? ofPeriod : untaken;
  const groups = [...new Set(shown.map(({ periods }) => periods))].sort(compareNames);
  return (
    <>
      {closed && (
        <p class="notice" role="note">
          {noSchoolOn(dayNamed(date), closed.reason)}
        </p>
      )}
      <p role="status">
        {ofPeriod.length === 0
          ? period === undefined
            ? t('day.no-class', { day: dayNamed(date) })
            : t('rolls.none-in-period', { day: dayNamed(date), period })
          : t('rolls.not-taken', { n: untaken.length, total: ofPeriod.length })}
      </p>
      {school && may('attendance:write') && untaken.length > 0 && date <= session.value!.today && (
        <RemindTeachers key={`${school} ${date} ${period}`} school={Number(school)} date={date} period={period} />
      )}
      {rolls.length === 0 && <WhyNone date={date} />}
      {groups.map((periods) => (
        <section key={periods} aria-label={periodNamed(periods)}>
          <h2>{periodNamed(periods)}</h2>
          <ul class="sections">
            {shown
              .filter((roll) => roll.periods === periods)
              .sort((one, other) => compareNames(one.title, other.title))
              .map((roll) => (
                <li key={roll.section_id}>
                  <Card roll={roll} date={date} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Card({ roll, date }: { roll: RollSummary; date: string }) {
  const { section_id, section_code, title, teachers, students, taken_at } = roll;
  return (
    <a class={`section ${taken_at ? 'taken' : 'untaken'}`} href={`#/sections/${section_id}/${date}`}>
      <strong>{title}</strong>
      <span>{teachers || t('class.no-teacher')}</span>
      <span class="quiet">
        {[picks().school ? '' : roll.school, section_code, t('count.students', { n: students })]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span class="state">{stateOf(roll, date)}</span>
    </a>
  );
}

const periodNamed = (periods: string): string => (periods ? t('rolls.of-period', { periods }) : t('rolls.no-period'));

/** A class may be held in several: `1, 2`. */
const periodsOf = ({ periods }: RollSummary): string[] => periods.split(/,\s*/).filter(Boolean);

const periodsIn = (rolls: readonly RollSummary[]): string[] =>
  [...new Set(rolls.flatMap(periodsOf))].sort(compareNames);
