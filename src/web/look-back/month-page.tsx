/*
 * `src/web/look-back/`: What was: a month of a section, the history of a student, who changed what.
 * Nothing is written here.
 */

import { direction } from '../messages/language';
import { t } from '../messages/messages';
import './month.css';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { MonthDay, MonthStudent, SectionMonth } from '../../../schemas/rollbook/history';
import { monthPath } from '../roll/sheet';
import { getKept } from '../shared/cache';
import { longDay, longMonth, plusMonths, weekday } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { isEnrolled } from '../shared/reports';
import { session } from '../shared/session';
import { letterOf, PRESENT, type Status, statuses, wordOf } from '../shared/status';
import { useTitle } from '../shared/title';

/** A section's month: students by days, a letter and a colour for each status. */
export function MonthPage({ section, month }: { section: number; month: string }) {
  const path = monthPath(section, month);
  const loaded = useLoaded(path, () => getKept<SectionMonth>(path));
  useTitle(loaded.value?.section.title ?? t('month'), longMonth(month));
  const linkTo = (months: number) => `#/sections/${section}/month/${plusMonths(month, months)}`;
  return (
    <>
      <header class="page-head">
        <h1>{loaded.value?.section.title ?? t('month')}</h1>
        <nav class="day-steps" aria-label={t('month')}>
          <a href={linkTo(-1)} aria-label={t('month.before')}>
            ‹
          </a>
          <span>{longMonth(month)}</span>
          <a href={linkTo(1)} aria-label={t('month.after')}>
            ›
          </a>
        </nav>
      </header>
      <Shown loaded={loaded}>{(found) => <Grid key={month} {...found} />}</Shown>
    </>
  );
}

function Grid({ section, month, days, students }: SectionMonth) {
  const { today } = session.value!;
  const latest = days.filter(({ date }) => date <= today).at(-1)?.date;
  const place = useRef<HTMLElement>(null);
  // Where there is not room for all days, the newest are looked at first: the last of them where a line ends.
  useLayoutEffect(() => {
    const { current: box } = place;
    const head = box?.querySelector<HTMLElement>(`th[data-date="${latest}"]`);
    if (head) box!.scrollBy({ left: endOf(head) - endOf(box!) });
  }, [latest]);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard */}
      <section class="scroll" tabIndex={0} aria-label={t('month.attendance', { month: longMonth(month) })} ref={place}>
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">{t('student')}</th>
              {days.map((day) => (
                <th
                  key={day.date}
                  scope="col"
                  class={classOf(day)}
                  title={titleOf(day)}
                  data-date={day.date}
                  aria-current={day.date === today ? 'date' : undefined}
                >
                  <a href={`#/sections/${section.id}/${day.date}`}>
                    <span>{weekday(day.date)}</span>
                    <span>{Number(day.date.slice(8))}</span>
                    <span class="unseen">{titleOf(day)}</span>
                  </a>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {students.map((student) => (
              <StudentMonth key={student.enrollment_id} student={student} days={days} />
            ))}
          </tbody>
        </table>
      </section>
      <p class="quiet legend">
        {legend().map(([kind, letter, words]) => (
          <span key={kind}>
            <span class={`cell ${kind}`}>{letter}</span> {words}
          </span>
        ))}
      </p>
    </>
  );
}

/** What a cell looks like, and what that means. */
const legend = (): readonly (readonly [kind: string, letter: string, words: string])[] => [
  ...statuses.map(({ status }) => [`status-${status}`, signOf(status), wordOf(status)] as const),
  ['untaken', '–', t('month.untaken')],
  ['closed', '×', t('month.closed')],
  ['outside', '', t('month.outside')],
];

/** Present is what is seldom looked for. */
const signOf = (status: Status): string => (status === PRESENT ? '·' : letterOf(status));

/** Where a box ends, on the screen. */
function endOf(box: HTMLElement): number {
  const { left, right } = box.getBoundingClientRect();
  return direction() === 'ltr' ? right : left;
}

function StudentMonth({ student, days }: { student: MonthStudent; days: readonly MonthDay[] }) {
  const marks = new Map(student.marks.map((mark) => [mark.date, mark]));
  const presences = new Set(student.presences);
  return (
    <tr>
      <th scope="row">
        <a href={`#/students/${student.person_id}`}>{student.name}</a>
      </th>
      {days.map((day) => {
        const mark = marks.get(day.date);
        const [letter, word, kind] = shownOf(
          student,
          day,
          mark?.status ?? (day.taken_at || presences.has(day.date) ? PRESENT : undefined),
        );
        return (
          <td key={day.date} class={`cell ${kind}`} title={mark?.comment || word}>
            <span aria-hidden="true">{letter}</span>
            <span class="unseen">{word}</span>
          </td>
        );
      })}
    </tr>
  );
}

function shownOf(student: MonthStudent, day: MonthDay, status: Status | undefined) {
  if (!isEnrolled(student, day.date)) return ['', t('month.not-enrolled'), 'outside'] as const;
  if (status) return [signOf(status), wordOf(status), `status-${status}`] as const;
  return day.school_day
    ? (['–', t('status.unknown'), 'untaken'] as const)
    : (['×', t('month.closed'), 'closed'] as const);
}

const classOf = ({ taken_at, school_day }: MonthDay): string =>
  taken_at ? 'taken' : school_day ? 'untaken' : 'closed';

const titleOf = ({ date, taken_at, school_day, reason }: MonthDay): string =>
  `${longDay(date)}: ${taken_at ? t('roll.is-taken') : school_day ? t('roll.is-not-taken') : reason || t('month.closed')}`;
