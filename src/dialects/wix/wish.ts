import { shown } from '../../shown';
import type { Named } from '../../uuids';
import type { Change } from './change';
import { ApplicationError, violation } from './errors';
import { event, guid, isObject, statusName } from './values';

/** int32 on Wix's wire. */
const MAX_NUMBER = 2_147_483_647;

/** Reads an attendance to be set. @param path of it in the body, for what is said of it */
export function wishOf(attendance: unknown, path: string): Change {
  if (!isObject(attendance)) throw required(attendance, path, 'must be an object');
  const { bookingId, status, numberOfAttendees } = attendance;
  if (bookingId == null) throw required(bookingId, `${path}.bookingId`, 'must be a GUID');
  if (status == null) throw required(status, `${path}.status`, 'must be a status');
  const event = eventOf(attendance, path);
  return {
    enrollment: guid('enrollment', bookingId, `${path}.bookingId`)?.id,
    section: event?.id,
    date: event?.date,
    status: statusName(status, `${path}.status`),
    numberOfAttendees:
      numberOfAttendees === undefined ? undefined : numberOf(numberOfAttendees ?? 1, `${path}.numberOfAttendees`),
  };
}

/** An attendance to be deleted: what was set of it is taken back. */
export function removalOf(id: unknown, path: string): Change {
  const named = guid('entry', id, path);
  return { enrollment: named?.id, section: null, date: named?.date, status: 'NOT_SET', numberOfAttendees: 1 };
}

const required = (value: unknown, field: string, message: string) =>
  violation(field, `${message}, not ${shown(value)}`, 'REQUIRED_FIELD');

/** "Use this field instead of the deprecated `sessionId`." */
function eventOf({ eventId, sessionId }: Readonly<Record<string, unknown>>, path: string): Named | undefined {
  if (eventId == null && sessionId == null)
    throw new ApplicationError('BODY_INVALID', 'SESSION_ID_NOT_PROVIDED', `${path}.eventId is missing.`);
  if (eventId != null && sessionId != null && eventId !== sessionId)
    throw violation(`${path}.sessionId`, `must be the same as eventId, not ${shown(sessionId)}`, 'ONE_OF_ALIGNMENT');
  return event(eventId ?? sessionId, `${path}.${eventId == null ? 'sessionId' : 'eventId'}`);
}

/** "Do not set to `0` to indicate that no one attended the session. Instead, set the `status` field to `NOT_ATTENDED`." */
function numberOf(value: unknown, field: string): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_NUMBER) return value as number;
  const right = `must be a whole number between 1 and ${MAX_NUMBER}, not ${shown(value)}`;
  throw violation(field, `${right}; that nobody came is the status NOT_ATTENDED`, 'OUT_OF_RANGE', {
    min: 1,
    max: MAX_NUMBER,
  });
}
