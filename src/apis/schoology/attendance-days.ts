import type { Attendance, AttendanceQuery, DateGroup, StatusGroup, Total } from '../../../schemas/schoology/attendance';
import { isDay } from '../../days';
import type { Call } from '../../http/endpoint';
import { Streamed } from '../../http/send';
import type { Filter, Key, Mark, Page } from '../../ledger/attendance';
import type { Ledger } from '../../ledger/ledger';
import { integer, invalid } from './parameters';

/** What of a section is asked for. */
export interface Window {
  readonly filter: Pick<Filter, 'from' | 'to' | 'enrollment'>;
  readonly page: Page;
  /** Whether dates on which everybody was present are listed too. */
  readonly taken: boolean;
}

/** A limit over 1,000 is capped. */
const MAX_LIMIT = 1_000;

/**
 * `start` is the first day, or where it is a plain integer the offset of a page, which it is elsewhere in the same
 * documentation. `after` is the key of the last mark of the page before, from `links.next`, in the same database.
 */
export function windowOf(query: AttendanceQuery, epoch: string): Window {
  const { start, end, enrollment_id, limit, after } = query;
  const offset = start && isNumber(start) ? Number(start) : undefined;
  const from = offset === undefined ? day('start', start) : undefined;
  const to = day('end', end);
  if (from && to && from > to) throw invalid('start', `is ${from}, after the end ${to}`);
  return {
    filter: { from, to, enrollment: integer('enrollment_id', enrollment_id) },
    page: { offset, limit: limitOf(limit), after: after ? keyAt(after, epoch) : undefined },
    taken: query.taken === '1',
  };
}

/** Writes and reads the place after which the next page begins. */
export const placeOf = ({ date, enrollment }: Key, epoch: string): string => `${date}.${enrollment}.${epoch}`;

function keyAt(place: string, epoch: string): Key {
  const [, date, enrollment, of] = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})\.([0-9a-f]{16})$/.exec(place) ?? [];
  if (!date || !isDay(date) || of !== epoch)
    throw invalid('after', `must be as in links.next, not ${place.slice(0, 60)}`);
  return { date, enrollment: Number(enrollment) };
}

function day(field: string, value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (!isDay(value)) throw invalid(field, `must be a day, YYYY-MM-DD, not ${value.slice(0, 60)}`);
  return value;
}

function limitOf(value: string | undefined): number | undefined {
  const limit = integer('limit', value);
  if (limit !== undefined && limit < 1) throw invalid('limit', `must be from 1 to ${MAX_LIMIT}, not ${limit}`);
  return limit && Math.min(limit, MAX_LIMIT);
}

/** An offset that a number holds exactly. */
const isNumber = (value: string): boolean => /^\d{1,15}$/.test(value);

/**
 * Groups marks, which come by date and enrollment, in one pass: statuses ascending, enrollments ascending within a status. A
 * status or a date with nothing under it is not listed, but for those of `allPresent` on which there is none.
 * @param taken the dates whose rolls are taken, where it is to be said of each
 */
export function groupByDate(
  marks: readonly Mark[],
  allPresent: readonly string[] = [],
  taken?: ReadonlySet<string>,
): DateGroup[] {
  const groups: DateGroup[] = [];
  const add = (date: string, status: readonly StatusGroup[]) =>
    groups.push({ date, ...(taken && !taken.has(date) && { taken: 0 as const }), statuses: { status } });
  let next = 0;
  const allPresentBefore = (date: string) => {
    for (; next < allPresent.length && allPresent[next]! <= date; next++)
      if (allPresent[next]! < date) add(allPresent[next]!, []);
  };
  for (let from = 0; from < marks.length; ) {
    const { date } = marks[from]!;
    let to = from;
    while (marks[to]?.date === date) to++;
    allPresentBefore(date);
    add(date, groupByStatus(marks, from, to));
    from = to;
  }
  allPresentBefore('\uffff');
  return groups;
}

function groupByStatus(marks: readonly Mark[], from: number, to: number): StatusGroup[] {
  const groups: Mark[][] = [];
  for (let at = from; at < to; at++) {
    const mark = marks[at]!;
    groups[mark.status] ??= [];
    groups[mark.status]?.push(mark);
  }
  return groups.flatMap((attendance, status) => ({
    status_code: status as Mark['status'],
    attendances: { attendance },
  }));
}

/** Counts marks of each status as they come. */
export function countsByStatus() {
  const counts: number[] = [];
  return {
    add(marks: readonly Mark[]): void {
      for (const { status } of marks) counts[status] = (counts[status] ?? 0) + 1;
    },
    /** Statuses ascending. */
    list: (): Total[] =>
      counts.flatMap((count, status) => (count ? [{ status: status as Mark['status'], count }] : [])),
  };
}

/** How many marks of each status there are. */
export function totalsOf(marks: readonly Mark[]): Total[] {
  const counts = countsByStatus();
  counts.add(marks);
  return counts.list();
}

/** How many marks of an answer are in memory at once. */
const CHUNK = 2_000;

type Asked = Pick<Call<object, AttendanceQuery>, 'query' | 'path' | 'link' | 'epoch'>;

/** The marks of a section by date, with the totals of each status: a page of them where `limit` is asked for, else all. */
export const attendanceIn = (
  ledger: Ledger,
  filter: Filter,
  window: Window,
  asked: Asked,
): Promise<Attendance | Streamed<Attendance>> =>
  window.page.limit ? readPage(ledger, filter, window, asked) : readWhole(ledger, filter, window);

/** Without `limit` the answer is complete: a widely used client takes it as such and never pages. */
async function readWhole(ledger: Ledger, filter: Filter, { page, taken }: Window) {
  const marks = await ledger.marks(filter, { ...page, limit: CHUNK });
  const isPart = page.offset !== undefined || page.after !== undefined;
  const dates = taken ? await takenDates(ledger, filter, page.after?.date) : none;
  if (marks.length === CHUNK) return streamed(ledger, filter, marks, isPart, dates);
  return answer(marks, isPart ? await ledger.totals(filter) : totalsOf(marks), dates);
}

/** What is more than a chunk is written while it is read. The totals are of just those marks that were. */
function streamed(
  ledger: Ledger,
  filter: Filter,
  first: readonly Mark[],
  isPart: boolean,
  { between, taken }: TakenDates,
) {
  const counts = countsByStatus();
  async function* groups() {
    let from = 0;
    for await (const marks of wholeDates(ledger, filter, first)) {
      counts.add(marks);
      const last = marks.at(-1)!.date;
      const to = between.findIndex((date) => date > last);
      yield groupByDate(marks, between.slice(from, to < 0 ? undefined : to), taken);
      from = to < 0 ? between.length : to;
    }
    yield groupByDate([], between.slice(from), taken);
  }
  const totals = async () => ({ total: isPart ? await ledger.totals(filter) : counts.list() });
  return new Streamed<Attendance>({ date: groups(), totals });
}

/** The marks from the first chunk on, in chunks that end where a date does. */
async function* wholeDates(ledger: Ledger, filter: Filter, first: readonly Mark[]): AsyncGenerator<readonly Mark[]> {
  let pending: readonly Mark[] = [];
  let chunk = first;
  while (chunk.length === CHUNK) {
    const last = chunk.at(-1)!;
    const marks = pending.concat(chunk);
    const end = marks.findLastIndex(({ date }) => date !== last.date) + 1;
    if (end > 0) yield marks.slice(0, end);
    pending = marks.slice(end);
    chunk = await ledger.marks(filter, { after: keyOf(last), limit: CHUNK });
  }
  const rest = pending.concat(chunk);
  if (rest.length > 0) yield rest;
}

async function readPage(
  ledger: Ledger,
  filter: Filter,
  { page, taken }: Window,
  { query, path, link, epoch }: Asked,
): Promise<Attendance> {
  const limit = page.limit!;
  const found = await ledger.marks(filter, { ...page, limit: limit + 1 });
  const marks = found.slice(0, limit);
  const last = found.length > limit ? marks.at(-1) : undefined;
  const dates = taken ? await takenDates(ledger, filter, page.after?.date, last?.date) : none;
  const { start, after, ...rest } = query;
  const from = page.offset === undefined && start && { start };
  const next = last && { ...rest, ...from, after: placeOf(keyOf(last), epoch) };
  const totals = await ledger.totals(filter);
  return {
    ...answer(marks, totals, dates),
    // As other lists say it: who takes a page for all of it can see that it is not.
    total: String(totals.reduce((sum, { count }) => sum + count, 0)),
    links: { self: link(path, { ...query }), ...(next && { next: link(path, next) }) },
  };
}

const keyOf = ({ date, enrollment_id }: Mark): Key => ({ date, enrollment: enrollment_id });

const answer = (marks: readonly Mark[], total: readonly Total[], { between, taken }: TakenDates): Attendance => ({
  date: groupByDate(marks, between, taken),
  totals: { total },
});

/** How many marks an answer has. */
export const countOf = ({ date }: Attendance): number =>
  date.flatMap(({ statuses: { status } }) => status).reduce((sum, each) => sum + each.attendances.attendance.length, 0);

/** The dates whose roll was taken: those after one page's end and up to the next one's, and all, where they are asked for. */
interface TakenDates {
  readonly between: readonly string[];
  readonly taken?: ReadonlySet<string>;
}

const none: TakenDates = { between: [] };

async function takenDates(ledger: Ledger, filter: Filter, after = '', until = '\uffff'): Promise<TakenDates> {
  const meetings = await ledger.meetings(filter);
  const dates = meetings.flatMap(({ date, taken_at }) => (taken_at ? [date] : []));
  return { between: dates.filter((date) => date > after && date <= until), taken: new Set(dates) };
}
