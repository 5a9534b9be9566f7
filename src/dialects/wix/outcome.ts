import { Problem } from '../../errors';
import { attendanceOf } from './attendance';
import type { Outcome, Refused } from './change';
import { ApplicationError, violation } from './errors';

/** Which field of a set is at fault. */
const faults: Partial<Record<Refused['refusal'], string>> = {
  enrollment_unknown: 'bookingId',
  enrollment_of_teacher: 'bookingId',
  event_unknown: 'eventId',
  date_outside_enrollment: 'eventId',
};

/** A single request fails where its change is refused. */
export function problemOf({ refusal, message }: Refused): Problem {
  if (isForbidden(refusal)) return new Problem('SECTION_FORBIDDEN', message);
  return violation(`attendance.${faults[refusal]}`, `is refused: ${message}`, 'INVALID_REFERENCE');
}

const isForbidden = (refusal: Refused['refusal']): boolean => /^section_(forbidden|left)$/.test(refusal);

/** What may not be deleted is not there, unless the caller can read it. */
export const problemOfRemoval = (refused: Refused): Problem =>
  refused.refusal === 'section_left' ? problemOf(refused) : notFound();

export const notFound = () => new ApplicationError('NOT_FOUND', 'ATTENDANCE_NOT_FOUND', 'attendance not found');

/** "itemMetadata": what became of one item of a bulk request. */
export interface ItemResult {
  readonly item?: object;
  readonly itemMetadata: {
    readonly id?: string;
    readonly originalIndex: number;
    readonly success: boolean;
    readonly error?: object;
  };
}

export function setResult(outcome: Outcome, originalIndex: number, full: boolean): ItemResult {
  if (!outcome.ok) return failure(originalIndex, errorOf(outcome));
  const item = attendanceOf(outcome.row);
  return { ...(full && { item }), itemMetadata: { id: item.id, originalIndex, success: true } };
}

export function deleteResult(outcome: Outcome, originalIndex: number, id: string): ItemResult {
  if (outcome.ok) return { itemMetadata: { id, originalIndex, success: true } };
  if (outcome.refusal === 'section_left') return failure(originalIndex, errorOf(outcome), id);
  const error = { code: 'ATTENDANCE_NOT_FOUND', description: 'attendance not found', data: {} };
  return failure(originalIndex, error, id);
}

const failure = (originalIndex: number, error: object, id?: string): ItemResult => ({
  itemMetadata: { ...(id !== undefined && { id }), originalIndex, success: false, error },
});

function errorOf({ refusal, message }: Refused): object {
  if (isForbidden(refusal)) return { code: 'PERMISSION_DENIED', description: message, data: {} };
  return { code: 'INVALID_ARGUMENT', description: message, data: { field: `attendance.${faults[refusal]}` } };
}

/** The answer of a bulk request. */
export function bulkReply(results: readonly ItemResult[]) {
  const totalSuccesses = results.filter(({ itemMetadata }) => itemMetadata.success).length;
  const totalFailures = results.length - totalSuccesses;
  return {
    status: 200,
    body: { results, bulkActionMetadata: { totalSuccesses, totalFailures, undetailedFailures: 0 } },
  };
}
