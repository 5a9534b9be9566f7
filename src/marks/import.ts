/*
 * `src/marks/`: Marks of many sections and days at once, in and out as CSV: a file is read, its rows find their
 * enrollments, and a report says what became of each.
 */
import type { RowReport } from '../../schemas/rollbook/marks';
import type { DayRecord } from '../audit/read';
import type { Database } from '../database/database';
import type { Actor } from '../ledger/actor';
import { type Outcome, type Refusal, Status, statusWords } from '../ledger/attendance';
import { type Code, openCodes } from '../ledger/codes';
import type { Ledger } from '../ledger/ledger';
import { preview } from '../lib/preview';
import type { DateOrder } from '../lib/written-days';
import { openCalendar } from '../reports/calendar';
import { calledName } from '../roster/names';
import { openSchoolYears, type SchoolYear, schoolYearOn } from '../roster/school-years';
import { type Enrolled, openEnrollmentFinder, schoolOfDay } from './find-enrollment';
import {
  type Column,
  columnNamed,
  RIGHT_STATUS,
  RowError,
  type RowRequest,
  rowRequestOf,
  type SentRow,
  wrong,
} from './row';

/** How many rows came to what. */
export type Counts = Record<RowReport['outcome'], number>;

/** An import of marks under way. */
export interface MarksImport {
  /** Takes some more rows, in one transaction, and says what became of each, and whose records the reports show. */
  take(rows: readonly SentRow[]): Promise<{ readonly reports: RowReport[]; readonly shown: readonly DayRecord[] }>;
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

    async function take(rows: readonly SentRow[]) {
      const read = await understand(rows);
      const understood = read.filter(isRight);
      const outcomes = (await record(understood.map(requestOf), actor)).values();
      const warningOf = await warnings(actor, understood);
      const lineOf = (index: number): number => rows[index]!.line ?? taken + index + 1;
      const shown: DayRecord[] = [];
      const places = read.flatMap((each, index) => (isRight(each) ? [index] : []));
      const reports = read.map((each, index) => {
        const sent = rows[index]!;
        const line = lineOf(index);
        if (!isRight(each)) return refusedRow(line, sent, each);
        const outcome = outcomes.next().value!;
        if (outcome.ok) {
          shown.push({ person_id: each.enrolled.person_id, date: each.request.date });
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
      return { reports, shown };
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
  date_closed: 'date',
  status_invalid: 'status',
  comment_invalid: 'comment',
  code_forbidden: 'code',
};

/** What a row says of a student, as the ledger takes it. */
interface Meaning {
  readonly status: Status;
  readonly code: number | undefined;
}

const ours = new Map<string, Status>([
  ...Object.entries(Status),
  ...Object.values(Status).map((status) => [String(status), status] as const),
]);

/** Reads statuses: words and numbers, and in a school's own codes of the year. A dry run writes nothing here either. */
function openMeanings(database: Database, district: number, { dryRun }: { readonly dryRun: boolean }) {
  const codes = openCodes(database);
  const schoolYears = openSchoolYears(database);
  const met = new Map<string, Promise<readonly Code[]>>();
  let years: Promise<readonly SchoolYear[]> | undefined;

  /** A school that has no codes yet begins with the usual ones as soon as one is met. */
  async function codesOf(school: number, year: number, isCoded: boolean): Promise<readonly Code[]> {
    const known = await codes.stored(district, school, year);
    if (known.length > 0 || !isCoded) return known;
    return dryRun ? codes.offered(school, year) : codes.of(district, school, year);
  }

  /** Throws RowError where it is none, or says two things. */
  return async ({ status, code, date }: RowRequest, school: number | null): Promise<Meaning> => {
    years ??= schoolYears(district);
    const year = schoolYearOn(date, await years);
    const isCoded = code !== '' || !isOurs(status);
    const key = `${school} ${year} ${isCoded}`;
    if (!met.has(key)) met.set(key, school === null ? Promise.resolve([]) : codesOf(school, year, isCoded));
    const list = await met.get(key)!;
    const byStatus = status === '' ? undefined : meaningOf('status', status, list);
    const byCode = code === '' ? undefined : meaningOf('code', code, list);
    if (byStatus && byCode && byStatus.status !== byCode.status)
      throw wrong('code', `${preview(code)} does not mean ${preview(status)} at this school.`);
    return { status: (byStatus ?? byCode)!.status, code: (byCode ?? byStatus)!.code };
  };
}

const isOurs = (text: string): boolean => text === '' || ours.has(text.toLowerCase());

function meaningOf(column: 'status' | 'code', text: string, codes: readonly Code[]): Meaning {
  const code = codes.find((each) => each.code === text);
  const status = column === 'status' ? ours.get(text.toLowerCase()) : undefined;
  if (code && status && code.status !== status)
    throw wrong(
      column,
      `${preview(text)} is a status, and a code of the school for another one; the column code would say which.`,
    );
  if (status) return { status, code: code?.id };
  if (code) return { status: code.status, code: code.id };
  const right = column === 'code' ? `a code of the school, ${codes.map((each) => each.code).join(', ')}` : RIGHT_STATUS;
  throw wrong(column, `must be ${right}, not ${preview(text)}.`);
}

/** A row that is understood: whose mark it is, and which. */
interface Understood {
  readonly request: RowRequest;
  readonly enrolled: Enrolled;
  readonly meaning: Meaning;
}

/** Reads rows for an actor: each is understood, or refused. `ignored` is told of headings that nobody knows. */
function openUnderstanding(database: Database) {
  const finder = openEnrollmentFinder(database);
  return (
    actor: Actor,
    options: { readonly dryRun: boolean; readonly dateOrder?: DateOrder | undefined },
    ignored: Set<string>,
  ) => {
    const meanings = openMeanings(database, actor.district, options);
    return async (rows: readonly SentRow[]): Promise<(Understood | RowError)[]> => {
      const requests = rows.map((row) => orRefused(() => rowRequestOf(row, ignored, options.dateOrder)));
      const find = await finder(actor, requests.filter(isRight));
      const read = async (request: RowRequest): Promise<Understood | RowError> => {
        const enrolled = orRefused(() => find(request));
        if (!isRight(enrolled)) return enrolled;
        const meaning = await meanings(request, schoolOfDay(enrolled, request.date)).catch(refusalOf);
        return isRight(meaning) ? { request, enrolled, meaning } : meaning;
      };
      return Promise.all(requests.map((request) => (isRight(request) ? read(request) : request)));
    };
  };
}

const isRight = <Right>(value: Right | RowError): value is Right => !(value instanceof RowError);

function orRefused<Value>(read: () => Value): Value | RowError {
  try {
    return read();
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): RowError {
  if (error instanceof RowError) return error;
  throw error;
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
