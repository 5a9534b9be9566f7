import type { Caller } from '../../clients/client';
import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { integer } from '../../database/rows';
import { dayNumber, FIRST_DAY, LAST_DAY } from '../../days';
import { turn } from '../../lib/event-loop';
import { mayReadOn, scopeOf } from '../../roster/access';
import { openSchoolNumbers } from '../../roster/schools';
import { type AttendanceRecords, attendanceColumns, type StudentDays } from './attendance';
import { columnKinds } from './columns';
import { boundsOf, type FilterTest, passes, pinned } from './filter';
import { invalidParameter } from './fiql';
import { chosenOf, type SchemaTable, type TableRow } from './schema-tables';

/** In the order of the columns of a record. */
const names = [
  'dcid',
  'id',
  'att_mode_code',
  'att_date',
  'schoolid',
  'yearid',
  'studentid',
  'ccid',
  'periodid',
  'attendance_codeid',
  'att_comment',
  'att_interval',
  'start_time',
  'end_time',
  'total_minutes',
  'programid',
  'calendar_dayid',
];
const fields = Object.fromEntries(names.map((name) => [name, columnKinds[name]!]));

/** How many days can be read of everybody at a time, how many students, and how many records a filter can take. */
const MAX_DAYS = 31;
const MAX_STUDENTS = 5_000;
const MAX_RECORDS = 20_000;
const NAMED =
  'a search by students (studentid==126 or studentid==(126,127)), or by days ' +
  `(att_date==2025-10-01, or =ge= and =le= of at most ${MAX_DAYS} days)`;
/** Of how many students records are read at a time: of all of their years, where no days are named. */
const CHUNK = 100;

/**
 * ATTENDANCE: the records that were posted, and the marks of days of which none was. All of it at once would be years of a
 * district: a filter has to name students, or days.
 */
export function attendanceTable(database: Database, attendance: AttendanceRecords): SchemaTable {
  const schoolNumbers = openSchoolNumbers(database);
  const schools = `(:any_school = 1 or sections.school_id in (
    select asked.id from ${database.rows('schools', { id: 'bigint' })} as asked))`;
  // Entered by the sections, since both tables lie in their order, and then by day.
  const studentsOn = text(
    database.knex,
    `select enrollments.person_id as student
    from sections
    cross join marks
    join enrollments on enrollments.id = marks.enrollment_id and enrollments.district_id = marks.district_id
    where sections.district_id = :district and ${schools}
      and marks.district_id = :district and marks.section_id = sections.id and marks.date >= :from and marks.date <= :to
      and ${mayReadOn('sections.id', 'marks.date')}
    union
    select enrollments.person_id
    from sections
    cross join powerschool_attendance as parts
    join enrollments on enrollments.id = parts.enrollment_id and enrollments.district_id = parts.district_id
    where sections.district_id = :district and ${schools}
      and parts.district_id = :district and parts.section_id = sections.id and parts.date >= :from and parts.date <= :to
      and ${mayReadOn('sections.id', 'parts.date')}
    order by student
    limit :limit`,
    { student: integer },
  );

  /** Whose records a filter is about, and of which days. */
  async function rangeOf(caller: Caller, filter: FilterTest): Promise<StudentDays> {
    const bounds = boundsOf(filter, 'att_date');
    const [from, to] = [String(bounds.from ?? FIRST_DAY), String(bounds.to ?? LAST_DAY)];
    const students = pinned(filter, 'studentid');
    if (students) return { students: [...new Set(students.map(Number))], from, to };
    if (bounds.from === undefined || bounds.to === undefined || dayNumber(to) - dayNumber(from) >= MAX_DAYS)
      throw invalidParameter('q', `q must be ${NAMED}`, 'Missing');
    const numbers = pinned(filter, 'schoolid');
    const ids = numbers ? [...(await schoolNumbers(caller.district, numbers.map(String))).values()] : [];
    const found = await database.all(studentsOn, {
      ...scopeOf(caller),
      from,
      to,
      any_school: numbers ? 0 : 1,
      schools: JSON.stringify(ids.map((id) => [id])),
      limit: MAX_STUDENTS + 1,
    });
    if (found.length > MAX_STUDENTS) throw tooMany(`more than ${MAX_STUDENTS} students have records on these days`);
    return { students: found.map(({ student }) => student), from, to };
  }

  return {
    name: 'attendance',
    examples: { q: 'studentid==126;att_date=ge=2025-10-01', projection: 'studentid,att_date,attendance_codeid' },
    searchedBy: NAMED,
    scope: 'attendance:read',
    fields,
    heavy: true,

    async rows(caller, asked) {
      const { students, from, to } = await rangeOf(caller, asked.filter);
      const rows: TableRow[] = [];
      for (let at = 0; at < students.length; at += CHUNK) {
        await turn();
        const chunk = { students: students.slice(at, at + CHUNK), from, to };
        for (const record of await attendance.records(caller, chunk)) {
          const columns = attendanceColumns(record);
          if (passes(asked.filter, (field) => columns[field as keyof typeof columns]))
            rows.push({ id: record.id, columns });
        }
        if (rows.length > MAX_RECORDS) throw tooMany(`it takes more than ${MAX_RECORDS} records`);
      }
      return chosenOf(rows, asked, fields);
    },

    async row(caller, id) {
      const record = await attendance.record(caller, id);
      return record && { id: record.id, columns: attendanceColumns(record) };
    },
  };
}

const tooMany = (what: string) =>
  invalidParameter('q', `q: ${what}; name fewer days, a schoolid or students`, 'TooMany');
