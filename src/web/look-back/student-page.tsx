import type { HistoryDay, Streak, StudentHistory } from '../../../schemas/rollbook/history';
import { get } from '../shared/api';
import { longDay, shortDay } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { percent } from '../shared/rates';
import { ASSUMED } from '../shared/reports';
import { query } from '../shared/route';
import { may, session } from '../shared/session';
import { type Status, statuses, wordOf } from '../shared/status';
import { useTitle } from '../shared/title';
import { StudentDay } from './student-day';

/** A student's day at a glance, and what was noted of them before, in all sections that may be seen. */
export function StudentPage({ id }: { id: number }) {
  const loaded = useLoaded(`student ${id}`, () => get<StudentHistory>(`/reports/students/${id}`));
  const date = query.value.get('date') ?? session.value!.today;
  return (
    <Shown loaded={loaded}>
      {(history) => (
        <>
          <Head {...history} />
          <StudentDay id={id} date={date} />
          <History {...history} />
        </>
      )}
    </Shown>
  );
}

function Head({ student, from, to }: StudentHistory) {
  useTitle(student.name);
  return (
    <header class="page-head">
      <h1>{student.name}</h1>
      <p class="quiet">
        {[student.student_number, student.school, `${shortDay(from)} to ${shortDay(to)}`].filter(Boolean).join(' · ')}
        {!session.value!.person && may('attendance:write') && (
          <>
            {' '}
            · <a href={`#/absences?student=${student.id}`}>Enter an absence</a>
          </>
        )}
      </p>
    </header>
  );
}

function History(history: StudentHistory) {
  const { days, assumed, enrolled_days } = history;
  return (
    <section aria-labelledby="history">
      <h2 id="history">Days before</h2>
      <dl class="figures">
        {figuresOf(history).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {assumed && <p class="quiet">{ASSUMED}</p>}
      {days.length === 0 && enrolled_days > 0 && <p>Present on every day that is known.</p>}
      {byDay(days).map(([date, rolls]) => (
        <details key={date} class="folded">
          <summary>
            <time dateTime={date}>{longDay(date)}</time> <span class="quiet">{inShort(rolls)}</span>
          </summary>
          <ul>
            {rolls.map(({ section_id, section, periods, status, comment }) => (
              <li key={section_id}>
                <a href={`#/sections/${section_id}/${date}`}>{section}</a>
                {periods && `, period ${periods}`}: {wordOf(status)}
                {comment && `, “${comment}”`}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

function byDay(days: readonly HistoryDay[]): [date: string, rolls: HistoryDay[]][] {
  const found = new Map<string, HistoryDay[]>();
  for (const day of days) found.set(day.date, [...(found.get(day.date) ?? []), day]);
  return [...found];
}

/** `absent in 2 classes, late in 1` */
const inShort = (rolls: readonly HistoryDay[]): string =>
  statuses
    .flatMap(({ status, word }) => {
      const count = rolls.filter((roll) => roll.status === (status as Status)).length;
      return count > 0 ? [`${word} in ${count}`] : [];
    })
    .join(', ')
    .replace(/(\d+)/, (count) => `${count} ${count === '1' ? 'class' : 'classes'}`);

function figuresOf(history: StudentHistory): [name: string, value: string][] {
  const { rate, enrolled_days, absent_days, excused_days, partial_days, late_days, streaks } = history;
  return [
    ['Attendance', rate === null ? 'nothing known yet' : percent(rate)],
    ['Days known', String(enrolled_days)],
    ['Days absent', `${absent_days}, ${excused_days} of them excused`],
    ['Days partly absent', String(partial_days)],
    ['Days late', String(late_days)],
    ['Days present in a row', streakOf(streaks.present)],
    ['Days absent in a row', streakOf(streaks.absent)],
  ];
}

const streakOf = ({ now, longest }: Streak): string => `${now} now, ${longest} at most`;
