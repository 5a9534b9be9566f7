import { type Attendance, AttendanceReply, AttendancesReply, announced } from '../../../schemas/osdi/attendances';
import { AttendancesQuery, type CollectionQuery, ResourceQuery } from '../../../schemas/osdi/parts';
import { type Read, readOnDays } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { instant as anInstant, nullable, oneOf, string } from '../../database/rows';
import { idOn, partsOf } from '../../days';
import { type Call, type Endpoint, endpoint, type Reply } from '../../http/endpoint';
import { hashed } from '../../http/etag';
import { Status } from '../../ledger/attendance';
import type { RowOfColumns } from '../../ledger/columns';
import { type Condition, type EntryRow, extensionTable } from '../../ledger/entries';
import { Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import { collectionReply } from './collections';
import { invalidField } from './errors';
import { each, type Fields, printed, textsOf } from './filter';
import { BASE, documentOf, idIn, idOf, linkTo, NAMESPACE, ownId, withoutBlanks } from './hal';
import { type Identified, openIdentified, type Part } from './tables';

/** A section on a date, which an event shows. */
export interface EventKey {
  readonly section: number;
  readonly date: string;
}

/** What attendances hang on. */
export const parents = [
  { path: '/events/:event', of: 'a meeting' },
  { path: '/people/:person', of: 'a person' },
] as const;
export type ParentParams = { readonly event: string } | { readonly person: string };

export type Scopes = ReturnType<typeof openScopes>;

/** What attendances belong to, as far as the caller may see it; NOT_FOUND where they may not, or there is none. */
export function openScopes({ ledger, roster }: Dependencies) {
  const event = async ({ caller }: Call, id: number): Promise<EventKey> => {
    const { id: section, date } = partsOf(id);
    await roster.sectionOn(caller, String(section), { from: date, to: date });
    const [meeting] = await ledger.meetings({ district: caller.district, section, from: date, to: date });
    if (!meeting) throw new Problem('NOT_FOUND', `There is no event ${id}.`);
    return { section, date };
  };
  const person = async (caller: Caller, id: string): Promise<number> => (await roster.one('person', caller, id)).id;

  return {
    event: (call: Call<{ event: string }>): Promise<EventKey> => event(call, idOf(call.params.event)),

    /** The event of ours that a body links to. */
    async linkedEvent(call: Call, href: string | undefined): Promise<EventKey> {
      const id = href && idIn(href, 'events', call.link(''));
      if (!id)
        throw invalidField('_links.osdi:event', 'must link to an event of this service', `${BASE}/events/4220362`);
      return event(call, idOf(id));
    },

    person: ({ caller, params }: Call<{ person: string }>): Promise<number> => person(caller, params.person),

    /** Those that a path leads to. */
    attendances: async (call: Call<ParentParams>): Promise<Condition> =>
      'event' in call.params
        ? ofEvent(await event(call, idOf(call.params.event)))
        : ofPerson(await person(call.caller, call.params.person)),
  };
}

const equals = (column: string, value: string | number): Condition => ({ column, is: 'eq', value });

/** The attendances of an event. */
export const ofEvent = ({ section, date }: EventKey): Condition => ({
  all: [equals('section_id', section), equals('date', date)],
});

/** The attendances of a person. */
export const ofPerson = (person: number): Condition => equals('person_id', person);

/** The one attendance with this id. */
export function ofId(attendance: number): Condition {
  const { id, date } = partsOf(attendance);
  return { all: [equals('enrollment_id', id), equals('date', date)] };
}

const text = (sql: string) => ({ type: 'text', sql, holds: nullable(string) }) as const;
const instant = (sql: string) => ({ type: 'timestamptz', sql, holds: nullable(anInstant) }) as const;

/** In the order of their ids. */
export const order = [{ column: 'enrollment_id' }, { column: 'date' }];

/** The fields of an attendance, in terms of the ledger's entry and of what is kept beside it. */
export const extension = extensionTable('osdi_attendances', {
  // "The ledger's where it is late, excused or absent, else the RSVP as sent, else accepted."
  shown_status: {
    type: 'text',
    sql: `case entries.status when 2 then 'absent' when 3 then 'late' when 4 then 'excused'
      when 1 then coalesce(extension.status, 'accepted') else extension.status end`,
    holds: nullable(oneOf(...announced, 'absent', 'late', 'excused')),
  },
  attended: {
    type: 'smallint',
    sql: 'case when entries.status in (1, 3) then 1 when entries.status in (2, 4) then 0 end',
    holds: nullable(oneOf(0, 1)),
  },
  // "The mark's comment; the RSVP's where there is no mark."
  shown_comment: {
    type: 'text',
    sql: `case when entries.status in (2, 3, 4) then entries.comment else coalesce(extension.comment, '') end`,
    holds: string,
  },
  shown_origin: { type: 'text', sql: `coalesce(extension.origin_system, '${NAMESPACE}')`, holds: string },
  acted_at: instant('coalesce(extension.action_at, entries.changed_at)'),
  // There is one as soon as there is the event, whether or not anything was said of it.
  created_date: instant('entries.meeting_created_at'),
  // When a mark goes, nothing of it stays that could tell when: then it is when something of the event last changed.
  modified_date: instant(
    `case when extension.changed_at > coalesce(entries.changed_at, entries.meeting_changed_at) then extension.changed_at
      else coalesce(entries.changed_at, entries.meeting_changed_at, extension.changed_at) end`,
  ),
  /** As sent; all of it null where nothing was. */
  rsvp: { ...text('extension.status'), holds: nullable(oneOf(...announced)) },
  rsvp_comment: text('extension.comment'),
  action_date: text('extension.action_date'),
  origin_system: text('extension.origin_system'),
  invited_by: text('extension.invited_by'),
  identifiers: text('extension.identifiers'),
});

/** An entry of the ledger with what OSDI alone knows of it. */
export type AttendanceRow = EntryRow & RowOfColumns<typeof extension.columns>;

const fields: Fields = {
  origin_system: { column: 'shown_origin', kind: 'text' },
  created_date: { column: 'created_date', kind: 'instant' },
  modified_date: { column: 'modified_date', kind: 'instant' },
  action_date: { column: 'acted_at', kind: 'instant' },
  status: { column: 'shown_status', kind: 'text', alike: { accepted: ['confirmed'] } },
  ...each(['referrer_data', 'tickets'], { kind: 'none', why: 'no attendance has them' }),
  attended: { column: 'attended', kind: 'boolean' },
  comment: { column: 'shown_comment', kind: 'text' },
};

export const attendanceId = ({ enrollment_id, date }: EntryRow): number => idOn(enrollment_id, date);

/** Our own identifier of it, which nobody else can set. */
export const ownIdentifier = (row: EntryRow): string => `${NAMESPACE}:${attendanceId(row)}`;

/** The fields and links of attendances.md. */
export function attendanceOf(row: AttendanceRow, call: Call): Attendance {
  const event = `/events/${idOn(row.section_id, row.date)}`;
  return {
    identifiers: [ownIdentifier(row), ...JSON.parse(row.identifiers ?? '[]')],
    origin_system: row.shown_origin,
    ...withoutBlanks({
      created_date: row.created_date && printed(row.created_date),
      modified_date: row.modified_date && printed(row.modified_date),
      action_date: row.acted_at && printed(row.acted_at),
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

/** An attendance on its own, with its ETag. */
export function attendanceReply(row: AttendanceRow, call: Call) {
  const body = documentOf(attendanceOf(row, call), call);
  return { status: 200, body, revision: revisionOf(row, call), reads: readOnDays([row]) } satisfies Reply;
}

/** Of all that is kept of it: an announcement that a mark hides, and the instant of a change to the millisecond. */
const revisionOf = (row: AttendanceRow, call: Call): number => hashed(JSON.stringify([row, call.link('')]));

export const isMark = (status: Status | null): boolean => status !== null && status !== Status.present;

/** Whether nobody has said anything of it yet. */
export const isUntold = ({ identifiers, status, taken }: AttendanceRow): boolean =>
  identifiers === null && (taken ? !isMark(status) : status === null);

/** If-Match names what the client has read, which is then still to stand; `If-None-Match: *` that nothing does. */
export function checkConditions(row: AttendanceRow, call: Call): void {
  if (call.revisions && !call.revisions.includes(revisionOf(row, call))) throw new Problem('REVISION_STALE');
  if (call.isForNew && !isUntold(row)) throw new Problem('RESOURCE_EXISTS');
}

/** By our own identifier of it, or by what others call it. */
const IDENTIFIERS = ['identifier', 'identifiers'];

/** The fields, with the attendances of an event or of a person that have the identifiers that a filter names. */
async function fieldsFor(call: Call<ParentParams, CollectionQuery>, sent: Identified): Promise<Fields> {
  const asked = new Set(textsOf(call.query.filter, fields, IDENTIFIERS));
  const known = asked.size > 0 ? await sent(call.caller, partOf(call.params)) : [];
  const among = (identifier: string): Condition => {
    const own = ownId(identifier);
    if (own !== undefined) return ofId(own);
    const keys = known.filter((row) => (JSON.parse(row.identifiers) as string[]).includes(identifier));
    return { columns: ['enrollment_id', 'date'], in: keys.map(({ enrollment_id, date }) => [enrollment_id, date]) };
  };
  return { ...fields, ...each(IDENTIFIERS, { kind: 'list', among }) };
}

/** Which attendances a path is about: those of a section on a date, or of a person. */
function partOf(params: ParentParams): Part {
  if ('person' in params) return { section: null, date: null, person: Number(params.person) };
  const { id, date } = partsOf(idOf(params.event));
  return { section: id, date, person: null };
}

/** Of whom, and of which days, attendances are: those of an event are of whoever was in its section that day. */
function readsOf(params: ParentParams, rows: readonly AttendanceRow[]): Read[] {
  if ('person' in params) return rows.length > 0 ? readOnDays(rows) : [{ person: Number(params.person), records: 0 }];
  const { id: section, date } = partsOf(idOf(params.event));
  return [{ section, from: date, to: date, records: rows.length }];
}

/** `attendances` of an event and of a person, read. */
export function attendanceEndpoints({ database, ledger }: Dependencies, scopes: Scopes): Endpoint[] {
  const sent = openIdentified(database);
  return parents.flatMap(({ path, of }) => [
    endpoint({
      method: 'GET',
      path: `${path}/attendances`,
      summary: `Lists attendances of ${of}`,
      scope: 'attendance:read',
      schemas: { query: AttendancesQuery, reply: AttendancesReply },
      async handle(call) {
        const all = await scopes.attendances(call);
        const actor = call.caller;
        const within = (condition: Condition): Condition => ({ all: [all, condition] });
        return collectionReply(call, {
          rels: ['osdi:attendances', 'osdi:attendance'],
          fields: await fieldsFor(call, sent),
          count: (condition) => ledger.count({ actor, extension, condition: within(condition) }),
          rows: ({ condition, ...slice }) =>
            ledger.query({ ...slice, actor, extension, order, condition: within(condition) }),
          idOf: attendanceId,
          placeOf: (id) => Object.values(partsOf(id)),
          print: (row: AttendanceRow) => attendanceOf(row, call),
          readsOf: (rows: readonly AttendanceRow[]) => readsOf(call.params, rows),
        });
      },
    }),
    endpoint({
      method: 'GET',
      path: `${path}/attendances/:attendance`,
      summary: `Reads an attendance of ${of}`,
      scope: 'attendance:read',
      schemas: { query: ResourceQuery, reply: AttendanceReply },
      async handle(call) {
        const condition = { all: [await scopes.attendances(call), ofId(idOf(call.params.attendance))] };
        const [row] = await ledger.query({ actor: call.caller, extension, order, condition, limit: 1 });
        return attendanceReply(known(row, call), call);
      },
    }),
  ]);
}

/** The one that was asked for; NOT_FOUND where the caller may not see it or there is none. */
export function known<Row>(row: Row | undefined, { params }: Call<{ attendance: string }>): Row {
  if (!row) throw new Problem('NOT_FOUND', `There is no attendance ${params.attendance} here.`);
  return row;
}
