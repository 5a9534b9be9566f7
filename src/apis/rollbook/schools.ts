import type { Call, Endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { openSchools, type UntakenRolls } from '../../roster/schools';
import type { SchoolRow } from '../../roster/sql';
import type { Dependencies } from '../dependencies';

type ReadCall = Call<{ school: string }>;
type WriteCall = Call<{ school: string }, object, { untaken: UntakenRolls }>;

/** `/schools/{school}`: how a school counts the rolls that nobody took. */
export function schoolEndpoints({ database, roster }: Dependencies): Endpoint[] {
  const schools = openSchools(database);

  async function replyOf({ caller }: ReadCall, school: number) {
    const { district_id, ...body } = await schools.get(caller, school);
    return { status: 200, body };
  }

  const read: Endpoint<ReadCall> = {
    method: 'GET',
    path: '/:school',
    scope: 'attendance:read',
    schemas: { reply: 'rollbook/school.reply' },
    async handle(call) {
      const { id } = await roster.one<SchoolRow>('school', call.caller, call.params.school);
      return replyOf(call, id);
    },
  };
  const write: Endpoint<WriteCall> = {
    method: 'PATCH',
    path: '/:school',
    scope: 'roster:write',
    schemas: { body: 'rollbook/school.body', reply: 'rollbook/school.reply' },
    async handle(call) {
      const { caller, params, body } = call;
      const { id } = await roster.one<SchoolRow>('school', caller, params.school);
      if (caller.person !== null) throw new Problem('SECTION_FORBIDDEN', 'The settings of a school are the office’s.');
      await schools.setUntaken(caller, id, body.untaken);
      return replyOf(call, id);
    },
  };
  return [read, write];
}
