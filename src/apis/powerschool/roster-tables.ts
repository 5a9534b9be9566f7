import type { Database } from '../../database/database';
import { adHocQueries, text } from '../../database/query';
import { day, integer, nullable, type RowOf, string } from '../../database/rows';
import { daysBetween, idOn, isSchoolDay, plusDays } from '../../days';
import type { Actor } from '../../ledger/actor';
import { Parameters } from '../../ledger/entries';
import { openCalendar } from '../../reports/calendar';
import { mayReadEnrollment, permittedSection, scopeOf } from '../../roster/access';
import { isEnrollment } from '../../roster/enrolled';
import { openSchoolYears } from '../../roster/school-years';
import { schoolNumber } from '../../roster/schools';
import { columnKinds } from './columns';
import { boundsOf, type FilterTest, filterSql, pinned, type SqlField } from './filter';
import { invalidParameter } from './fiql';
import { type AskedRows, chosenOf, type SchemaTable, type TableRow } from './schema-tables';

/*
 * The tables of PowerSchool's schema that are of the roster and its calendars.
 */

const fieldsNamed = (...names: string[]) => Object.fromEntries(names.map((name) => [name, columnKinds[name]!]));

const schoolRow = { id: integer, number: string };

/** Reads the schools that the SIS lists; of several with one number, each. */
export function openNumberedSchools(database: Database) {
  const find = text(
    database.knex,
    `select schools.id, ${schoolNumber} as number
    from schools
    where schools.district_id = :district and schools.active
    order by schools.id`,
    schoolRow,
  );
  /** Of these numbers, where a filter names some. */
  return async ({ district }: Actor, filter: FilterTest) => {
    const numbers = pinned(filter, 'schoolid');
    const schools = await database.all(find, { district });
    return numbers ? schools.filter(({ number }) => numbers.includes(number)) : schools;
  };
}

/** How many days of schools can be read at a time: those of a hundred schools in a school year. */
const MAX_DAYS = 40_000;

/**
 * CALENDAR_DAY: the days of the school years that the roster knows, of each school, and whether the school is in session. A
 * school year has a beginning and an end; nobody has said anything of other days.
 */
export function calendarTable(database: Database): SchemaTable {
  const fields = fieldsNamed('dcid', 'id', 'schoolid', 'date_value', 'insession', 'note');
  const schoolsOf = openNumberedSchools(database);
  const schoolYears = openSchoolYears(database);
  const calendar = openCalendar(database);

  /** The days between two that are in a school year; each once, in their order. */
  async function daysIn({ district }: Actor, from?: string, to?: string): Promise<string[]> {
    const years = (await schoolYears(district)).filter(
      (year) => isSchoolDay(year.begin_date) && isSchoolDay(year.end_date),
    );
    const days = years.flatMap(({ begin_date, end_date }) => {
      const [first, last] = [begin_date, plusDays(end_date, -1)];
      return daysBetween(from && from > first ? from : first, to && to < last ? to : last);
    });
    return [...new Set(days)].sort();
  }

  async function rowsOf(actor: Actor, schools: readonly { id: number; number: string }[], days: readonly string[]) {
    const [first, last] = [days[0], days.at(-1)];
    if (first === undefined || last === undefined) return [];
    const dayOf = await calendar(actor.district, first, last);
    return schools.flatMap(({ id: school, number }) =>
      days.map((date): TableRow => {
        const { school_day, reason } = dayOf({ school, date });
        const id = idOn(school, date);
        const insession = school_day ? '1' : '0';
        return {
          id,
          columns: { dcid: `${id}`, id: `${id}`, schoolid: number, date_value: date, insession, note: reason },
        };
      }),
    );
  }

  return {
    name: 'calendar_day',
    examples: { q: 'schoolid==200;date_value=ge=2025-10-01', projection: 'schoolid,date_value,insession' },
    scope: 'roster:read',
    fields,
    heavy: true,

    async rows(caller, asked) {
      const schools = await schoolsOf(caller, asked.filter);
      const bounds = boundsOf(asked.filter, 'date_value');
      const [from, to] = [bounds.from, bounds.to].map((end) => (end === undefined ? undefined : String(end)));
      const days = await daysIn(caller, from, to);
      if (schools.length * days.length > MAX_DAYS)
        throw invalidParameter(
          'q',
          `q: name fewer days, or a schoolid: more than ${MAX_DAYS} days of schools`,
          'TooMany',
        );
      return chosenOf(await rowsOf(caller, schools, days), asked, fields);
    },
  };
}

/** PERIOD: the periods that sections of a school meet in. A roster names them, and says nothing else of them. */
export function periodTable(database: Database): SchemaTable {
  // A period's id is what records and templates call it: a name, which need not be a number.
  const fields = {
    id: columnKinds.periodid!,
    ...fieldsNamed('schoolid', 'period_number', 'abbreviation', 'name'),
  };
  const find = text(
    database.knex,
    `select distinct sections.school_id, ${schoolNumber} as number, sections.periods
    from sections
    join schools on schools.district_id = sections.district_id and schools.id = sections.school_id and schools.active
    where sections.district_id = :district and sections.active and sections.periods <> '' and ${permittedSection}
    order by sections.school_id, sections.periods`,
    { school_id: integer, number: string, periods: string },
  );
  return {
    name: 'period',
    examples: { q: 'schoolid==200', projection: 'schoolid,period_number' },
    scope: 'roster:read',
    fields,

    async rows(caller, asked) {
      const sections = await database.all(find, scopeOf(caller));
      const periods = new Map<string, TableRow & { readonly school: number }>();
      for (const { school_id: school, number: schoolid, periods: list } of sections)
        for (const id of list.split(',').map((period) => period.trim()))
          if (id !== '')
            periods.set(`${school} ${id}`, {
              school,
              id,
              columns: { id, schoolid, period_number: id, abbreviation: id, name: id },
            });
      const inOrder = [...periods.values()].sort(
        (one, other) => one.school - other.school || inNumbers.compare(String(one.id), String(other.id)),
      );
      return chosenOf(inOrder, asked, fields);
    },
  };
}

/** Period 10 comes after period 9. */
const inNumbers = new Intl.Collator('en', { numeric: true });

const enrollmentRow = {
  id: integer,
  person_id: integer,
  section_id: integer,
  number: nullable(string),
  course_code: nullable(string),
  section_code: string,
  begin_date: day,
  end_date: day,
  periods: string,
};

const countRow = { count: integer };

/** CC: the enrollments of students in sections, past ones and those to come too. `dateleft` is the day after the last. */
export function enrollmentTable(database: Database): SchemaTable {
  const id: SqlField = { kind: 'integer', sql: 'enrollments.id' };
  const of = (name: string, sql: string): SqlField => ({ ...columnKinds[name]!, sql });
  const fields = {
    dcid: id,
    id,
    studentid: of('studentid', 'enrollments.person_id'),
    sectionid: of('sectionid', 'enrollments.section_id'),
    schoolid: of('schoolid', `case when schools.id is not null then ${schoolNumber} end`),
    course_number: of('course_number', "coalesce(courses.course_code, '')"),
    section_number: of('section_number', 'sections.section_code'),
    dateenrolled: of('dateenrolled', 'enrollments.begin_date'),
    dateleft: of('dateleft', 'enrollments.end_date'),
    expression: of('expression', 'sections.periods'),
  };
  const adHoc = adHocQueries(database.knex);
  /** Where the filter names students, sections or enrollments it is not entered by the district. */
  const isNarrow = (filter: FilterTest) =>
    ['studentid', 'sectionid', 'id', 'dcid'].some((field) => pinned(filter, field) !== undefined);
  const source = (filter: FilterTest, condition: string) => `enrollments
    join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
    left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
    left join courses on courses.district_id = sections.district_id and courses.id = sections.course_id
    where ${isNarrow(filter) ? '+' : ''}enrollments.district_id = :district and not enrollments.admin
      and ${isEnrollment('enrollments')} and ${mayReadEnrollment('enrollments')} and ${condition}`;

  async function find(actor: Actor, { filter, order, slice }: AskedRows) {
    const parameters = new Parameters();
    const from = source(filter, filterSql(database, filter, fields, parameters));
    const values = { ...scopeOf(actor), ...parameters.values };
    const keys = order.map(
      ({ field, descending }) => `${fields[field as keyof typeof fields].sql}${descending ? ' desc' : ''}`,
    );
    const [counted] = await database.all(adHoc(`select count(*) as count from ${from}`, countRow), values);
    const rows = await database.all(
      adHoc(
        `select enrollments.id, enrollments.person_id, enrollments.section_id, ${fields.schoolid.sql} as number,
          courses.course_code, sections.section_code, enrollments.begin_date, enrollments.end_date, sections.periods
        from ${from}
        order by ${[...keys, 'enrollments.id'].join(', ')}
        limit :limit offset :offset`,
        enrollmentRow,
      ),
      { ...values, ...slice },
    );
    return { total: counted!.count, rows: rows.map(rowOf) };
  }

  const rowOf = (row: RowOf<typeof enrollmentRow>): TableRow => ({
    id: row.id,
    columns: {
      dcid: String(row.id),
      id: String(row.id),
      studentid: String(row.person_id),
      sectionid: String(row.section_id),
      schoolid: row.number ?? '',
      course_number: row.course_code ?? '',
      section_number: row.section_code,
      dateenrolled: row.begin_date,
      dateleft: row.end_date,
      expression: row.periods,
    },
  });

  return {
    name: 'cc',
    examples: { q: 'studentid==126', projection: 'studentid,sectionid,dateenrolled' },
    scope: 'roster:read',
    fields,
    heavy: true,
    // Engines do not agree on the order of texts.
    ordered: ['dcid', 'id', 'studentid', 'sectionid', 'dateenrolled', 'dateleft'],
    rows: find,
    row: async (caller, id) =>
      (
        await find(caller, {
          filter: { field: 'id', kind: 'integer', operator: '==', values: [id] },
          order: [],
          slice: { offset: 0, limit: 1 },
        })
      ).rows[0],
  };
}

/** SPECIAL_PROGRAM: no roster names programs, so that there are none; a post may name any, which is kept as sent. */
export const programTable: SchemaTable = {
  name: 'special_program',
  examples: { q: 'name==Summer*', projection: 'id,name' },
  scope: 'roster:read',
  fields: fieldsNamed('id', 'name'),
  rows: async () => ({ total: 0, rows: [] }),
};
