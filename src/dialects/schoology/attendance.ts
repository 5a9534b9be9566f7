import type { Caller } from '../../clients/caller';
import { Problem } from '../../errors';
import type { Call, Endpoint } from '../../http/endpoint';
import type { MarkRequest } from '../../ledger/attendance';
import type { Ledger } from '../../ledger/ledger';
import type { Roster, SectionAccess } from '../../roster/roster';
import { attendanceIn } from './dates';
import { requestOf, resultOf } from './items';
import { invalid } from './parameters';
import { type AttendanceQuery, windowOf } from './window';

/** Schoology's bulk limit elsewhere is 50, PowerSchool's 200. */
const MAX_ITEMS = 10_000;

interface AttendanceBody {
  readonly attendances: { readonly attendance: unknown };
}

type ReadCall = Call<{ section: string }, AttendanceQuery>;
type WriteCall = Call<{ section: string }, { taken?: string }, AttendanceBody>;

/** `sections/{section id}/attendance`: the statuses of a section's students, by date. */
export function attendanceEndpoints(ledger: Ledger, roster: Roster): Endpoint[] {
  const path = '/sections/:section/attendance';
  const read: Endpoint<ReadCall> = {
    method: 'GET',
    path,
    scope: 'attendance:read',
    schemas: { query: 'schoology/attendance.get.query', reply: 'schoology/attendance.get.reply' },
    async handle(call) {
      const section = open(await roster.section(call.caller, call.params.section));
      const window = windowOf(call.query, call.epoch);
      const filter = { district: call.caller.district, section: section.id, ...window.filter };
      await knowEnrollment(roster, call, section, filter.enrollment);
      return { status: 200, revision: section.revision, body: () => attendanceIn(ledger, filter, window, call) };
    },
  };
  const put: Endpoint<WriteCall> = {
    method: 'PUT',
    path,
    scope: 'attendance:write',
    schemas: {
      query: 'schoology/attendance.put.query',
      body: 'schoology/attendance.put.body',
      reply: 'schoology/attendance.put.reply',
    },
    async handle(call) {
      const { id } = open(await roster.sectionToWrite(call.caller, call.params.section));
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
function write(
  ledger: Ledger,
  requests: readonly MarkRequest[],
  section: number,
  { caller, revisions, query }: WriteCall,
) {
  const conditions = { section, revisions, roll: takingIn(query, caller), commentFollowsStatus: true };
  return ledger.open(async (book) => {
    const outcomes = await book.record(requests, caller, conditions);
    const [held] = revisions ? await book.hold([section], caller) : [];
    return { outcomes, held: held && { revision: held.revision } };
  });
}

/**
 * "If attendance was taken on a given day, assume all enrollments are PRESENT": a PUT takes the roll of its dates. An
 * extension: with `taken=0` it says these statuses, and no more.
 */
function takingIn({ taken = '' }: { taken?: string }, { marksOnly }: Caller): 'always' | 'complete' {
  if (taken === '1' && marksOnly) throw new Problem('MARKS_ONLY');
  if (taken === '' || taken === '1') return 'always';
  if (taken === '0') return 'complete';
  throw invalid(
    'taken',
    `must be 1, for the roll as a whole, or 0, for these statuses alone, not ${taken.slice(0, 60)}`,
  );
}

/** "Response Code `410 Gone` returned if district has installed the PowerSchool SIS Attendance App". */
function open(section: SectionAccess): SectionAccess {
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
