import type { Call, Endpoint, Reply } from '../../http/endpoint';
import type { Book } from '../../ledger/book';
import type { House } from '../house';
import { type AttendanceRow, order } from './attendance';
import { known, type ParentCall, parents } from './attendances';
import type { SentAttendance } from './change';
import { idOf } from './hal';
import { attendanceReply, checkConditions } from './revision';
import { ofId, type Scopes } from './scope';
import type { Writer } from './writer';

type EditCall = ParentCall & Call<ParentCall['params'], object, Omit<SentAttendance, 'invited_by'>>;

/** PUT, PATCH and DELETE of one attendance, under its event or its person. */
export function editEndpoints({ ledger }: House, scopes: Scopes, writer: Writer): Endpoint[] {
  return parents(scopes).flatMap(({ path, open }): Endpoint<EditCall>[] => {
    /** The attendance is found, and read again once nobody else can change it. */
    const edit = async (call: EditCall, work: (book: Book, row: AttendanceRow) => Promise<Reply>): Promise<Reply> => {
      const actor = call.caller;
      const condition = { all: [await open(call), ofId(idOf(call.params.attendance))] };
      const [seen] = await ledger.query({ actor, condition, order, limit: 1 });
      return writer.open(known(seen, call).section_id, actor, async (book) => {
        const row = known(await writer.find(book, actor, condition), call);
        checkConditions(row, call);
        return work(book, row);
      });
    };
    const put = (call: EditCall): Promise<Reply> =>
      edit(call, async (book, row) => {
        // What a full representation has beyond the fields, its links among it, is read-only.
        await writer.change(book, row, { ...call.body, invited_by: undefined }, call.caller);
        const changed = await writer.find(book, call.caller, ofId(idOf(call.params.attendance)));
        return attendanceReply(changed!, call);
      });
    const remove = (call: EditCall): Promise<Reply> =>
      edit(call, async (book, row) => {
        await writer.remove(book, row, call.caller);
        return { status: 200, body: { notice: 'This attendance was successfully deleted.' } };
      });
    const one = { path: `${path}/attendances/:attendance`, scope: 'attendance:write' } as const;
    const schemas = { body: 'osdi/attendance.body', reply: 'osdi/attendance.reply' };
    return [
      // "PATCH is PUT": both take the fields that they have, and leave the others.
      { ...one, method: 'PUT', schemas, handle: put },
      { ...one, method: 'PATCH', schemas, handle: put },
      { ...one, method: 'DELETE', schemas: { reply: 'osdi/notice.reply' }, handle: remove },
    ];
  });
}
