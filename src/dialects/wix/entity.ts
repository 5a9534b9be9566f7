import type { Call, Endpoint } from '../../http/endpoint';
import type { EntryRow } from '../../ledger/query';
import type { House } from '../house';
import { type AttendanceRow, attendanceOf, beside } from './attendance';
import { byId, fields } from './fields';
import { notFound, problemOf, problemOfRemoval } from './outcome';
import { removalOf, wishOf } from './wish';
import type { Setter } from './write';

type EntityCall = Call<{ id: string }>;
type SetCall = Call<object, object, { readonly attendance: unknown }>;

/** `get`, `set` and `delete`. Every success is exactly 200 with a body: the SDK throws on 201 and 204. */
export function entityEndpoints(service: string, { ledger }: House, set: Setter): Endpoint[] {
  const get: Endpoint<EntityCall> = {
    method: 'GET',
    path: `${service}/:id`,
    scope: 'attendance:read',
    schemas: { reply: 'wix/attendance.reply' },
    async handle({ params, caller }) {
      const condition = fields.id!.among([params.id], 'attendanceId');
      const [row] = await ledger.query<EntryRow & AttendanceRow>({
        actor: caller,
        condition,
        order: byId,
        limit: 1,
        beside,
      });
      if (!row) throw notFound();
      return { status: 200, body: { attendance: attendanceOf(row) } };
    },
  };
  const put: Endpoint<SetCall> = {
    method: 'POST',
    path: `${service}/set`,
    scope: 'attendance:write',
    schemas: { body: 'wix/set.body', reply: 'wix/attendance.reply' },
    async handle({ body, caller }) {
      const outcome = (await set([wishOf(body.attendance, 'attendance')], caller))[0]!;
      if (!outcome.ok) throw problemOf(outcome);
      return { status: 200, body: { attendance: attendanceOf(outcome.row) } };
    },
  };
  const remove: Endpoint<EntityCall> = {
    method: 'DELETE',
    path: `${service}/:id`,
    scope: 'attendance:write',
    schemas: { reply: 'wix/delete.reply' },
    async handle({ params, caller }) {
      const outcome = (await set([removalOf(params.id, 'attendanceId')], caller))[0]!;
      if (!outcome.ok) throw problemOfRemoval(outcome);
      return { status: 200, body: {} };
    },
  };
  return [get, put, remove];
}
