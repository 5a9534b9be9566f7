/*
 * `src/marks/`: Marks of many sections and days at once, in and out as CSV: a file is read, its rows find their
 * enrollments, and a report says what became of each.
 */
import type { RowReport } from '../../schemas/rollbook/marks';
import type { Database } from '../database/database';
import type { Actor } from '../ledger/actor';
import type { Outcome, Refusal, Status } from '../ledger/attendance';
import type { Ledger } from '../ledger/ledger';
import { preview } from '../lib/preview';
import type { DateOrder } from '../lib/written-days';
import { openCalendar } from '../reports/calendar';
import { calledName } from '../roster/names';
import { schoolOfDay } from './find-enrollment';
import { type Column, columnNamed, RowError, type SentRow, statusWords } from './row';
import { isRight, openUnderstanding, type Understood } from './understand';

/** How many rows came to what. */
export type Counts = Record<RowReport['outcome'], number>;

/** An import of marks under way. */
export interface MarksImport {
  /** Takes some more rows, in one transaction, and says what became of each. */
  take(rows: readonly SentRow[]): Promise<RowReport[]>;
  readonly counts: Readonly<Counts>;
  /** Headings that nobody knows; what stands under them was not read. */
  readonly ignored: ReadonlySet<string>;
}

/** The way by which marks come in from files. With `dryRun` all is decided by the same code, and nothing written. */
export function openMarksImport(database: Database, ledger: Ledger) {
  const understanding = openUnderstanding(database);
  const warnings = openWarnings(database);
  return (
    actor: Actor,
    { dryRun, dateOrder }: { readonly dryRun: boolean; readonly dateOrder?: DateOrder | undefined },
  ): MarksImport => {
    const record = dryRun ? ledger.dryRun() : ledger.record;
    const counts: Counts = { changed: 0, unchanged: 0, refused: 0 };
    const ignored = new Set<string>();
    const understand = understanding(actor, { dryRun, dateOrder }, ignored);
    let taken = 0;

    async function take(rows: readonly SentRow[]): Promise<RowReport[]> {
      const read = await understand(rows);
      const understood = read.filter(isRight);
      const outcomes = (await record(understood.map(requestOf), actor)).values();
      const warningOf = await warnings(actor, understood);
      const lineOf = (index: number): number => rows[index]!.line ?? taken + index + 1;
      const places = read.flatMap((each, index) => (isRight(each) ? [index] : []));
      const reports = read.map((each, index) => {
        const sent = rows[index]!;
        const line = lineOf(index);
        if (!isRight(each)) return refusedRow(line, sent, each);
        const outcome = outcomes.next().value!;
        if (outcome.ok) {
          const { replacedBy } = outcome;
          const replaced =
            replacedBy === undefined
              ? ''
              : `Line ${lineOf(places[replacedBy]!)} replaced it: the same student and day.`;
          return decidedRow(line, each, outcome, [replaced, warningOf(each)].filter(Boolean).join(' '));
        }
        return refusedRow(line, sent, new RowError(columns[outcome.refusal], outcome.message));
      });
      for (const { outcome } of reports) counts[outcome]++;
      taken += rows.length;
      return reports;
    }

    return { take, counts, ignored };
  };
}

const requestOf = ({ request: { date, comment }, enrolled, meaning }: Understood) => ({
  enrollment: enrolled.id,
  date,
  ...meaning,
  comment,
});

/** Which of the days are no school days, and why. */
function openWarnings(database: Database) {
  const calendar = openCalendar(database);
  return async ({ district }: Actor, understood: readonly Understood[]) => {
    const dates = understood.map(({ request }) => request.date).sort();
    const dayOf = dates.length > 0 ? await calendar(district, dates[0]!, dates.at(-1)!) : undefined;
    return ({ request: { date }, enrolled }: Understood): string => {
      const { school_day, reason } = dayOf!({ school: schoolOfDay(enrolled, date) ?? 0, date });
      return school_day ? '' : `${date} is no school day${reason && ` (${reason})`}; it counts in no rate.`;
    };
  };
}

/** The column that the ledger's refusal is about. */
const columns: Record<Refusal, Column> = {
  enrollment_invalid: 'enrollment',
  enrollment_unknown: 'enrollment',
  enrollment_of_teacher: 'enrollment',
  section_forbidden: 'section',
  date_invalid: 'date',
  date_outside_enrollment: 'date',
  status_invalid: 'status',
  comment_invalid: 'comment',
};

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

const wordOf = (status: Status | null): RowReport['from'] => (status === null ? '' : statusWords[status]);

/** What was sent, as it was sent. */
function refusedRow(line: number, sent: SentRow, { column, message }: RowError): RowReport {
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

function decidedRow(
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
