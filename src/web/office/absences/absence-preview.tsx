import type { AbsenceMark, EnteredAbsence } from '../../../../schemas/rollbook/absences';
import { mediumDay } from '../../shared/days';
import { wordOf } from '../../shared/status';
import { Table } from '../table';

/** Rows that are shown; of more it is enough to know how many there are. */
const MOST = 200;

/** What an absence would change, and what was said already. */
export function AbsencePreview({ found: { students, counts, marks } }: { found: EnteredAbsence }) {
  const { changed, unchanged, left } = counts;
  // What somebody has said comes first: it is for the office to decide on.
  const ordered = [...marks].sort((one, other) => Number(other.before !== null) - Number(one.before !== null));
  return (
    <section aria-labelledby="would-change">
      <h2 id="would-change">What would change</h2>
      <p role="status">
        {students} {students === 1 ? 'student' : 'students'}: {changed} {changed === 1 ? 'class' : 'classes'} would
        change
        {unchanged > 0 && `, ${unchanged} say so already`}
        {left > 0 && `, ${left} say something else and would be left`}. No roll is taken by it.
      </p>
      {marks.length > 0 && (
        <Table label="Classes that would change" columns={['Student', 'Day', 'Class', 'Now', 'Then']}>
          {ordered.slice(0, MOST).map((mark) => (
            <tr key={`${mark.enrollment_id} ${mark.date}`}>
              <th scope="row">{mark.name}</th>
              <td>{mediumDay(mark.date)}</td>
              <td>
                {mark.section} <span class="quiet">{mark.periods && `period ${mark.periods}`}</span>
              </td>
              <td>{nowOf(mark)}</td>
              <td class={mark.outcome === 'left' ? '' : `status-${mark.status}`}>
                {mark.outcome === 'left' ? 'left as it is' : thenOf(mark)}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {marks.length > MOST && <p class="quiet">And {marks.length - MOST} more.</p>}
    </section>
  );
}

const quoted = (comment: string): string => (comment ? `, “${comment}”` : '');

const nowOf = ({ before, before_comment, before_by, taken }: AbsenceMark): string =>
  before === null
    ? 'nothing said'
    : `${wordOf(before)}${quoted(before_comment)}${before_by ? ` by ${before_by}` : taken ? ', roll taken' : ''}`;

const thenOf = ({ status, code, comment }: AbsenceMark): string =>
  status === null ? 'nothing said' : `${wordOf(status)}${code ? ` (${code})` : ''}${quoted(comment)}`;
