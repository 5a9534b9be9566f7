import { useEffect, useRef, useState } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { direction } from '../messages/language';
import { t } from '../messages/messages';
import { marksByKeys } from '../shared/single-keys';
import { PRESENT, type Status, statuses, statusOfKey } from '../shared/status';
import { codesFor, hasCodes } from './code-picker';
import { outboxInUse } from './device-outbox';
import type { OpenRoll } from './roll';
import { StudentRow } from './student-row';
import type { Submissions } from './submitted';
import type { RefusedItem } from './wire';

interface Options {
  readonly roll: OpenRoll;
  readonly date: string;
  readonly students: readonly MonthStudent[];
  readonly refused: readonly RefusedItem[];
  readonly submitted: Submissions;
}

/** The rows that are drawn at first, a screen of them: a slow phone takes as long again for the others. */
const FIRST = 10;

/** How far a key goes. */
const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The status to the right or left of one, round and round. */
function beside(key: string, status: Status): Status | undefined {
  const [next, last] = direction() === 'ltr' ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];
  const step = { [next]: 0, [last]: statuses.length - 2 }[key];
  return step === undefined ? undefined : ((((status + step) % statuses.length) + 1) as Status);
}

/**
 * The students of a roll. With the keyboard: down begins; then up and down go from student to student, page up and page
 * down by ten, left and right from status to status, P, A, L and E mark, C goes to the comment and Enter back; D is done. In
 * another language other letters do, which its buttons show.
 */
export function RollTable({ roll, date, students, refused, submitted }: Options) {
  const list = useRef<HTMLUListElement>(null);
  const [rows, draw] = useState(FIRST);
  useEffect(() => {
    requestAnimationFrame(() => setTimeout(draw, 0, Number.POSITIVE_INFINITY)); // once the first are on the screen
  }, []);

  const focus = (index: number, ...radios: string[]) => {
    const row = list.current?.children[Math.max(0, Math.min(index, students.length - 1))];
    const found = [...radios, ':checked', ''].map((radio) => row?.querySelector(`input[type=radio]${radio}`));
    (found.find(Boolean) as HTMLInputElement | undefined)?.focus();
  };
  const isClosed = !roll.isOpen;
  useEffect(() => {
    if (isClosed) return undefined;
    marksByKeys.value = true;
    const begin = (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' || !(event.target as Element).matches('body, main')) return;
      event.preventDefault();
      focus(0);
    };
    window.addEventListener('keydown', begin);
    return () => {
      marksByKeys.value = false;
      window.removeEventListener('keydown', begin);
    };
  }, [isClosed]);
  const mark = (student: MonthStudent, status: Status) => {
    const { comment = '' } = roll.markOf(student.enrollment_id) ?? {};
    roll.mark(student.enrollment_id, { status, comment: status === PRESENT ? '' : comment });
  };

  const isAlike = ({ name }: MonthStudent) => students.filter((other) => other.name === name).length > 1;

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLInputElement;
    if (target.type !== 'radio' || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = [...list.current!.children].findIndex((row) => row.contains(target));
    if (act(event.key, index, target)) event.preventDefault();
  };

  const act = (key: string, index: number, target: HTMLInputElement): boolean => {
    const student = students[index]!;
    const status = statusOfKey(key) ?? beside(key, Number(target.value) as Status);
    if (status) {
      mark(student, status);
      focus(index, `[value="${status}"]`); // at once: the next key may be on its way
    } else if (steps[key]) focus(index + steps[key]);
    else if (key.toUpperCase() === t('letter.comment'))
      target.closest('li')?.querySelector<HTMLInputElement>('input[type=text]')?.focus();
    else if (key.toUpperCase() === t('letter.done') && roll.canBeTaken) roll.take();
    else return false;
    return true;
  };

  return (
    <ul class={hasCodes(roll) ? 'roll with-codes' : 'roll'} ref={list} onKeyDown={onKeyDown}>
      {students.slice(0, rows).map((student) => (
        <StudentRow
          key={student.enrollment_id}
          student={student}
          isAlike={isAlike(student)}
          mark={roll.markOf(student.enrollment_id)}
          others={roll.othersOf(student.enrollment_id)}
          overruled={roll.overruledOf(student.enrollment_id)}
          refusal={refused.find(({ enrollment }) => enrollment === student.enrollment_id)?.message}
          codes={codesFor(roll, student.enrollment_id)}
          date={date}
          isClosed={isClosed}
          submitted={submitted(student.enrollment_id)}
          onStatus={(status) => mark(student, status)}
          onCode={(code) => roll.mark(student.enrollment_id, { ...roll.markOf(student.enrollment_id)!, code })}
          onComment={(comment) =>
            roll.comment(student.enrollment_id, { ...roll.markOf(student.enrollment_id)!, comment })
          }
          onDone={() => void outboxInUse.value!.flush()}
        />
      ))}
    </ul>
  );
}
