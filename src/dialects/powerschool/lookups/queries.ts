import type { Actor } from '../../../actor';
import type { Database } from '../../../database/database';
import type { Call, Endpoint } from '../../../http/endpoint';
import { openCodes } from '../../../ledger/codes';
import type { Roster } from '../../../roster/roster';
import { openSchoolNumbers } from '../../../roster/school-numbers';
import { openSchoolYears, yearIdOn } from '../../../roster/school-years';
import { type Arguments, argument, bound, modesOf, students } from './arguments';
import { type PageQuery, pageOf } from './pages';
import { attendanceColumns, codeColumns } from './printing';
import type { Standing } from './standing';
import type { Templates } from './templates';

/** One record of the answer: the columns of its tables, and the id of what it is about. */
interface Row {
  readonly id: number;
  readonly tables: Readonly<Record<string, object>>;
}

type QueryCall = Call<object, PageQuery, Arguments>;

/** The named queries by which a plugin looks up what it needs before it posts. */
export function queryEndpoints(
  database: Database,
  roster: Roster,
  standing: Standing,
  templates: Templates,
): Endpoint[] {
  const codes = openCodes(database);
  const schoolNumbers = openSchoolNumbers(database);
  const schoolYears = openSchoolYears(database);

  /** "POST /ws/schema/query/<name>": the first table of its records names them. */
  const query = (
    name: string,
    table: string,
    scope: Endpoint['scope'],
    rows: (sent: Arguments, actor: Actor) => Promise<readonly Row[]>,
  ): Endpoint<QueryCall> => ({
    method: 'POST',
    path: `/schema/query/com.pearson.core.${name}`,
    scope: scope!,
    schemas: { query: 'powerschool/list.query', body: 'powerschool/query.body', reply: 'powerschool/query.reply' },
    async handle(call) {
      const all = await rows(call.body, call.caller);
      const record = pageOf(all, call.query).map((row) => ({ ...row, name: table }));
      return { status: 200, body: { name: table, ...(call.query.count === 'true' && { count: all.length }), record } };
    },
  });

  return [
    query('attendance.attendance_code_by_school_date', 'attendance_code', 'attendance:read', async (sent, actor) => {
      const number = argument(sent, 'schoolid');
      const year = yearIdOn(argument(sent, 'att_date'), await schoolYears(actor.district));
      const school = (await schoolNumbers(actor.district, [number])).get(number);
      const all = school === undefined ? [] : await codes.of(actor.district, school, year);
      return all.map((code) => ({ id: code.id, tables: { attendance_code: codeColumns(code) } }));
    }),
    query('attendance.daily_attendance_template', 'attendance', 'attendance:read', async (sent, actor) =>
      asRows(await templates.daily(actor, argument(sent, 'studentid'), argument(sent, 'att_date'))),
    ),
    query('attendance.time_attendance_template', 'attendance', 'attendance:read', async (sent, actor) => {
      const dcid = argument(sent, 'dcid');
      return asRows(await templates.time(actor, argument(sent, 'studentid'), argument(sent, 'att_date'), dcid));
    }),
    query('attendance.meeting_interval_attendance_template', 'attendance', 'attendance:read', async (sent, actor) => {
      const [student, date] = [argument(sent, 'studentid'), argument(sent, 'att_date')];
      return asRows(await templates.meetings(actor, student, date, argument(sent, 'schoolid')));
    }),
    query('attendance.student_attendance_detail', 'attendance', 'attendance:read', async (sent, actor) => {
      const stretch = {
        students: students(sent),
        from: bound(sent, 'attendance_att_date_start', 'first'),
        to: bound(sent, 'attendance_att_date_end', 'last'),
      };
      const asked = modesOf(sent);
      const records = await standing.records(actor, stretch);
      return records
        .filter(({ part }) => asked.includes(part.mode))
        .map((record) => ({
          id: record.id,
          tables: { attendance: attendanceColumns(record), attendance_code: codeColumns(record.code) },
        }));
    }),
    query('student.student_dcid_id_map', 'students', 'roster:read', async (sent, actor) => {
      const ids = JSON.stringify(students(sent).map((id) => [id]));
      const { rows } = await roster.list<{ id: number }>('studentsAmong', actor, { ids }, { offset: 0, limit: 1_000 });
      // Both numbers are the same here.
      return rows.map(({ id }) => ({ id, dcid: id, tables: { students: { id: String(id), dcid: String(id) } } }));
    }),
  ];
}

const asRows = (templates: readonly object[]): Row[] =>
  templates.map((attendance, index) => ({ id: index + 1, tables: { attendance } }));
