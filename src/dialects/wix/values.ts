import { shown } from '../../shown';
import { isUuid, type Kind, type Named, namedBy } from '../../uuids';
import { type AttendanceStatus, statusNames } from './attendance';
import { violation } from './errors';

/** Readers of values as they were sent; each throws a violation of the field where the value is not what it should be. */

/** What a GUID names; undefined where it is not one of ours. */
export function guid(kind: Kind, value: unknown, field: string): Named | undefined {
  if (typeof value === 'string' && isUuid(value)) return namedBy(kind, value);
  throw violation(field, `must be a GUID, not ${shown(value)}`, 'FORMAT');
}

/** "eventId: min 36, max 250 characters": others than ours need be no GUIDs. */
export function event(value: unknown, field: string): Named | undefined {
  if (typeof value === 'string' && value.length >= 36 && value.length <= 250) return namedBy('meeting', value);
  throw violation(field, `must be the ID of an event, 36 to 250 characters, not ${shown(value)}`, 'FORMAT');
}

export function statusName(value: unknown, field: string): AttendanceStatus {
  const name = statusNames.find((each) => each === value);
  if (name) return name;
  throw violation(field, `must be one of ${statusNames.join(', ')}, not ${shown(value)}`, 'INVALID_ENUM_VALUE');
}

export function wholeNumber(value: unknown, field: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw violation(field, `must be a whole number, not ${shown(value)}`, 'FORMAT');
}

/** Nothing that lists: text, a number, null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
