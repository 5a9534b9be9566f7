import type { Database } from '../../../database/database';
import type { Call, Endpoint } from '../../../http/endpoint';
import type { Ledger } from '../../../ledger/ledger';
import { type Fault, isFault } from './faults';
import { posts } from './modes';
import { poster, type Stored } from './posting';
import { type PostBody, recordsOf } from './records';

/** The addresses that attendance is posted to: all alike but for the modes, the columns and how many records. */
export function attendanceEndpoints(database: Database, ledger: Ledger): Endpoint[] {
  const postRecords = poster(database, ledger);
  return posts.map(
    (post): Endpoint<Call<object, object, PostBody>> => ({
      method: 'POST',
      path: post.path,
      scope: 'attendance:write',
      schemas: { body: 'powerschool/attendance.post.body', reply: 'powerschool/attendance.post.reply' },
      async handle(call) {
        const records = recordsOf(call.body, post);
        const results = await postRecords(records, call.caller);
        return { status: 200, body: answer(results, (index) => records[index]!.uid, call) };
      },
    }),
  );
}

/** "Counts are numbers at the top level; `result` is always an array in the order sent." */
function answer(results: readonly (Stored | Fault)[], uid: (index: number) => string, call: Call) {
  const count = (isNew: boolean) => results.filter((result) => !isFault(result) && result.isNew === isNew).length;
  const address = call.link('/ws/schema/table/attendance/');
  return {
    insert_count: count(true),
    update_count: count(false),
    delete_count: 0,
    result: results.map((result, index) => ({ client_uid: uid(index), ...resultOf(result, address) })),
  };
}

function resultOf(result: Stored | Fault, address: string): object {
  if (isFault(result)) return { status: 'ERROR', action: 'INSERT', error_message: { error: result.fault } };
  return {
    status: 'SUCCESS',
    action: result.isNew ? 'INSERT' : 'UPDATE',
    success_message: { id: result.id, name: 'ATTENDANCE', ref: address + result.id },
  };
}
