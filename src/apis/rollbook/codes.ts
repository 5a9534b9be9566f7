import { CodeBody, CodeReply, CodesQuery, CodesReply } from '../../../schemas/rollbook/codes';
import { managerOf } from '../../clients/access';
import type { Caller } from '../../clients/client';
import { today } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { type Code, isCode, openCodes } from '../../ledger/codes';
import { Problem } from '../../lib/problem';
import { openSchoolYears, schoolYearOn } from '../../roster/school-years';
import type { Dependencies } from '../dependencies';

/** `/schools/{school}/codes`: the school's own words for statuses. */
export function codeEndpoints({ database, roster }: Dependencies): Endpoint[] {
  const codes = openCodes(database);
  const yearsOf = openSchoolYears(database);

  async function yearOf(caller: Caller, year: string | undefined): Promise<number> {
    if (year !== undefined) return Number(year);
    const { time_zone } = await roster.district(caller);
    return schoolYearOn(today(time_zone), await yearsOf(caller.district));
  }

  return [
    endpoint({
      method: 'GET',
      path: '/:school/codes',
      summary: 'Lists the attendance codes of a school in a school year',
      scope: 'attendance:read',
      schemas: { query: CodesQuery, reply: CodesReply },
      async handle({ caller, params, query }) {
        const { id } = await roster.one('school', caller, params.school);
        const year = await yearOf(caller, query.year);
        return { status: 200, body: { year, codes: (await codes.of(caller.district, id, year)).map(shown) } };
      },
    }),
    endpoint({
      method: 'PUT',
      path: '/:school/codes/:code',
      summary: 'Adds an attendance code to a school, or changes what it says and means from now on',
      scope: 'roster:write',
      schemas: { query: CodesQuery, body: CodeBody, reply: CodeReply },
      async handle({ caller, params, query, body: { status, description = params.code, office_only, color } }) {
        const { id } = await roster.one('school', caller, params.school);
        const manager = managerOf(caller);
        if (manager.school !== null && manager.school !== id)
          throw new Problem('OFFICE_ONLY', 'The attendance codes of another school are the office’s of that school.');
        if (!isCode(params.code))
          throw new Problem('NOT_FOUND', 'A code has up to 32 letters, digits and signs, without spaces.');
        const year = await yearOf(caller, query.year);
        const change = { school_id: id, year, code: params.code, description, status, office_only, color };
        return { status: 200, body: shown(await codes.set(manager, change)) };
      },
    }),
  ];
}

const shown = ({ id, code, description, status, office_only, color }: Code) => ({
  ...{ id, code, description, status, color },
  office_only: Boolean(office_only),
});
