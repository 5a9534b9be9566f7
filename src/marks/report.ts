import type { RowReport } from '../../schemas/rollbook/marks';
import { type Outcome, Status } from '../ledger/attendance';
import { preview } from '../lib/preview';
import { calledName } from '../roster/names';
import { columnNamed, type RowError, type SentRow } from './row';
import type { Understood } from './understand';

/** The columns of a report in CSV. */
export const reportColumns = [
  'line',
  'section',
  'student',
  'student_number',
  'enrollment',
  'date',
  'from',
  'to',
  'comment',
  'outcome',
  'column',
  'message',
  'warning',
] as const satisfies readonly (keyof RowReport)[];

type Words = { readonly [Word in keyof typeof Status as (typeof Status)[Word]]: Word };

/** What statuses are called. */
export const words = Object.fromEntries(Object.entries(Status).map(([word, status]) => [status, word])) as Words;

const wordOf = (status: Status | null): RowReport['from'] => (status === null ? '' : words[status]);

/** What was sent, as it was sent. */
export function refusedRow(line: number, sent: SentRow, { column, message }: RowError): RowReport {
  const text = (name: 'section' | 'student' | 'date' | 'status' | 'comment') => {
    const [, value = ''] = Object.entries(sent).find(([heading]) => columnNamed(heading)?.startsWith(name)) ?? [];
    return typeof value === 'string' ? value : preview(value);
  };
  return {
    line,
    section: text('section'),
    student: text('student'),
    student_number: '',
    enrollment: null,
    date: text('date'),
    from: '',
    to: text('status'),
    comment: text('comment'),
    outcome: 'refused',
    column,
    message,
    warning: '',
  };
}

export function decidedRow(
  line: number,
  { request, enrolled }: Understood,
  outcome: Extract<Outcome, { ok: true }>,
  warning: string,
): RowReport {
  return {
    line,
    section: enrolled.title,
    student: calledName(enrolled),
    student_number: enrolled.student_number,
    enrollment: enrolled.id,
    date: request.date,
    from: wordOf(outcome.before),
    to: wordOf(outcome.after),
    comment: outcome.comment,
    outcome: outcome.changed ? 'changed' : 'unchanged',
    column: '',
    message: '',
    warning,
  };
}
