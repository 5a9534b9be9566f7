import type { AbsenceMark, EnteredAbsence } from '../../../../schemas/rollbook/absences';
import { t } from '../../messages/messages';
import { wordsOf } from '../../roll/authors';
import { mediumDay } from '../../shared/days';
import { Table } from '../table';

/** Rows that are shown; of more it is enough to know how many there are. */
const MOST = 200;

/** What an absence would change, and what was said already. */
export function AbsencePreview({ found: { students, counts, marks } }: { found: EnteredAbsence }) {
  const { changed, unchanged, left } = counts;
  const said = [
    t('preview.changed', { n: changed }),
    unchanged > 0 && t('preview.unchanged', { n: unchanged }),
    left > 0 && t('preview.left', { n: left }),
  ].filter(Boolean);
  // What somebody has said comes first: it is for the office to decide on.
  const ordered = [...marks].sort((one, other) => Number(other.before !== null) - Number(one.before !== null));
  return (
    <section aria-labelledby="would-change">
      <h2 id="would-change">{t('preview')}</h2>
      <p role="status">
        {t('count.students', { n: students })}: {said.join(', ')}. {t('preview.no-roll-taken')}
      </p>
      {marks.length > 0 && (
        <Table
          label={t('preview.classes')}
          columns={[t('student'), t('day'), t('class'), t('preview.now'), t('preview.then')]}
        >
          {ordered.slice(0, MOST).map((mark) => (
            <tr key={`${mark.enrollment_id} ${mark.date}`}>
              <th scope="row">{mark.name}</th>
              <td>{mediumDay(mark.date)}</td>
              <td>
                {mark.section} <span class="quiet">{mark.periods && t('in-period', { periods: mark.periods })}</span>
              </td>
              <td>{nowOf(mark)}</td>
              <td class={mark.outcome === 'left' ? '' : `status-${mark.status}`}>
                {mark.outcome === 'left' ? t('preview.as-it-is') : thenOf(mark)}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {marks.length > MOST && <p class="quiet">{t('preview.more', { n: marks.length - MOST })}</p>}
    </section>
  );
}

function nowOf({ before, before_comment, before_by, taken }: AbsenceMark): string {
  const mark = wordsOf(before === null ? undefined : { status: before, comment: before_comment });
  if (before !== null && before_by) return t('preview.said-by', { mark, by: before_by });
  return before !== null && taken ? t('preview.said-by-taking', { mark }) : mark;
}

const thenOf = ({ status, code, comment }: AbsenceMark): string =>
  wordsOf(status === null ? undefined : { status, code, comment });
