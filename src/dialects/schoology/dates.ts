import type { Call } from '../../http/endpoint';
import { Streamed } from '../../http/streamed';
import type { Filter, Key, Mark } from '../../ledger/attendance';
import type { Ledger } from '../../ledger/ledger';
import { countsByStatus, groupByDate, totalsOf } from './grouping';
import { type AttendanceQuery, placeOf, type Window } from './window';

/** How many marks of an answer are in memory at once. */
const CHUNK = 2_000;

type Asked = Pick<Call<object, AttendanceQuery>, 'query' | 'path' | 'link' | 'epoch'>;

/** The marks of a section by date, with the totals of each status: a page of them where `limit` is asked for, else all. */
export const attendanceIn = (ledger: Ledger, filter: Filter, window: Window, asked: Asked) =>
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
  return new Streamed({ date: groups(), totals });
}

/** The marks from the first chunk on, in chunks that end where a date does. */
async function* wholeDates(ledger: Ledger, filter: Filter, first: readonly Mark[]): AsyncGenerator<readonly Mark[]> {
  let held: readonly Mark[] = [];
  let chunk = first;
  while (chunk.length === CHUNK) {
    const last = chunk.at(-1)!;
    const marks = held.concat(chunk);
    const end = marks.findLastIndex(({ date }) => date !== last.date) + 1;
    if (end > 0) yield marks.slice(0, end);
    held = marks.slice(end);
    chunk = await ledger.marks(filter, { after: keyOf(last), limit: CHUNK });
  }
  const rest = held.concat(chunk);
  if (rest.length > 0) yield rest;
}

async function readPage(ledger: Ledger, filter: Filter, { page, taken }: Window, { query, path, link, epoch }: Asked) {
  const limit = page.limit!;
  const found = await ledger.marks(filter, { ...page, limit: limit + 1 });
  const marks = found.slice(0, limit);
  const last = found.length > limit ? marks.at(-1) : undefined;
  const dates = taken ? await takenDates(ledger, filter, page.after?.date, last?.date) : none;
  const { start, after, ...rest } = query;
  const from = page.offset === undefined && start && { start };
  const next = last && { ...rest, ...from, after: placeOf(keyOf(last), epoch) };
  return {
    ...answer(marks, await ledger.totals(filter), dates),
    links: { self: link(path, { ...query }), ...(next && { next: link(path, next) }) },
  };
}

const keyOf = ({ date, enrollment_id }: Mark): Key => ({ date, enrollment: enrollment_id });

const answer = (marks: readonly Mark[], total: object[], { between, taken }: TakenDates) => ({
  date: groupByDate(marks, between, taken),
  totals: { total },
});

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
