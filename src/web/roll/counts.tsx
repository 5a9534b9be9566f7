import type { MonthStudent } from '../../../schemas/rollbook/history';
import { t } from '../messages/messages';
import { countOf, statuses } from '../shared/status';
import type { OpenRoll } from './roll';

/** How many students of a roll have which status. */
export function Counts({ roll, students }: { roll: OpenRoll; students: readonly MonthStudent[] }) {
  const marks = students.map(({ enrollment_id }) => roll.markOf(enrollment_id)?.status);
  const howMany = (wanted: number | undefined) => marks.filter((status) => status === wanted).length;
  return (
    <p class="counts">
      {statuses.map(({ status }) => (
        <span key={status} class={`count status-${status}`}>
          {countOf(status, howMany(status))}
        </span>
      ))}
      {!roll.isTaken && <span class="count">{t('count.none', { n: howMany(undefined) })}</span>}
    </p>
  );
}
