import type { BulkReply, ItemResult } from '../../../schemas/wix/attendance';
import type { ItemError } from '../../../schemas/wix/errors';
import type { Reply } from '../../http/endpoint';
import type { Refusal } from '../../ledger/attendance';
import { Problem } from '../../lib/problem';
import { type AttendanceRow, attendanceOf } from './attendance';
import { ApplicationError, violation } from './errors';

/* What came of changes, and how it is answered: to a single request, and item by item to a bulk one. */

/** A change that was refused; what stood still stands. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal | 'event_unknown' | 'section_left';
  readonly message: string;
}

/** What came of a change: how the entry stands now, or why it was refused and stands as it did. */
export type Outcome = { readonly ok: true; readonly row: AttendanceRow } | Refused;

/** Which field of a set is at fault. */
const faults: Partial<Record<Refused['refusal'], string>> = {
  enrollment_unknown: 'bookingId',
  enrollment_of_teacher: 'bookingId',
  event_unknown: 'eventId',
  date_outside_enrollment: 'eventId',
};

/** A single request fails where its change is refused. */
export function problemOf({ refusal, message }: Refused): Problem {
  if (refusal === 'date_closed') return new Problem('DATE_CLOSED', message);
  if (isForbidden(refusal)) return new Problem('SECTION_FORBIDDEN', message);
  return violation(`attendance.${faults[refusal]}`, `is refused: ${message}`, 'INVALID_REFERENCE');
}

const isForbidden = (refusal: Refused['refusal']): boolean =>
  /^(section_forbidden|section_left|date_closed)$/.test(refusal);

/** What the caller may read, and not change. */
const isReadable = (refusal: Refused['refusal']): boolean => refusal === 'section_left' || refusal === 'date_closed';

/** What may not be deleted is not there, unless the caller can read it. */
export const problemOfRemoval = (refused: Refused): Problem =>
  isReadable(refused.refusal) ? problemOf(refused) : notFound();

/** What is not there, and what the caller may not see. */
export const notFound = () => new ApplicationError('NOT_FOUND', 'ATTENDANCE_NOT_FOUND', 'attendance not found');

/** An item of the answer to a bulk set. @param full whether it has the attendance itself */
export function setResult(outcome: Outcome, originalIndex: number, full: boolean): ItemResult {
  if (!outcome.ok) return failure(originalIndex, errorOf(outcome));
  const item = attendanceOf(outcome.row);
  return { ...(full && { item }), itemMetadata: { id: item.id, originalIndex, success: true } };
}

/** An item of the answer to a bulk delete, of the attendance with this id. */
export function deleteResult(outcome: Outcome, originalIndex: number, id: string): ItemResult {
  if (outcome.ok) return { itemMetadata: { id, originalIndex, success: true } };
  if (isReadable(outcome.refusal)) return failure(originalIndex, errorOf(outcome), id);
  const error = { code: 'ATTENDANCE_NOT_FOUND', description: 'attendance not found', data: {} };
  return failure(originalIndex, error, id);
}

const failure = (originalIndex: number, error: ItemError, id?: string): ItemResult => ({
  itemMetadata: { ...(id !== undefined && { id }), originalIndex, success: false, error },
});

function errorOf({ refusal, message }: Refused): ItemError {
  if (isForbidden(refusal)) return { code: 'PERMISSION_DENIED', description: message, data: {} };
  return { code: 'INVALID_ARGUMENT', description: message, data: { field: `attendance.${faults[refusal]}` } };
}

/** The answer of a bulk request. */
export function bulkReply(results: readonly ItemResult[]): Reply<BulkReply> {
  const totalSuccesses = results.filter(({ itemMetadata }) => itemMetadata.success).length;
  const bulkActionMetadata = { totalSuccesses, totalFailures: results.length - totalSuccesses, undetailedFailures: 0 };
  return { status: 200, body: { results, bulkActionMetadata } };
}
