import type { Untaken, UntakenRoll } from '../../../schemas/rollbook/absentees';
import { t } from '../messages/messages';
import { untakenState } from '../roll/roll-state';
import { get } from '../shared/api';
import { plusDays } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { query } from '../shared/route';
import { compareNames, dayNamed } from '../shared/session';
import { useTitle } from '../shared/title';

/** A teacher's own rolls that are not taken. */
export function OwnUntakenPage() {
  useTitle(t('untaken'));
  return (
    <>
      <header class="page-head">
        <h1>{t('untaken')}</h1>
      </header>
      <UntakenRolls />
    </>
  );
}

/** The rolls of school days up to today that nobody took, the newest first, each with a link to take it. */
export function UntakenRolls({ school }: { school?: number | undefined }) {
  const to = query.value.get('to');
  const asked = new URLSearchParams({ ...(school && { school: String(school) }), ...(to && { to }) });
  const path = `/reports/untaken?${asked}`;
  const loaded = useLoaded(path, () => get<Untaken>(path));
  const at = (day?: string) =>
    `#/untaken?${new URLSearchParams({ ...(school && { school: String(school) }), ...(day && { to: day }) })}`;
  return (
    <Shown loaded={loaded}>
      {({ rolls, from, next, ...shown }) => (
        <>
          {rolls.length === 0 && (
            <p>{t('untaken.none', { from: dayNamed(next ? plusDays(next, 1) : from), to: dayNamed(shown.to) })}</p>
          )}
          {daysOf(rolls).map(([date, some]) => (
            <section key={date} aria-labelledby={`untaken-${date}`}>
              <h2 id={`untaken-${date}`}>
                <time dateTime={date}>{dayNamed(date)}</time>
              </h2>
              <ul class="sections">
                {some.map((roll) => (
                  <li key={roll.section_id}>
                    <a class="section untaken" href={`#/sections/${roll.section_id}/${date}`}>
                      <strong>{roll.title}</strong>
                      <span class="quiet">{detailsOf(roll, school !== undefined)}</span>
                      <span class="state">{untakenState(roll.marked)}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          <nav class="pager" aria-label={t('pages')}>
            {to && <a href={at()}>{t('untaken.newest')}</a>} {next && <a href={at(next)}>{t('untaken.earlier')}</a>}
          </nav>
        </>
      )}
    </Shown>
  );
}

/** The rolls day by day, those of a day by period and title. */
function daysOf(rolls: readonly UntakenRoll[]): [date: string, rolls: UntakenRoll[]][] {
  const days = new Map<string, UntakenRoll[]>();
  for (const roll of rolls) days.set(roll.date, [...(days.get(roll.date) ?? []), roll]);
  return [...days].map(([date, some]) => [
    date,
    some.sort((one, other) => compareNames(one.periods, other.periods) || compareNames(one.title, other.title)),
  ]);
}

const detailsOf = (roll: UntakenRoll, withTeachers: boolean): string =>
  [
    roll.section_code,
    roll.periods && t('in-period', { periods: roll.periods }),
    withTeachers && (roll.teachers || t('class.no-teacher')),
    t('count.students', { n: roll.students }),
  ]
    .filter(Boolean)
    .join(' · ');
