import type { Streak, StudentHistory } from '../../../schemas/rollbook/history';
import { get } from '../shared/api';
import { longDay, shortDay } from '../shared/days';
import { Heads } from '../shared/heads';
import { Shown, useLoaded } from '../shared/loaded';
import { percent } from '../shared/rates';
import { ASSUMED } from '../shared/reports';
import { wordOf } from '../shared/status';
import { useTitle } from '../shared/title';

/** What was noted of a student, in all sections that may be seen. */
export function StudentPage({ id }: { id: number }) {
  const loaded = useLoaded(`student ${id}`, () => get<StudentHistory>(`/reports/students/${id}`));
  return <Shown loaded={loaded}>{(history) => <History {...history} />}</Shown>;
}

function History(history: StudentHistory) {
  const { student, from, to, days, assumed, enrolled_days } = history;
  useTitle(student.name);
  return (
    <>
      <header class="page-head">
        <h1>{student.name}</h1>
        <p class="quiet">
          {student.school} · {shortDay(from)} to {shortDay(to)}
        </p>
      </header>
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
      {days.length > 0 && (
        <table class="list">
          <Heads of={['Day', 'Section', 'Status', 'Comment']} />
          <tbody>
            {days.map(({ date, section_id, section, status, comment }) => (
              <tr key={`${date} ${section_id}`}>
                <td>{longDay(date)}</td>
                <td>
                  <a href={`#/sections/${section_id}/${date}`}>{section}</a>
                </td>
                <td class={`status-${status}`}>{wordOf(status)}</td>
                <td>{comment}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

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
