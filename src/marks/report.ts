import { type Outcome, Status } from '../ledger/attendance';
import { preview } from '../lib/preview';
import { calledName } from '../roster/names';
import { columnNamed, type RowError, type SentRow } from './row';
import type { Understood } from './understand';

/** What became of a row, or would become of it; empty where there is nothing to say. */
export interface RowReport {
  readonly line: number;
  /** The title and the name; where the row is refused, what was sent. */
  readonly section: string;
  readonly student: string;
  readonly student_number: string;
  /** The id; null where it is not known. */
  readonly enrollment: number | null;
  readonly date: string;
  /** `present`, `absent`, `late`, `excused`; empty where the roll was not taken. */
  readonly from: string;
  readonly to: string;
  readonly comment: string;
  readonly outcome: 'changed' | 'unchanged' | 'refused';
  /** Where it is wrong. */
  readonly column: string;
  readonly message: string;
  readonly warning: string;
}

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

export const wordOf = (status: Status | null): string =>
  Object.entries(Status).find(([, value]) => value === status)?.[0] ?? '';

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
