import { useEffect } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { t } from '../messages/messages';
import { dayNamed } from '../shared/session';
import { statuses, wordOf } from '../shared/status';

interface Options {
  readonly title: string;
  readonly date: string;
  readonly students: readonly MonthStudent[];
  onPrinted(): void;
}

/** A roll to be filled in by hand, as where there is no device. It is on paper alone, and says nothing of anybody yet. */
export default function BlankRoll({ title, date, students, onPrinted }: Options) {
  useEffect(() => {
    window.addEventListener('afterprint', onPrinted, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', onPrinted);
  }, []);
  return (
    <section class="blank-roll alone" aria-label={t('blank.title')}>
      <h2>
        {title}, {dayNamed(date)}
      </h2>
      <table>
        <thead>
          <tr>
            {[t('student'), t('number'), ...statuses.map(({ status }) => wordOf(status)), t('comment')].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {students.map(({ enrollment_id, name, student_number }) => (
            <tr key={enrollment_id}>
              <th scope="row">{name}</th>
              <td>{student_number}</td>
              {statuses.map(({ status }) => (
                <td key={status} class="box">
                  ☐
                </td>
              ))}
              <td class="line" />
            </tr>
          ))}
        </tbody>
      </table>
      <p>{t('blank.taken-by')} ____________________</p>
    </section>
  );
}
