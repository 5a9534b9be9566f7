import { idOn } from '../../days';
import type { Call } from '../../http/endpoint';
import type { Beside, EntryRow } from '../../ledger/query';
import type { Fields } from './filter/filter';
import { linkTo, NAMESPACE, withoutBlanks } from './hal';
import { printed } from './instants';

/** An entry of the ledger with what OSDI alone knows of it. */
export interface AttendanceRow extends EntryRow {
  readonly shown_status: string | null;
  readonly attended: 0 | 1 | null;
  readonly shown_comment: string;
  readonly shown_origin: string;
  readonly acted_at: string | null;
  readonly created_date: string | null;
  readonly modified_date: string | null;
  /** As sent; all of it null where nothing was. */
  readonly rsvp: string | null;
  readonly rsvp_comment: string | null;
  readonly action_date: string | null;
  readonly origin_system: string | null;
  readonly invited_by: string | null;
  readonly identifiers: string | null;
}

const text = (sql: string) => ({ type: 'text', sql, nullable: true }) as const;
const instant = (sql: string) => ({ type: 'timestamptz', sql, nullable: true }) as const;

/** In the order of their ids. */
export const order = [{ column: 'enrollment_id' }, { column: 'date' }];

/** The fields of an attendance, in terms of the ledger's entry and of what is kept beside it. */
export const beside: Beside = {
  table: 'osdi_attendances',
  columns: {
    // "The ledger's where it is late, excused or absent, else the RSVP as sent, else accepted."
    shown_status: text(`case entries.status when 2 then 'absent' when 3 then 'late' when 4 then 'excused'
      when 1 then coalesce(beside.status, 'accepted') else beside.status end`),
    attended: {
      type: 'smallint',
      sql: 'case when entries.status in (1, 3) then 1 when entries.status in (2, 4) then 0 end',
      nullable: true,
    },
    // "The mark's comment; the RSVP's where there is no mark."
    shown_comment: {
      type: 'text',
      sql: `case when entries.status in (2, 3, 4) then entries.comment else coalesce(beside.comment, '') end`,
    },
    shown_origin: { type: 'text', sql: `coalesce(beside.origin_system, '${NAMESPACE}')` },
    acted_at: instant('coalesce(beside.action_at, entries.changed_at)'),
    created_date: instant('coalesce(beside.created_at, entries.changed_at)'),
    modified_date: instant(
      'case when entries.changed_at > beside.changed_at then entries.changed_at ' +
        'else coalesce(beside.changed_at, entries.changed_at) end',
    ),
    rsvp: text('beside.status'),
    rsvp_comment: text('beside.comment'),
    action_date: text('beside.action_date'),
    origin_system: text('beside.origin_system'),
    invited_by: text('beside.invited_by'),
    identifiers: text('beside.identifiers'),
  },
};

export const attendanceFields: Fields = {
  origin_system: { column: 'shown_origin', kind: 'text' },
  created_date: { column: 'created_date', kind: 'instant' },
  modified_date: { column: 'modified_date', kind: 'instant' },
  action_date: { column: 'acted_at', kind: 'instant' },
  status: { column: 'shown_status', kind: 'text' },
  attended: { column: 'attended', kind: 'boolean' },
  comment: { column: 'shown_comment', kind: 'text' },
};

export const attendanceId = ({ enrollment_id, date }: EntryRow): number => idOn(enrollment_id, date);

/** Our own identifier of it, which nobody else can set. */
export const ownIdentifier = (row: EntryRow): string => `${NAMESPACE}:${attendanceId(row)}`;

/** The fields and links of attendances.md. */
export function attendanceOf(row: AttendanceRow, call: Call) {
  const event = `/events/${idOn(row.section_id, row.date)}`;
  return {
    identifiers: [ownIdentifier(row), ...JSON.parse(row.identifiers ?? '[]')],
    origin_system: row.shown_origin,
    ...withoutBlanks({
      created_date: row.created_date && printed(row.created_date),
      modified_date: row.modified_date && printed(row.modified_date),
      action_date: row.action_date ?? (row.acted_at && printed(row.acted_at)),
      status: row.shown_status,
      attended: row.attended === null ? null : row.attended === 1,
      comment: row.shown_comment,
    }),
    _links: {
      self: linkTo(call, `${event}/attendances/${attendanceId(row)}`),
      'osdi:event': linkTo(call, event),
      'osdi:person': linkTo(call, `/people/${row.person_id}`),
      ...(row.invited_by !== null && { 'osdi:invited_by': { href: row.invited_by } }),
    },
  };
}
