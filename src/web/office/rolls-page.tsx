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
  const closed = rolls.filter(({ school_day }) => !school_day);
  const isClosed = rolls.length > 0 && closed.length === rolls.length;
  const ofPeriod = rolls.filter((roll) => period === undefined || periodsOf(roll).includes(period));
  const taken = ofPeriod.filter(({ taken_at }) => taken_at !== null);
  const untaken = ofPeriod.filter((roll) => roll.taken_at === null && isDue(roll));
  const shown = isAll ? ofPeriod : isClosed ? taken : untaken;
  const groups = [...new Set(shown.map(({ periods }) => periods))].sort(compareNames);
  return (
    <>
      {closed.length > 0 && (
        <p class="notice" role="note">
          {isClosed
            ? noSchoolOn(dayNamed(date), closed[0]!.reason)
            : t('rolls.closed-schools', { n: new Set(closed.map(({ school_id }) => school_id)).size })}
        </p>
      )}
      <p role="status">
        {ofPeriod.length === 0
          ? period === undefined
            ? t('day.no-class', { day: dayNamed(date) })
            : t('rolls.none-in-period', { day: dayNamed(date), period })
          : isClosed
            ? t('rolls.taken-without-school', { n: taken.length })
            : t('rolls.not-taken', { n: untaken.length, total: untaken.length + taken.length })}
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

/** On a day without school nobody has to take a roll; one that is taken all the same says what it says. */
const isDue = ({ school_day }: RollSummary): boolean => school_day;

function Card({ roll, date }: { roll: RollSummary; date: string }) {
  const { section_id, section_code, title, teachers, students, taken_at, marked } = roll;
  const isUntaken = !taken_at && (isDue(roll) || marked > 0);
  return (
    <a class={`section ${taken_at ? 'taken' : isUntaken ? 'untaken' : ''}`} href={`#/sections/${section_id}/${date}`}>
      <strong>{title}</strong>
      <span>{teachers || t('class.no-teacher')}</span>
      <span class="quiet">
        {[picks().school ? '' : roll.school, section_code, t('count.students', { n: students })]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span class="state">{taken_at || isUntaken ? stateOf(roll, date) : t('rolls.not-due')}</span>
    </a>
  );
}

const periodNamed = (periods: string): string => (periods ? t('rolls.of-period', { periods }) : t('rolls.no-period'));

/** A class may be held in several: `1, 2`. */
const periodsOf = ({ periods }: RollSummary): string[] => periods.split(/,\s*/).filter(Boolean);

const periodsIn = (rolls: readonly RollSummary[]): string[] =>
  [...new Set(rolls.flatMap(periodsOf))].sort(compareNames);
