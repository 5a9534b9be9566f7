import { useState } from 'preact/hooks';
import type { Absentee, Absentees } from '../../../../schemas/rollbook/absentees';
import { t } from '../../messages/messages';
import { clock } from '../../shared/days';
import { may, session } from '../../shared/session';
import { type Status, wordOf } from '../../shared/status';
import { Table } from '../table';
import { MarkForm } from './mark-form';

const columns = () => [
  ...[t('student'), t('grade'), t('class'), t('status'), t('comment')],
  ...[t('absent.said-by'), t('change')],
];

/** The marks of a day, those of a student under one name; each can be changed where it stands. */
export function AbsenteesTable({ day, onChanged }: { day: Absentees; onChanged(): void }) {
  const [open, setOpen] = useState<number>();
  const done = (isChanged: boolean) => {
    setOpen(undefined);
    if (isChanged) onChanged();
  };
  return (
    <Table label={t('absent.table')} columns={columns()}>
      {day.marks.map((mark, index) => (
        <tr key={mark.enrollment_id}>
          {mark.person_id !== day.marks[index - 1]?.person_id && <Student marks={day.marks} of={mark} />}
          <td>
            <a href={`#/sections/${mark.section_id}/${day.date}`}>{mark.section}</a>{' '}
            <span class="quiet">{mark.periods && t('in-period', { periods: mark.periods })}</span>
          </td>
          {open === mark.enrollment_id ? (
            <td colSpan={4}>
              <MarkForm mark={mark} day={day} onDone={done} />
            </td>
          ) : (
            <Said mark={mark} onChange={() => setOpen(mark.enrollment_id)} />
          )}
        </tr>
      ))}
    </Table>
  );
}

function Student({ marks, of }: { marks: readonly Absentee[]; of: Absentee }) {
  const rows = marks.filter(({ person_id }) => person_id === of.person_id).length;
  return (
    <>
      <th scope="rowgroup" rowSpan={rows}>
        <a href={`#/students/${of.person_id}`}>{of.name}</a> <span class="quiet">{of.student_number}</span>
      </th>
      <td rowSpan={rows}>{of.grades}</td>
    </>
  );
}

function Said({ mark, onChange }: { mark: Absentee; onChange(): void }) {
  const { status, code, comment, unexplained, by, at, taken_at, name, section } = mark;
  return (
    <>
      <td class={`status-${status}`}>
        {wordOf(status as Status)} {code && `(${code})`}
        {unexplained && <span class="unexplained"> {t('absent.not-explained')}</span>}
      </td>
      <td>{comment}</td>
      <td class="quiet">
        {by || t('absent.the-office')}, <time dateTime={at}>{clock(at, session.value!.district.time_zone)}</time>
        {!taken_at && `, ${t('roll.roll-not-taken')}`}
      </td>
      <td>
        {may('attendance:write') && (
          <button type="button" aria-label={t('absent.change', { name, section })} onClick={onChange}>
            {t('change')}
          </button>
        )}
      </td>
    </>
  );
}
