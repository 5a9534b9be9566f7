import { SchoolBody, SchoolReply } from '../../../schemas/rollbook/schools';
import type { Caller } from '../../clients/client';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { openSchools } from '../../roster/schools';
import type { Dependencies } from '../dependencies';

/** `/schools/{school}`: how a school counts the rolls that nobody took. */
export function schoolEndpoints({ database, roster }: Dependencies): Endpoint[] {
  const schools = openSchools(database);

  async function replyOf(caller: Caller, school: number) {
    const { district_id, ...body } = await schools.get(caller, school);
    return { status: 200, body };
  }

  const read = endpoint({
    method: 'GET',
    path: '/:school',
    summary: 'Reads how a school counts rolls that nobody took',
    scope: 'attendance:read',
    schemas: { reply: SchoolReply },
    async handle({ caller, params }) {
      const { id } = await roster.one('school', caller, params.school);
      return replyOf(caller, id);
    },
  });
  const write = endpoint({
    method: 'PATCH',
    path: '/:school',
    summary: 'Changes how a school counts rolls that nobody took',
    scope: 'roster:write',
    schemas: { body: SchoolBody, reply: SchoolReply },
    async handle({ caller, params, body }) {
      const { id } = await roster.one('school', caller, params.school);
      if (caller.person !== null) throw new Problem('OFFICE_ONLY', 'The settings of a school are the office’s.');
      await schools.setUntaken(caller, id, body.untaken);
      return replyOf(caller, id);
    },
  });
  return [read, write];
}
