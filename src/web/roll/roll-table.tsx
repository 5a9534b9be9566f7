import { useRef } from 'preact/hooks';
import type { MonthStudent } from '../shared/reports';
import { PRESENT, type Status, statuses, statusOfKey } from '../shared/status';
import { markOf } from './marks';
import type { Roll } from './roll';
import { StudentRow } from './student-row';
import type { Submissions } from './submitted';
import type { RefusedItem } from './wire';

interface Options {
  readonly roll: Roll;
  readonly students: readonly MonthStudent[];
  readonly refused: readonly RefusedItem[];
  readonly submitted: Submissions;
}

/**
 * The students of a roll. With the keyboard: up and down go from student to student, left and right from status to
 * status, P, A, L and E mark, C goes to the comment.
 */
export function RollTable({ roll, students, refused, submitted }: Options) {
  const list = useRef<HTMLUListElement>(null);

  const focus = (index: number) =>
    list.current?.children[index]?.querySelector<HTMLInputElement>('input[type=radio]:checked')?.focus();
  const mark = (student: MonthStudent, status: Status) => {
    const { comment } = markOf(roll.marks, student.enrollment_id);
    roll.mark(student.enrollment_id, { status, comment: status === PRESENT ? '' : comment });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLInputElement;
    if (target.type !== 'radio' || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = [...list.current!.children].findIndex((row) => row.contains(target));
    if (act(event.key, index, target)) event.preventDefault();
  };

  const act = (key: string, index: number, target: HTMLElement): boolean => {
    const student = students[index]!;
    const { status } = markOf(roll.marks, student.enrollment_id);
    const letter = statusOfKey(key);
    if (letter) mark(student, letter);
    else if (key === 'ArrowDown') focus(Math.min(index + 1, students.length - 1));
    else if (key === 'ArrowUp') focus(Math.max(index - 1, 0));
    else if (key === 'ArrowRight') mark(student, ((status % statuses.length) + 1) as Status);
    else if (key === 'ArrowLeft') mark(student, (((status + 2) % statuses.length) + 1) as Status);
    else if (key.toLowerCase() === 'c')
      target.closest('li')?.querySelector<HTMLInputElement>('input[type=text]')?.focus();
    else return false;
    if (letter || key.startsWith('ArrowL') || key.startsWith('ArrowR')) requestAnimationFrame(() => focus(index));
    return true;
  };

  return (
    <ul class="roll" ref={list} onKeyDown={onKeyDown}>
      {students.map((student) => (
        <StudentRow
          key={student.enrollment_id}
          student={student}
          mark={markOf(roll.marks, student.enrollment_id)}
          isTaken={roll.isTaken}
          refusal={refused.find(({ enrollment }) => enrollment === student.enrollment_id)?.message}
          submitted={submitted(student.enrollment_id)}
          onStatus={(status) => mark(student, status)}
          onComment={(comment) =>
            roll.mark(student.enrollment_id, { ...markOf(roll.marks, student.enrollment_id), comment })
          }
        />
      ))}
    </ul>
  );
}
