import { StudentsQuery, StudentsReply } from '../../../schemas/rollbook/students';
import { readOf } from '../../audit/read';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { openStudentFinder } from '../../roster/find-students';
import { calledName } from '../../roster/names';
import type { Dependencies } from '../dependencies';
import { numberOf } from './parameters';

const USUAL = 20;

/** `/students`: finds students of the district by their names and numbers. */
export function studentsEndpoints({ database }: Dependencies): Endpoint[] {
  const find = openStudentFinder(database);
  const search = endpoint({
    method: 'GET',
    path: '/',
    summary: 'Finds students by name or number',
    scope: 'attendance:read',
    schemas: { query: StudentsQuery, reply: StudentsReply },
    async handle({ caller, query }) {
      if (caller.person !== null)
        throw new Problem('OFFICE_ONLY', 'All students of the district are for its office to look through.');
      const limit = numberOf(query.limit) ?? USUAL;
      const found = await find(caller, query.search, limit + 1);
      const students = found.slice(0, limit).map(({ given_name, preferred_name, family_name, active, ...student }) => ({
        ...student,
        name: calledName({ given_name, preferred_name, family_name }),
        active: Boolean(active),
      }));
      const body = { students, more: found.length > limit };
      return { status: 200, body, reads: readOf(students.map(({ id }) => id)) };
    },
  });
  return [search];
}
