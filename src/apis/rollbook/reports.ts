import {
  Change,
  ChangesReply,
  HistoryDay,
  MonthQuery,
  MonthReply,
  type SectionMonth,
  type StudentHistory,
  StudentReply,
} from '../../../schemas/rollbook/history';
import { RangeQuery } from '../../../schemas/rollbook/parts';
import {
  AbsenceQuery,
  AbsenceReply,
  AbsenceRow,
  ChronicQuery,
  ChronicReply,
  ChronicStudent,
  DayQuery,
  InSessionReply,
  RollSummary,
  type Rolls,
  RollsQuery,
  RollsReply,
  SchoolToday,
  TodayReply,
} from '../../../schemas/rollbook/reports';
import { StudentDayReply, StudentRoll } from '../../../schemas/rollbook/students';
import type { TypeOf } from '../../../schemas/types';
import { readOf } from '../../audit/read';
import type { Caller } from '../../clients/client';
import type { Database } from '../../database/database';
import { earlier, today } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { csv } from '../../http/formats/csv';
import { json } from '../../http/formats/json';
import { Streamed } from '../../http/send';
import { csvOf } from '../../lib/csv';
import { Problem } from '../../lib/problem';
import { openChanges } from '../../reports/changes';
import { bandsOf, chronicIn, MIN_DAYS } from '../../reports/chronic';
import { type Counted, openCounted, type Span } from '../../reports/counted';
import { groupsOf } from '../../reports/groups';
import { openInSession } from '../../reports/in-session';
import { openMonth } from '../../reports/month';
import { openNamed } from '../../reports/named';
import { openRolls } from '../../reports/rolls';
import { openStudent } from '../../reports/student';
import { openStudentDay } from '../../reports/student-day';
import { openToday } from '../../reports/today';
import { schoolAsked, seesDistrict } from '../../roster/access';
import { isEnrolled } from '../../roster/enrolled';
import { calledName } from '../../roster/names';
import type { Roster } from '../../roster/roster';
import { openSchoolYears, startOfYear } from '../../roster/school-years';
import type { Dependencies } from '../dependencies';
import { absenteesEndpoints } from './absentees';
import { day, invalid, numberOf, range, yesOrNo } from './parameters';

/** Reads which days and which school of the caller's district are asked for. */
export function openSpans(database: Database, roster: Roster) {
  const schoolYears = openSchoolYears(database);

  const todayOf = async (caller: Caller): Promise<string> => today((await roster.district(caller)).time_zone);

  return {
    /** The day that is asked for, or the district's today. */
    day: async (caller: Caller, sent: string | undefined): Promise<string> => day('date', sent) ?? todayOf(caller),

    /**
     * The days that are asked for; without them, the school year up to today. It never goes on after the district's today:
     * what was entered ahead has not happened, and counts in no rate.
     */
    async days(caller: Caller, query: TypeOf<typeof RangeQuery>): Promise<Pick<Span, 'district' | 'from' | 'to'>> {
      const sent = range(query);
      const now = await todayOf(caller);
      const to = earlier(sent.to ?? now, now);
      const from = sent.from ?? startOfYear(to, await schoolYears(caller.district));
      if (from > to) throw invalid('from', `${to}, which is today, or earlier`, from);
      return { district: caller.district, from, to };
    },

    /** The id of a school of the district; null where none is asked for, and the caller may ask about all. */
    async school(caller: Caller, sent: string | undefined): Promise<number | null> {
      return schoolAsked(caller, sent ? (await roster.one('school', caller, sent)).id : null);
    },
  };
}

export type Spans = ReturnType<typeof openSpans>;

/** What counts all students of a school is for its office. */
export function ofOffice({ person }: Caller): void {
  if (person !== null) throw new Problem('OFFICE_ONLY', 'This report is of all sections, not of those one teaches.');
}

/** A section's month, and who changed what in a roll of it. */
export function sectionEndpoints({ database, ledger, roster }: Dependencies, spans: Spans): Endpoint[] {
  const monthOf = openMonth(database, ledger);
  const changesOf = openChanges(database);
  const month = endpoint({
    method: 'GET',
    path: '/sections/:section/month',
    summary: 'Reports a month of a section',
    scope: 'attendance:read',
    formats: [json, { ...csv('students', []), encode: (body) => gridOf(body as SectionMonth) }],
    schemas: { query: MonthQuery, reply: MonthReply },
    async handle({ caller, params, query }) {
      const { id } = await roster.section(caller, params.section);
      const asked = query.month ?? (await spans.day(caller, undefined)).slice(0, 7);
      const body = await monthOf(caller, id, asked);
      const days = { from: `${asked}-01`, to: body.days.at(-1)?.date ?? `${asked}-01` };
      return { status: 200, body, reads: [{ section: id, ...days, records: body.students.length }] };
    },
  });
  const changes = endpoint({
    method: 'GET',
    path: '/sections/:section/changes',
    summary: 'Lists who changed what in a roll',
    scope: 'attendance:read',
    formats: [json, csv('changes', Object.keys(Change.properties))],
    schemas: { query: DayQuery, reply: ChangesReply },
    async handle({ caller, params, query }) {
      const date = await spans.day(caller, query.date);
      const { id } = await roster.sectionOn(caller, params.section, { from: date, to: date });
      const changes = await changesOf(caller, id, date);
      const read = { section: id, from: date, to: date, records: changes.length };
      return { status: 200, body: { changes }, reads: [read] };
    },
  });
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

/** How much of school is missed, and by whom too much. */
export function rateEndpoints({ database }: Dependencies, spans: Spans, counted: Counted): Endpoint[] {
  const named = openNamed(database);

  async function spanOf({ caller, query }: Call<object, TypeOf<typeof RangeQuery> & { readonly school?: string }>) {
    ofOffice(caller);
    return { ...(await spans.days(caller, query)), school: await spans.school(caller, query.school) };
  }

  const rates = endpoint({
    method: 'GET',
    path: '/absence',
    summary: 'Reports how much of school was missed',
    errors: ['NOT_FOUND'],
    scope: 'attendance:read',
    heavy: true,
    formats: [json, csv('rows', Object.keys(AbsenceRow.properties))],
    schemas: { query: AbsenceQuery, reply: AbsenceReply },
    async handle(call) {
      const by = call.query.by ?? 'day';
      const span = await spanOf(call);
      const cells = await counted.cells(span);
      const rows = groupsOf(cells, by, await named.schools(span.district));
      return { status: 200, body: { by, from: span.from, to: span.to, rows } };
    },
  });
  const list = endpoint({
    method: 'GET',
    path: '/chronic',
    summary: 'Lists students who are chronically absent',
    errors: ['NOT_FOUND'],
    scope: 'attendance:read',
    heavy: true,
    formats: [json, csv('students', Object.keys(ChronicStudent.properties))],
    schemas: { query: ChronicQuery, reply: ChronicReply },
    async handle(call) {
      const span = await spanOf(call);
      const [limit, offset] = [numberOf(call.query.limit), numberOf(call.query.offset) ?? 0];
      const rule = {
        minDays: numberOf(call.query.min_days) ?? MIN_DAYS,
        excused: yesOrNo(call.query.excused) ?? true,
      };
      const { absentees, students: enrolled, assumed } = await chronicIn(counted, span, rule);
      const ordered = await named.inOrder(span.district, absentees);
      const page = ordered.slice(offset, limit === undefined ? undefined : offset + limit);
      const { from, to } = span;
      const total = absentees.length;
      const share = enrolled > 0 ? total / enrolled : null;
      const bands = bandsOf(absentees);
      return {
        status: 200,
        body: {
          from,
          to,
          min_days: rule.minDays,
          excused: rule.excused ? ('yes' as const) : ('no' as const),
          total,
          enrolled,
          share,
          assumed,
          bands,
          students: await named.students(span.district, page, await spans.day(call.caller, undefined)),
        },
        reads: readOf(
          page.map(({ person_id }) => person_id),
          { school: span.school, from, to },
        ),
      };
    },
  });
  return [rates, list];
}

const studentColumns = ['person_id', 'student_number', 'name', ...Object.keys(HistoryDay.properties)];

/** Each with whose it is, so that files of several students can be put together. */
const rowsOf = ({ student: { id: person_id, student_number, name }, days }: StudentHistory): object[] =>
  days.map((day) => ({ person_id, student_number, name, ...day }));

/** A student's history in the sections that the caller may see. */
export function studentEndpoint({ database, roster }: Dependencies, spans: Spans): Endpoint {
  const historyOf = openStudent(database);
  return endpoint({
    method: 'GET',
    path: '/students/:student',
    summary: 'Reports the days of a student',
    scope: 'attendance:read',
    formats: [
      json,
      { ...csv('days', studentColumns), encode: (body) => csvOf(studentColumns, rowsOf(body as StudentHistory)) },
    ],
    schemas: { query: RangeQuery, reply: StudentReply },
    async handle({ caller, params, query }) {
      const person = await roster.one('student', caller, params.student);
      const { from, to } = await spans.days(caller, query);
      const school = person.school_id ? (await roster.one('school', caller, String(person.school_id))).name : '';
      const student = { id: person.id, student_number: person.identifier, name: calledName(person), school };
      const history = await historyOf(caller, person.id, { from, to });
      const read = { person: person.id, from, to, records: history.days.length };
      return { status: 200, body: { student, from, to, ...history }, reads: [read] };
    },
  });
}

/** A student's classes of a day. */
export function studentDayEndpoint({ database, roster }: Dependencies, spans: Spans): Endpoint {
  const rollsOf = openStudentDay(database);
  return endpoint({
    method: 'GET',
    path: '/students/:student/day',
    summary: 'Reports all classes of a student on a day',
    scope: 'attendance:read',
    formats: [json, csv('rolls', Object.keys(StudentRoll.properties))],
    schemas: { query: DayQuery, reply: StudentDayReply },
    async handle({ caller, params, query }) {
      const person = await roster.one('student', caller, params.student);
      const date = await spans.day(caller, query.date);
      const student = { id: person.id, student_number: person.identifier, name: calledName(person) };
      const rolls = await rollsOf(caller, person.id, date);
      const read = { person: person.id, from: date, to: date, records: rolls.length };
      return { status: 200, body: { student, date, rolls }, reads: [read] };
    },
  });
}

/** The rolls of a day: roll by roll, and school by school. */
export function rollsEndpoints({ database }: Dependencies, spans: Spans, counted: Counted): Endpoint[] {
  const rolls = openRolls(database);
  const schools = openToday(database, counted);
  const inSession = openInSession(database);
  const list = endpoint({
    method: 'GET',
    path: '/rolls',
    summary: 'Lists the rolls of a day',
    errors: ['NOT_FOUND'],
    scope: 'attendance:read',
    formats: [json, csv('rolls', Object.keys(RollSummary.properties))],
    schemas: { query: RollsQuery, reply: RollsReply },
    async handle({ caller, query }) {
      const date = await spans.day(caller, query.date);
      const taken = yesOrNo(query.taken);
      const school = await spans.school(caller, query.school);
      const found = rolls(caller, { date, school, taken });
      // Those of a district are many, and are written while they are read.
      if (seesDistrict(caller) && school === null)
        return { status: 200, body: new Streamed<Rolls>({ date, rolls: found }) };
      const few: RollSummary[] = [];
      for await (const some of found) few.push(...some);
      return { status: 200, body: { date, rolls: few } };
    },
  });
  const today = endpoint({
    method: 'GET',
    path: '/today',
    summary: 'Reports a day, school by school',
    scope: 'attendance:read',
    formats: [json, csv('schools', Object.keys(SchoolToday.properties))],
    schemas: { query: DayQuery, reply: TodayReply },
    async handle({ caller, query }) {
      ofOffice(caller);
      const date = await spans.day(caller, query.date);
      return { status: 200, body: { date, schools: await schools(caller.district, date, schoolAsked(caller, null)) } };
    },
  });
  const why = endpoint({
    method: 'GET',
    path: '/in-session',
    summary: 'Says why there are no rolls to take on a day, and on which day there were',
    scope: 'attendance:read',
    heavy: true,
    schemas: { query: DayQuery, reply: InSessionReply },
    async handle({ caller, query }) {
      return { status: 200, body: await inSession(caller, await spans.day(caller, query.date)) };
    },
  });
  return [list, today, why];
}

/** `/reports`: the numbers behind every picture, in JSON and CSV. */
export function reportEndpoints(dependencies: Dependencies): Endpoint[] {
  const spans = openSpans(dependencies.database, dependencies.roster);
  const counted = openCounted(dependencies.database);
  return [
    ...rollsEndpoints(dependencies, spans, counted),
    ...sectionEndpoints(dependencies, spans),
    ...absenteesEndpoints(dependencies, spans),
    studentEndpoint(dependencies, spans),
    studentDayEndpoint(dependencies, spans),
    ...rateEndpoints(dependencies, spans, counted),
  ];
}
