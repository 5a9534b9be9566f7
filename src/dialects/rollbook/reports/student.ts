import { csvOf } from '../../../csv';
import type { Call, Endpoint } from '../../../http/endpoint';
import { csv } from '../../../http/formats/csv';
import { json } from '../../../http/formats/json';
import { openStudent } from '../../../reports/student';
import { calledName } from '../../../roster/names';
import type { PersonRow } from '../../../roster/rows';
import type { House } from '../../house';
import type { SpanQuery, Spans } from './span';

const columns = ['person_id', 'student_number', 'name', 'date', 'section_id', 'section', 'status', 'comment'];

interface History {
  readonly student: { readonly id: number; readonly student_number: string; readonly name: string };
  readonly days: readonly object[];
}

/** Each with whose it is, so that files of several students can be put together. */
const rowsOf = ({ student: { id: person_id, student_number, name }, days }: History): object[] =>
  days.map((day) => ({ person_id, student_number, name, ...day }));

/** A student's history in the sections that the caller may see. */
export function studentEndpoint({ database, roster }: House, spans: Spans): Endpoint {
  const historyOf = openStudent(database);
  const endpoint: Endpoint<Call<{ student: string }, SpanQuery>> = {
    method: 'GET',
    path: '/students/:student',
    scope: 'attendance:read',
    formats: [json, { ...csv('days', columns), encode: (body) => csvOf(columns, rowsOf(body as History)) }],
    schemas: { query: 'rollbook/range.query', reply: 'rollbook/student.reply' },
    async handle({ caller, params, query }) {
      const person = await roster.one<PersonRow>('student', caller, params.student);
      const { from, to } = await spans.days(caller, query);
      const school = person.school_id
        ? (await roster.one<{ name: string }>('school', caller, String(person.school_id))).name
        : '';
      const student = { id: person.id, student_number: person.identifier, name: calledName(person), school };
      return { status: 200, body: { student, from, to, ...(await historyOf(caller, person.id, { from, to })) } };
    },
  };
  return endpoint;
}
