import { Problem } from '../../errors';
import type { Call, Reply } from '../../http/endpoint';
import { hashed } from '../../http/etag';
import { type AttendanceRow, attendanceOf } from './attendance';
import { isMark } from './change';
import { documentOf } from './hal';

/** An attendance on its own, with its ETag. */
export function attendanceReply(row: AttendanceRow, call: Call) {
  const body = documentOf(attendanceOf(row, call), call);
  return { status: 200, body, revision: revisionOf(row, call) } satisfies Reply;
}

/** Of all that is kept of it: an announcement that a mark hides, and the instant of a change to the millisecond. */
const revisionOf = (row: AttendanceRow, call: Call): number => hashed(JSON.stringify([row, call.link('')]));

/** Whether nobody has said anything of it yet. */
export const isUntold = ({ identifiers, status, taken }: AttendanceRow): boolean =>
  identifiers === null && (taken ? !isMark(status) : status === null);

/** If-Match names what the client has read, which is then still to stand; `If-None-Match: *` that nothing does. */
export function checkConditions(row: AttendanceRow, call: Call): void {
  if (call.revisions && !call.revisions.includes(revisionOf(row, call))) throw new Problem('REVISION_STALE');
  if (call.isForNew && !isUntold(row)) throw new Problem('RESOURCE_EXISTS');
}
