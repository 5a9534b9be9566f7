import { type MarkRequest, Status, UNKNOWN } from '../../ledger/attendance';
import { commentFault } from '../../ledger/check';
import { type AttendanceRow, ownIdentifier } from './attendance';
import type { Facts } from './facts';
import { NAMESPACE } from './hal';
import { instantOf, printed } from './instants';
import { invalidField } from './refuse';

/** What a body says of an attendance: a missing field stays as it is, null clears it. */
export interface SentAttendance {
  readonly identifiers?: readonly string[] | null;
  readonly origin_system?: string | null;
  readonly action_date?: string | null;
  readonly status?: string | null;
  readonly attended?: boolean | null;
  readonly comment?: string | null;
  /** Of a link: what a body calls so is not meant. */
  readonly invited_by: string | undefined;
}

/** The statuses that are the ledger's; the others are an RSVP's. */
const vendor: Readonly<Record<string, Status>> = Status;
const isVendor = (status: string | null | undefined): status is keyof typeof Status =>
  typeof status === 'string' && Object.hasOwn(vendor, status);
const attends = (status: Status): boolean => status === Status.present || status === Status.late;

/** What to write in the ledger, if anything: a status, or a comment on the mark that stands. */
export function markOf(sent: SentAttendance, row: AttendanceRow): MarkRequest | undefined {
  const comment = checkedComment(sent.comment);
  const standing = comment !== undefined && isMark(row.status) ? row.status : null;
  const status = statusOf(sent, row) ?? standing;
  if (status === null) return undefined;
  // A comment that was announced stays with whoever does not come.
  const unmarkedComment = status !== UNKNOWN && isMark(status) ? (row.rsvp_comment ?? '') : '';
  return { enrollment: row.enrollment_id, date: row.date, status, comment, unmarkedComment };
}

function statusOf({ status, attended }: SentAttendance, row: AttendanceRow): Status | typeof UNKNOWN | undefined {
  if (attended === null && row.taken)
    throw invalidField('attended', 'must be true or false: the roll has been taken', 'true');
  if (isVendor(status)) return agreed(vendor[status]!, status, attended);
  if (attended === null) return UNKNOWN;
  if (typeof attended !== 'boolean') return undefined;
  // What is known in more detail stays: attended is true of late, and false of excused.
  if (row.status && attends(row.status) === attended) return row.status;
  return attended ? Status.present : Status.absent;
}

function agreed(status: Status, name: string, attended: boolean | null | undefined): Status {
  if (typeof attended !== 'boolean' || attends(status) === attended) return status;
  throw invalidField('attended', `must be ${!attended} where the status is ${name}`, String(!attended));
}

/** Null clears a comment: the ledger knows an empty one. */
function checkedComment(comment: SentAttendance['comment']): string | undefined {
  const fault = typeof comment === 'string' ? commentFault(comment) : undefined;
  if (fault) throw invalidField('comment', fault.message.replace(/^The comment /, ''));
  return comment === null ? '' : comment;
}

const statusWritten = ({ status }: MarkRequest): Status | null => (status === UNKNOWN ? null : (status as Status));

export const isMark = (status: Status | null): boolean => status !== null && status !== Status.present;

/** What stands beside the ledger once the mark is written. */
export function factsOf(sent: SentAttendance, row: AttendanceRow, mark: MarkRequest | undefined): Facts {
  const held = isMark(mark ? statusWritten(mark) : row.status);
  return {
    status: sent.status === undefined || isVendor(sent.status) ? row.rsvp : sent.status,
    comment: sent.comment === undefined || held ? (row.rsvp_comment ?? '') : (sent.comment ?? ''),
    ...actionOf(sent, row),
    origin_system: sent.origin_system === undefined ? row.origin_system : sent.origin_system,
    invited_by: sent.invited_by ?? row.invited_by,
    identifiers: identifiersOf(sent, row),
  };
}

/** As sent; but for what a client reads of us and sends back, which would no longer follow the mark. */
function actionOf({ action_date: sent }: SentAttendance, row: AttendanceRow) {
  const isOurs = row.action_date === null && row.acted_at !== null && sent === printed(row.acted_at);
  if (sent === undefined || isOurs)
    return { action_date: row.action_date, action_at: row.action_date && (instantOf(row.action_date) ?? null) };
  if (sent === null) return { action_date: null, action_at: null };
  const action_at = instantOf(sent);
  if (action_at) return { action_date: sent, action_at };
  throw invalidField('action_date', `must be an instant, not ${JSON.stringify(sent)}`, '2014-03-18T11:02:15Z');
}

/** "Arrays are replaced whole"; our own identifier is always there and need not be kept. */
function identifiersOf({ identifiers }: SentAttendance, row: AttendanceRow): string {
  if (identifiers === undefined) return row.identifiers ?? '[]';
  const foreign = (identifiers ?? []).filter((identifier) => identifier !== ownIdentifier(row));
  const ours = foreign.find((identifier) => identifier.startsWith(`${NAMESPACE}:`));
  if (ours) throw invalidField('identifiers', `must not have ${ours}, which is not of this attendance`);
  return JSON.stringify(foreign);
}
