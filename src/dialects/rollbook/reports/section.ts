import { csvOf } from '../../../csv';
import type { Call, Endpoint } from '../../../http/endpoint';
import { csv } from '../../../http/formats/csv';
import { json } from '../../../http/formats/json';
import { openChanges } from '../../../reports/changes';
import { openMonth, type SectionMonth } from '../../../reports/month';
import { isEnrolled } from '../../../roster/enrolled';
import type { House } from '../../house';
import { invalid } from '../parameters';
import type { Spans } from './span';

type MonthCall = Call<{ section: string }, { month?: string }>;
type ChangesCall = Call<{ section: string }, { date?: string }>;

const changeColumns = [
  'id',
  'at',
  'date',
  'enrollment_id',
  'roll',
  'student_number',
  'student',
  'by',
  'by_teacher',
  'api',
  'from_status',
  'from_comment',
  'to_status',
  'to_comment',
];

/** A section's month, and who changed what in a roll of it. */
export function sectionEndpoints({ database, ledger, roster }: House, spans: Spans): Endpoint[] {
  const monthOf = openMonth(database, ledger);
  const changesOf = openChanges(database);
  const month: Endpoint<MonthCall> = {
    method: 'GET',
    path: '/sections/:section/month',
    scope: 'attendance:read',
    formats: [json, { ...csv('students', []), encode: (body) => gridOf(body as SectionMonth) }],
    schemas: { query: 'rollbook/month.query', reply: 'rollbook/month.reply' },
    async handle({ caller, params, query }) {
      const { id } = await roster.section(caller, params.section);
      const asked = query.month || (await spans.day(caller, undefined)).slice(0, 7);
      if (!/^(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])$/.test(asked)) throw invalid('month', 'a month, YYYY-MM', asked);
      return { status: 200, body: await monthOf(caller, id, asked) };
    },
  };
  const changes: Endpoint<ChangesCall> = {
    method: 'GET',
    path: '/sections/:section/changes',
    scope: 'attendance:read',
    formats: [json, csv('changes', changeColumns)],
    schemas: { query: 'rollbook/rolls.query', reply: 'rollbook/changes.reply' },
    async handle({ caller, params, query }) {
      const { id } = await roster.section(caller, params.section);
      const date = await spans.day(caller, query.date);
      return { status: 200, body: { changes: await changesOf(caller, id, date) } };
    },
  };
  return [month, changes];
}

/** A row a student, a column a day: the number of the status, 1 where the student was present; empty where nothing is known. */
function gridOf({ days, students }: SectionMonth): string {
  const dates = days.map(({ date }) => date);
  const rows = students.map((student) => {
    const { name, student_number, enrollment_id, begin_date, end_date, kept_days, marks, presences } = student;
    const statuses = days
      .filter(({ date }) => isEnrolled(date, { begin_date, end_date }, kept_days))
      .map(({ date, taken_at }) => {
        const isPresent = taken_at !== null || presences.includes(date);
        return [date, marks.find((mark) => mark.date === date)?.status ?? (isPresent ? 1 : '')];
      });
    return { enrollment_id, student_number, name, ...Object.fromEntries(statuses) };
  });
  return csvOf(['enrollment_id', 'student_number', 'name', ...dates], rows);
}
