import { useRef } from 'preact/hooks';
import type { StudentDay as Day, StudentRoll } from '../../../schemas/rollbook/students';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { plusDays } from '../shared/days';
import { Heads, useCellHeads } from '../shared/heads';
import { Shown, useLoaded } from '../shared/loaded';
import { noSchoolOn } from '../shared/no-school';
import { replaceHash } from '../shared/route';
import { dayNamed } from '../shared/session';
import { wordOf } from '../shared/status';

/** All classes of a student on a day, in the order of the periods, with what is known of the student in each. */
export function StudentDay({ id, date }: { id: number; date: string }) {
  const path = `/reports/students/${id}/day?date=${date}`;
  const loaded = useLoaded(path, () => get<Day>(path));
  const go = (days: number) => () => replaceHash(`#/students/${id}?date=${plusDays(date, days)}`);
  return (
    <section aria-labelledby="day">
      <div class="page-head">
        <h2 id="day">
          <time dateTime={date}>{dayNamed(date)}</time>
        </h2>
        <nav class="day-steps" aria-label={t('day')}>
          <button type="button" aria-label={t('day.before')} onClick={go(-1)}>
            ‹
          </button>
          <button type="button" aria-label={t('day.after')} onClick={go(1)}>
            ›
          </button>
        </nav>
      </div>
      <Shown loaded={loaded}>{({ rolls }) => <Rolls rolls={rolls} date={date} />}</Shown>
    </section>
  );
}

function Rolls({ rolls, date }: { rolls: readonly StudentRoll[]; date: string }) {
  const table = useRef<HTMLTableElement>(null);
  const heads = [t('period'), t('class'), t('status'), t('comment')];
  useCellHeads(table, heads);
  const closed = rolls.find(({ school_day }) => !school_day);
  if (rolls.length === 0) return <p>{t('student.no-classes')}</p>;
  return (
    <>
      {closed && (
        <p class="notice" role="note">
          {noSchoolOn(dayNamed(date), closed.reason)}
        </p>
      )}
      <table class="list" ref={table}>
        <Heads of={heads} />
        <tbody>
          {rolls.map(({ section_id, section, periods, starts, ends, teachers, taken_at, status, code, comment }) => (
            <tr key={section_id}>
              <td>
                {periods} {starts && <span class="quiet">{`${starts}–${ends}`}</span>}
              </td>
              <td>
                <a href={`#/sections/${section_id}/${date}`}>{section}</a> <span class="quiet">{teachers}</span>
              </td>
              <td class={status ? `status-${status}` : 'quiet'}>
                {wordOf(status)} {code && `(${code})`}
                {status && !taken_at ? <span class="quiet"> {t('roll.roll-not-taken')}</span> : null}
              </td>
              <td>{comment}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
