import { useEffect } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { dayNamed } from '../shared/session';
import { statuses } from '../shared/status';

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
    <section class="blank-roll alone" aria-label="Blank roll">
      <h2>
        {title}, {dayNamed(date)}
      </h2>
      <table>
        <thead>
          <tr>
            {['Student', 'Number', ...statuses.map(({ word }) => word), 'Comment'].map((head) => (
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
      <p>Taken by: ____________________</p>
    </section>
  );
}
