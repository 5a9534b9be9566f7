import type { Call, Endpoint } from '../../../http/endpoint';
import { csv } from '../../../http/formats/csv';
import { json } from '../../../http/formats/json';
import { openStudent } from '../../../reports/student';
import { calledName } from '../../../roster/names';
import type { PersonRow } from '../../../roster/rows';
import type { House } from '../../house';
import type { SpanQuery, Spans } from './span';

/** A student's history in the sections that the caller may see. */
export function studentEndpoint({ database, roster }: House, spans: Spans): Endpoint {
  const historyOf = openStudent(database);
  const endpoint: Endpoint<Call<{ student: string }, SpanQuery>> = {
    method: 'GET',
    path: '/students/:student',
    scope: 'attendance:read',
    formats: [json, csv('days', ['date', 'section_id', 'section', 'status', 'comment'])],
    schemas: { query: 'rollbook/range.query', reply: 'rollbook/student.reply' },
    async handle({ caller, params, query }) {
      const person = await roster.one<PersonRow>('student', caller, params.student);
      const { from, to } = await spans.days(caller, query);
      const school = person.school_id
        ? (await roster.one<{ name: string }>('school', caller, String(person.school_id))).name
        : '';
      const student = { id: person.id, name: calledName(person), school };
      return { status: 200, body: { student, from, to, ...(await historyOf(caller, person.id, { from, to })) } };
    },
  };
  return endpoint;
}
