/*
 * `src/web/look-back/`: What was: a month of a section, the history of a student, who changed what.
 * Nothing is written here.
 */
import './month.css';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { MonthDay, MonthStudent, SectionMonth } from '../../../schemas/rollbook/history';
import { monthPath } from '../roll/sheet';
import { getKept } from '../shared/cache';
import { longDay, longMonth, plusMonths, weekday } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { isEnrolled } from '../shared/reports';
import { session } from '../shared/session';
import { letterOf, PRESENT, type Status, wordOf } from '../shared/status';
import { useTitle } from '../shared/title';

/** A section's month: students by days, a letter and a colour for each status. */
export function MonthPage({ section, month }: { section: number; month: string }) {
  const path = monthPath(section, month);
  const loaded = useLoaded(path, () => getKept<SectionMonth>(path));
  useTitle(loaded.value?.section.title ?? 'Month', longMonth(month));
  const linkTo = (months: number) => `#/sections/${section}/month/${plusMonths(month, months)}`;
  return (
    <>
      <header class="page-head">
        <h1>{loaded.value?.section.title ?? 'Month'}</h1>
        <nav class="day-steps" aria-label="Month">
          <a href={linkTo(-1)} aria-label="The month before">
            ‹
          </a>
          <span>{longMonth(month)}</span>
          <a href={linkTo(1)} aria-label="The month after">
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
  // Where there is not room for all days, the newest are looked at first: the last of them to the right.
  useLayoutEffect(() => {
    const { current: box } = place;
    const head = box?.querySelector<HTMLElement>(`th[data-date="${latest}"]`);
    if (head) box!.scrollLeft = head.offsetLeft + head.offsetWidth - box!.clientWidth;
  }, [latest]);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard */}
      <section class="scroll" tabIndex={0} aria-label={`Attendance in ${longMonth(month)}`} ref={place}>
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">Student</th>
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
        {legend.map(([kind, letter, words]) => (
          <span key={kind}>
            <span class={`cell ${kind}`}>{letter}</span> {words}
          </span>
        ))}
      </p>
    </>
  );
}

/** What a cell looks like, and what that means. */
const legend = [
  ['status-1', '·', 'present'],
  ['status-2', 'A', 'absent'],
  ['status-3', 'L', 'late'],
  ['status-4', 'E', 'excused'],
  ['untaken', '–', 'unknown, as the roll is not taken'],
  ['closed', '×', 'not a school day'],
  ['outside', '', 'not enrolled in this class'],
] as const;

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
  if (!isEnrolled(student, day.date)) return ['', 'not enrolled', 'outside'] as const;
  if (status === PRESENT) return ['·', wordOf(PRESENT), 'status-1'] as const;
  if (status) return [letterOf(status), wordOf(status), `status-${status}`] as const;
  return day.school_day ? (['–', 'unknown', 'untaken'] as const) : (['×', 'not a school day', 'closed'] as const);
}

const classOf = ({ taken_at, school_day }: MonthDay): string =>
  taken_at ? 'taken' : school_day ? 'untaken' : 'closed';

const titleOf = ({ date, taken_at, school_day, reason }: MonthDay): string =>
  `${longDay(date)}: ${taken_at ? 'taken' : school_day ? 'not taken' : reason || 'not a school day'}`;
