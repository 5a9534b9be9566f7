import { partsOf } from '../../days';
import { Problem } from '../../errors';
import type { Call, Endpoint } from '../../http/endpoint';
import type { Condition } from '../../ledger/condition';
import type { House } from '../house';
import { type AttendanceRow, attendanceFields, attendanceId, attendanceOf, beside, order } from './attendance';
import { collectionReply } from './collection';
import { idOf } from './hal';
import type { CollectionQuery } from './paging';
import { attendanceReply } from './revision';
import { ofEvent, ofId, ofPerson, type Scopes } from './scope';

export type ParentCall = Call<{ event: string; person: string; attendance: string }, CollectionQuery>;

/** What attendances hang on, in the path and in the ledger. */
export const parents = (scopes: Scopes) => [
  { path: '/events/:event', open: async (call: ParentCall) => ofEvent(await scopes.event(call)) },
  { path: '/people/:person', open: async (call: ParentCall) => ofPerson(await scopes.person(call)) },
];

/** `attendances` of an event and of a person, read. */
export function attendanceEndpoints({ ledger }: House, scopes: Scopes): Endpoint[] {
  return parents(scopes).flatMap(({ path, open }): Endpoint<ParentCall>[] => [
    {
      method: 'GET',
      path: `${path}/attendances`,
      scope: 'attendance:read',
      schemas: { query: 'osdi/collection.query', reply: 'osdi/collection.reply' },
      async handle(call) {
        const all = await open(call);
        const actor = call.caller;
        const within = (condition: Condition): Condition => ({ all: [all, condition] });
        return collectionReply<AttendanceRow>(call, {
          rel: 'osdi:attendances',
          fields: attendanceFields,
          count: (condition) => ledger.count({ actor, beside, condition: within(condition) }),
          rows: ({ condition, ...slice }) =>
            ledger.query({ ...slice, actor, beside, order, condition: within(condition) }),
          idOf: attendanceId,
          placeOf: (id) => Object.values(partsOf(id)),
          print: (row) => attendanceOf(row, call),
        });
      },
    },
    {
      method: 'GET',
      path: `${path}/attendances/:attendance`,
      scope: 'attendance:read',
      schemas: { reply: 'osdi/attendance.reply' },
      async handle(call) {
        const condition = { all: [await open(call), ofId(idOf(call.params.attendance))] };
        const [row] = await ledger.query<AttendanceRow>({ actor: call.caller, beside, order, condition, limit: 1 });
        return attendanceReply(known(row, call), call);
      },
    },
  ]);
}

export function known<Row>(row: Row | undefined, { params }: Call<{ attendance: string }>): Row {
  if (!row) throw new Problem('NOT_FOUND', `There is no attendance ${params.attendance} here.`);
  return row;
}
