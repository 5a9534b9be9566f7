import { useState } from 'preact/hooks';
import type { Absentee, Absentees } from '../../../../schemas/rollbook/absentees';
import { clock } from '../../shared/days';
import { may, session } from '../../shared/session';
import { type Status, wordOf } from '../../shared/status';
import { Table } from '../table';
import { MarkForm } from './mark-form';

const columns = ['Student', 'Grade', 'Class', 'Status', 'Comment', 'Said', 'Change'];

/** The marks of a day, those of a student under one name; each can be changed where it stands. */
export function AbsenteesTable({ day, onChanged }: { day: Absentees; onChanged(): void }) {
  const [open, setOpen] = useState<number>();
  const done = (isChanged: boolean) => {
    setOpen(undefined);
    if (isChanged) onChanged();
  };
  return (
    <Table label="Who is absent, late or excused" columns={columns}>
      {day.marks.map((mark, index) => (
        <tr key={mark.enrollment_id}>
          {mark.person_id !== day.marks[index - 1]?.person_id && <Student marks={day.marks} of={mark} />}
          <td>
            <a href={`#/sections/${mark.section_id}/${day.date}`}>{mark.section}</a>{' '}
            <span class="quiet">{mark.periods && `period ${mark.periods}`}</span>
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
        {unexplained && <span class="unexplained"> not explained</span>}
      </td>
      <td>{comment}</td>
      <td class="quiet">
        {by || 'the office'}, <time dateTime={at}>{clock(at, session.value!.district.time_zone)}</time>
        {!taken_at && ', roll not taken'}
      </td>
      <td>
        {may('attendance:write') && (
          <button type="button" aria-label={`Change ${name} in ${section}`} onClick={onChange}>
            Change
          </button>
        )}
      </td>
    </>
  );
}
