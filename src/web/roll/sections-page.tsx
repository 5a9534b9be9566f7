import { useEffect } from 'preact/hooks';
import type { RollSummary, Rolls } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { plusDays } from '../shared/days';
import { WhyNone } from '../shared/in-session';
import { Shown, useLoaded } from '../shared/loaded';
import { noSchoolOn } from '../shared/no-school';
import { compareNames, dayNamed, session } from '../shared/session';
import { useTitle } from '../shared/title';
import { loadRolls } from './day';
import { OtherDay } from './other-day';
import { stateOf } from './roll-state';
import { keepSheets } from './sheet';

/** The sections of a day, those whose roll is not yet taken first. */
export function SectionsPage({ date }: { date: string }) {
  const { today, person } = session.value!;
  const loaded = useLoaded(`rolls ${date}`, () => loadRolls(date));
  const { value: found } = loaded;
  useEffect(() => {
    if (found && person && date === today) void keepSheets(found.rolls, found.date).catch(() => undefined);
  }, [found?.date]);
  useTitle(date === today ? t('today') : dayNamed(date));
  return (
    <>
      <header class="page-head">
        <h1>{date === today ? t('today') : dayNamed(date)}</h1>
        <nav class="day-steps" aria-label={t('day')}>
          <a href={`#/days/${plusDays(date, -1)}`} aria-label={t('day.before')}>
            ‹
          </a>
          <time dateTime={date}>{dayNamed(date)}</time>
          <a href={`#/days/${plusDays(date, 1)}`} aria-label={t('day.after')}>
            ›
          </a>
        </nav>
      </header>
      <Shown loaded={loaded}>{(rolls) => <Sections {...rolls} />}</Shown>
      <OtherDay date={date} to={(day) => `#/days/${day}`} />
      {person && (
        <p class="alone">
          <a href="#/untaken">{t('untaken.other-days')}</a>
        </p>
      )}
    </>
  );
}

function Sections({ rolls, date }: Rolls) {
  const closed = rolls.find(({ school_day }) => !school_day);
  return (
    <>
      {closed && (
        <p class="notice" role="note">
          {noSchoolOn(dayNamed(date), closed.reason)}
        </p>
      )}
      {rolls.length === 0 && <p>{t('day.no-class', { day: dayNamed(date) })}</p>}
      {(closed || rolls.length === 0) && <WhyNone date={date} />}
      <ul class="sections">
        {inOrder(rolls).map((roll) => (
          <li key={roll.section_id}>
            <a class={`section ${roll.taken_at ? 'taken' : 'untaken'}`} href={`#/sections/${roll.section_id}/${date}`}>
              <strong>{roll.title}</strong>
              <span class="quiet">
                {[
                  roll.section_code,
                  roll.periods && t('in-period', { periods: roll.periods }),
                  t('count.students', { n: roll.students }),
                  inPlaceOf(roll),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span class="state">{stateOf(roll, date)}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Whose class it is, of one that is taken for somebody else. */
function inPlaceOf({ teachers }: RollSummary): string {
  const { person } = session.value!;
  return person && teachers && !teachers.split(', ').includes(person.name)
    ? t('classes.in-place-of', { teachers })
    : '';
}

const inOrder = (rolls: readonly RollSummary[]): readonly RollSummary[] =>
  [...rolls].sort(
    (a, b) =>
      Number(a.taken_at !== null) - Number(b.taken_at !== null) ||
      compareNames(a.periods, b.periods) ||
      compareNames(a.title, b.title),
  );
