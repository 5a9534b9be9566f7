import type { Comparison, Condition } from '../../ledger/condition';
import type { Order } from '../../ledger/query';
import type { Named } from '../../uuids';
import { statuses } from './attendance';
import { event, guid, statusName, wholeNumber } from './values';

/** A field of an attendance as filters and sorts know it. */
export interface Field {
  /** What it is sorted by. */
  readonly columns: readonly string[];
  /** True where it equals one of the values, none of which is null. */
  among(values: readonly unknown[], path: string): Condition;
  /** Only of a field that has an order: `lt() le() gt() ge() descending()`. */
  compare?(is: Comparison, value: unknown, path: string): Condition;
}

const key = ['enrollment_id', 'date'];
const meeting = ['section_id', 'date'];

const eventField: Field = {
  columns: meeting,
  among: (values, path) =>
    named(
      meeting,
      values.map((value) => event(value, path)),
    ),
};

/** "PROPERTY / SUPPORTED FILTERS & SORTING" */
export const fields: Readonly<Record<string, Field>> = {
  id: {
    columns: key,
    among: (values, path) =>
      named(
        key,
        values.map((value) => guid('entry', value, path)),
      ),
  },
  bookingId: {
    columns: ['enrollment_id'],
    among: (values, path) =>
      named(
        ['enrollment_id'],
        values.map((value) => guid('enrollment', value, path)),
      ),
  },
  eventId: eventField,
  sessionId: eventField,
  status: {
    columns: ['attendance_status'],
    among: (values, path) => ({
      column: 'status',
      in: [...new Set(values.flatMap((value) => statuses[statusName(value, path)] as readonly (number | null)[]))],
    }),
  },
  numberOfAttendees: {
    columns: ['number_of_attendees'],
    among: (values, path) => ({ column: 'number_of_attendees', in: values.map((value) => wholeNumber(value, path)) }),
    compare: (is, value, path) => ({ column: 'number_of_attendees', is, value: wholeNumber(value, path) }),
  },
};

/** Ids that name nothing of ours equal no row. */
function named(columns: readonly string[], found: readonly (Named | undefined)[]): Condition {
  const rows = found
    .filter((each) => each !== undefined)
    .map(({ id, date }) => (date === undefined ? [id] : [id, date]));
  if (rows.length !== 1) return { columns, in: rows };
  return { all: columns.map((column, index) => ({ column, is: 'eq', value: rows[0]![index]! })) };
}

/** The order of ids: that of their texts too. */
export const byId: readonly Order[] = key.map((column) => ({ column }));
