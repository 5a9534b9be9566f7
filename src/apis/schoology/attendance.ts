import {
  AttendancePutBody,
  AttendancePutQuery,
  AttendancePutReply,
  AttendanceQuery,
  AttendanceReply,
  type AttendanceResult,
  type SentAttendance,
} from '../../../schemas/schoology/attendance';
import type { Read } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { Streamed } from '../../http/send';
import type { MarkRequest, Outcome, Refusal } from '../../ledger/attendance';
import type { Ledger } from '../../ledger/ledger';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { type Roster, type SectionAccess, sectionId } from '../../roster/roster';
import { attendanceIn, countOf, windowOf } from './attendance-days';
import { invalid } from './parameters';

/** What the ledger is to check and write. Ids and statuses are numbers or numeric strings. */
export function requestOf(item: unknown): MarkRequest {
  const { enrollment_id, date, status, comment } = Object(item) as SentAttendance;
  return {
    enrollment: numeric(enrollment_id),
    date: typeof date === 'string' ? date.trim() : date,
    status: numeric(status),
    comment: comment ?? undefined, // JSON null says no more than a missing comment
  };
}

function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d{1,20}\s*$/.test(value) ? Number(value) : value;
}

const responseCodes = {
  enrollment_invalid: 400,
  date_invalid: 400,
  status_invalid: 400,
  comment_invalid: 400,
  date_outside_enrollment: 400,
  enrollment_of_teacher: 403,
  date_closed: 403,
  section_forbidden: 403,
  code_forbidden: 403, // cannot be: it says no codes
  enrollment_unknown: 404,
} as const satisfies Record<Refusal, number>;

/** One element of the answer; a failed item echoes what was sent. */
export function resultOf(outcome: Outcome, item: unknown): AttendanceResult {
  if (outcome.ok) return { id: outcome.id, response_code: 200, ...replaced(outcome.replacedBy) };
  const { enrollment_id, date } = Object(item) as SentAttendance;
  return {
    enrollment_id: echoed(enrollment_id),
    date: echoed(date),
    response_code: responseCodes[outcome.refusal],
    message: outcome.message,
  };
}

/** The last of several items for one enrollment and date stands, and the others are told so. */
const replaced = (by: number | undefined) =>
  by === undefined
    ? undefined
    : { message: `Item ${by + 1} of this request, for the same enrollment and date, replaced this one.` };

/** A value that both JSON and XML can say: what is no scalar comes back as its JSON, cut short. */
function echoed(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return value.slice(0, 100);
  if (typeof value === 'boolean' || Number.isFinite(value)) return value as boolean | number;
  return typeof value === 'object' && value ? preview(value, 100) : null;
}

/** Schoology's bulk limit elsewhere is 50, PowerSchool's 200. */
const MAX_ITEMS = 10_000;

/** `sections/{section id}/attendance`: the statuses of a section's students, by date. */
export function attendanceEndpoints(ledger: Ledger, roster: Roster): Endpoint[] {
  const path = '/sections/:section/attendance';
  const read = endpoint({
    method: 'GET',
    path,
    summary: 'Reads the attendance of a section',
    errors: ['SIS_ATTENDANCE_APP'],
    scope: 'attendance:read',
    schemas: { query: AttendanceQuery, reply: AttendanceReply },
    async handle(call) {
      const window = windowOf(call.query, call.epoch);
      const section = open(await roster.sectionOn(call.caller, call.params.section, window.filter));
      const filter = { district: call.caller.district, section: section.id, ...window.filter };
      const person = await personOf(roster, call, section, filter.enrollment);
      const { from, to } = filter;
      const read: Read = { ...(person === undefined ? { section: section.id } : { person }), from, to };
      const body = async () => {
        const attendance = await attendanceIn(ledger, filter, window, call);
        if (!(attendance instanceof Streamed)) read.records = countOf(attendance);
        return attendance;
      };
      return { status: 200, revision: section.revision, body, reads: [read] };
    },
  });
  const put = endpoint({
    method: 'PUT',
    path,
    summary: 'Takes the roll of a section, or says single statuses',
    errors: ['SIS_ATTENDANCE_APP', 'REVISION_STALE', 'RESOURCE_EXISTS', 'MARKS_ONLY'],
    headers: { ETag: 'Where If-Match was sent: what the attendance of the section is known by now.' },
    scope: 'attendance:write',
    schemas: { query: AttendancePutQuery, body: AttendancePutBody, reply: AttendancePutReply },
    async handle(call) {
      const section = sectionId(call.params.section);
      const items = [call.body.attendances.attendance].flat();
      if (items.length > MAX_ITEMS)
        throw new Problem('BODY_TOO_LARGE', `At most ${MAX_ITEMS} attendances a request; ${items.length} were sent.`);
      const requests = items.map(requestOf);
      const { outcomes, held } = await write(ledger, roster, requests, section, call);
      const attendance = outcomes.map((outcome, index) => resultOf(outcome, items[index]));
      // It tells who is enrolled.
      const days = requests.flatMap(({ date }, index) => (outcomes[index]!.ok ? String(date) : [])).sort();
      const reads = days.length > 0 ? [{ section, from: days[0], to: days.at(-1), records: days.length }] : [];
      return { status: 200, body: { attendance }, reads, ...held };
    },
  });
  return [read, put];
}

/**
 * RFC 9110, 9.3.4: an ETag in the answer says that the client knows what stands now. It does where If-Match named what
 * it had read, and it can go on from there; else others may have written before it, and it has to read first.
 */
function write(
  ledger: Ledger,
  roster: Roster,
  requests: readonly MarkRequest[],
  section: number,
  { caller, params, revisions, query, isForNew }: Call<{ section: string }, AttendancePutQuery>,
) {
  const roll = rollIn(query, caller);
  return ledger.open(async (transaction) => {
    const access = roster.sectionToWrite(caller, params.section, undefined, transaction).then((found) => {
      open(found);
      if (isForNew) throw new Problem('RESOURCE_EXISTS');
    });
    const conditions = { section, access, revisions, roll, commentFollowsStatus: true };
    const outcomes = await transaction.record(requests, caller, conditions);
    const [held] = revisions ? await transaction.hold([section], caller) : [];
    return { outcomes, held: held && { revision: held.revision } };
  });
}

/**
 * "If attendance was taken on a given day, assume all enrollments are PRESENT": a PUT takes the roll of its dates. An
 * extension: with `taken=0` it says these statuses, and no more.
 */
function rollIn({ taken = '' }: AttendancePutQuery, { marksOnly }: Caller): 'always' | 'complete' {
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
  if (section.sis_takes_attendance) throw new Problem('SIS_ATTENDANCE_APP');
  return section;
}

/** Whose the enrollment is that is asked for, if one is. */
async function personOf(
  roster: Roster,
  { caller }: Call,
  section: SectionAccess,
  enrollment: number | undefined,
): Promise<number | undefined> {
  if (enrollment === undefined) return undefined;
  const person = Number.isSafeInteger(enrollment)
    ? await roster.personEnrolled(caller, section, enrollment)
    : undefined;
  if (person === undefined)
    throw new Problem('NOT_FOUND', `There is no enrollment ${enrollment} in section ${section.id}.`);
  return person;
}
