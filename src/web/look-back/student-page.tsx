import type { HistoryDay, Streak, StudentHistory } from '../../../schemas/rollbook/history';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { longDay, shortDay } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { counted, percent } from '../shared/rates';
import { assumedText } from '../shared/reports';
import { query } from '../shared/route';
import { may, session } from '../shared/session';
import { statuses, wordOf } from '../shared/status';
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
        {[student.student_number, student.school, t('days.from-to', { from: shortDay(from), to: shortDay(to) })]
          .filter(Boolean)
          .join(' · ')}
        {!session.value!.person && may('attendance:write') && (
          <>
            {' '}
            · <a href={`#/absences?student=${student.id}`}>{t('absence.enter')}</a>
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
      <h2 id="history">{t('student.before')}</h2>
      <dl class="figures">
        {figuresOf(history).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {assumed && <p class="quiet">{assumedText()}</p>}
      {days.length === 0 && enrolled_days > 0 && <p>{t('student.always-present')}</p>}
      {byDay(days).map(([date, rolls]) => (
        <details key={date} class="folded">
          <summary>
            <time dateTime={date}>{longDay(date)}</time> <span class="quiet">{inShort(rolls)}</span>
          </summary>
          <ul>
            {rolls.map(({ section_id, section, periods, status, comment }) => (
              <li key={section_id}>
                <a href={`#/sections/${section_id}/${date}`}>{section}</a>
                {periods && `, ${t('in-period', { periods })}`}:{' '}
                {comment ? t('said.with-comment', { status: wordOf(status), comment }) : wordOf(status)}
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

/** `absent in 2 classes, late in 1 class` */
const inShort = (rolls: readonly HistoryDay[]): string =>
  statuses
    .map(({ status }) => [status, rolls.filter((roll) => roll.status === status).length] as const)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => t('student.in-classes', { status: wordOf(status), n }))
    .join(', ');

function figuresOf(history: StudentHistory): [name: string, value: string][] {
  const { rate, enrolled_days, absent_days, excused_days, partial_days, late_days, streaks } = history;
  return [
    [t('student.rate'), rate === null ? t('student.rate.none') : percent(rate)],
    [t('student.days'), counted(enrolled_days)],
    [t('student.days-absent'), t('student.of-them-excused', { n: absent_days, excused: excused_days })],
    [t('student.days-partial'), counted(partial_days)],
    [t('student.days-late'), counted(late_days)],
    [t('student.streak-present'), streakOf(streaks.present)],
    [t('student.streak-absent'), streakOf(streaks.absent)],
  ];
}

const streakOf = ({ now, longest }: Streak): string => t('student.streak', { now, longest });
