import { Problem } from '../../errors';
import type { Call, Endpoint } from '../../http/endpoint';
import { Streamed } from '../../http/streamed';
import type { Filter, Key, Mark, MarkRequest } from '../../ledger/attendance';
import type { Ledger } from '../../ledger/ledger';
import type { Roster, SectionAccess } from '../../roster/roster';
import { countsByStatus, groupByDate, totalsOf } from './grouping';
import { requestOf, resultOf } from './items';
import { type AttendanceQuery, placeOf, type Window, windowOf } from './window';

/** Schoology's bulk limit elsewhere is 50, PowerSchool's 200. */
const MAX_ITEMS = 10_000;
/** How many marks of an answer are in memory at once. */
const CHUNK = 2_000;

interface AttendanceBody {
  readonly attendances: { readonly attendance: unknown };
}

type ReadCall = Call<{ section: string }, AttendanceQuery>;
type WriteCall = Call<{ section: string }, object, AttendanceBody>;

/** `sections/{section id}/attendance`: the statuses of a section's students, by date. */
export function attendanceEndpoints(ledger: Ledger, roster: Roster): Endpoint[] {
  const path = '/sections/:section/attendance';
  const read: Endpoint<ReadCall> = {
    method: 'GET',
    path,
    scope: 'attendance:read',
    schemas: { query: 'schoology/attendance.get.query', reply: 'schoology/attendance.get.reply' },
    async handle(call) {
      const section = await openSection(roster, call);
      const window = windowOf(call.query);
      const filter = { district: call.caller.district, section: section.id, ...window.filter };
      await knowEnrollment(roster, call, section, filter.enrollment);
      const body = () =>
        window.page.limit ? readPage(ledger, filter, window, call) : readWhole(ledger, filter, window);
      return { status: 200, revision: section.revision, body };
    },
  };
  const put: Endpoint<WriteCall> = {
    method: 'PUT',
    path,
    scope: 'attendance:write',
    schemas: { body: 'schoology/attendance.put.body', reply: 'schoology/attendance.put.reply' },
    async handle(call) {
      const { id } = await openSection(roster, call);
      const items = [call.body.attendances.attendance].flat();
      if (items.length > MAX_ITEMS)
        throw new Problem('BODY_TOO_LARGE', `At most ${MAX_ITEMS} attendances a request; ${items.length} were sent.`);
      if (call.isForNew) throw new Problem('RESOURCE_EXISTS');
      const { outcomes, held } = await write(ledger, items.map(requestOf), id, call);
      const attendance = outcomes.map((outcome, index) => resultOf(outcome, items[index]));
      return { status: 200, body: { attendance }, ...held };
    },
  };
  return [read, put];
}

/**
 * RFC 9110, 9.3.4: an ETag in the answer says that the client knows what stands now. It does where If-Match named what
 * it had read, and it can go on from there; else others may have written before it, and it has to read first.
 */
function write(ledger: Ledger, requests: readonly MarkRequest[], section: number, { caller, revisions }: WriteCall) {
  return ledger.open(async (book) => {
    const outcomes = await book.record(requests, caller, { section, revisions });
    const [held] = revisions ? await book.hold([section], caller) : [];
    return { outcomes, held: held && { revision: held.revision } };
  });
}

/** "Response Code `410 Gone` returned if district has installed the PowerSchool SIS Attendance App". */
async function openSection(roster: Roster, { caller, params }: Call<{ section: string }>): Promise<SectionAccess> {
  const section = await roster.section(caller, params.section);
  if (section.sis_attendance_app) throw new Problem('SIS_ATTENDANCE_APP');
  return section;
}

async function knowEnrollment(
  roster: Roster,
  { caller }: Call,
  section: SectionAccess,
  enrollment: number | undefined,
): Promise<void> {
  if (enrollment === undefined) return;
  if (!Number.isSafeInteger(enrollment) || !(await roster.hasEnrollment(caller, section, enrollment)))
    throw new Problem('NOT_FOUND', `There is no enrollment ${enrollment} in section ${section.id}.`);
}

/** Without `limit` the answer is complete: a widely used client takes it as such and never pages. */
async function readWhole(ledger: Ledger, filter: Filter, { page, taken }: Window) {
  const marks = await ledger.marks(filter, { ...page, limit: CHUNK });
  const isPart = page.offset !== undefined || page.after !== undefined;
  const dates = taken ? await takenDates(ledger, filter, page.after?.date) : [];
  if (marks.length === CHUNK) return streamed(ledger, filter, marks, isPart, dates);
  return answer(marks, isPart ? await ledger.totals(filter) : totalsOf(marks), dates);
}

/** What is more than a chunk is written while it is read. The totals are of just those marks that were. */
function streamed(ledger: Ledger, filter: Filter, first: readonly Mark[], isPart: boolean, taken: readonly string[]) {
  const counts = countsByStatus();
  async function* groups() {
    let from = 0;
    for await (const marks of wholeDates(ledger, filter, first)) {
      counts.add(marks);
      const last = marks.at(-1)!.date;
      const to = taken.findIndex((date) => date > last);
      yield groupByDate(marks, taken.slice(from, to < 0 ? undefined : to));
      from = to < 0 ? taken.length : to;
    }
    yield groupByDate([], taken.slice(from));
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

async function readPage(ledger: Ledger, filter: Filter, { page, taken }: Window, call: ReadCall) {
  const limit = page.limit!;
  const found = await ledger.marks(filter, { ...page, limit: limit + 1 });
  const marks = found.slice(0, limit);
  const last = found.length > limit ? marks.at(-1) : undefined;
  const dates = taken ? await takenDates(ledger, filter, page.after?.date, last?.date) : [];
  const { start, after, ...rest } = call.query;
  const next = last && { ...rest, ...(page.offset === undefined && start && { start }), after: placeOf(keyOf(last)) };
  return {
    ...answer(marks, await ledger.totals(filter), dates),
    links: { self: call.link(call.path, { ...call.query }), ...(next && { next: call.link(call.path, next) }) },
  };
}

const keyOf = ({ date, enrollment_id }: Mark): Key => ({ date, enrollment: enrollment_id });

const answer = (marks: readonly Mark[], total: object[], taken: readonly string[]) => ({
  date: groupByDate(marks, taken),
  totals: { total },
});

/** The dates whose roll was taken, after one page's end and up to the next one's. */
async function takenDates(ledger: Ledger, filter: Filter, after = '', until = '\uffff'): Promise<string[]> {
  const meetings = await ledger.meetings(filter);
  return meetings.flatMap(({ date, taken_at }) => (taken_at && date > after && date <= until ? [date] : []));
}
