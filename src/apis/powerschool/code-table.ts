import type { Caller } from '../../clients/client';
import { text } from '../../database/query';
import { integer, string } from '../../database/rows';
import { isSchoolDay, today } from '../../days';
import { Status } from '../../ledger/attendance';
import { type Code, openCodes } from '../../ledger/codes';
import { openSchoolYears, schoolYearOn } from '../../roster/school-years';
import { schoolNumber } from '../../roster/schools';
import type { Dependencies } from '../dependencies';
import { columnKinds } from './columns';
import { type FilterTest, mentions, pinned } from './filter';
import { invalidParameter } from './fiql';
import { openNumberedSchools } from './roster-tables';
import { chosenOf, type SchemaTable, type TableRow } from './schema-tables';
import { YEAR_ZERO } from './tables';

const names = [
  'dcid',
  'id',
  'schoolid',
  'yearid',
  'att_code',
  'description',
  'presence_status_cd',
  'assignment_filter_yn',
];
const fields = Object.fromEntries(names.map((name) => [name, columnKinds[name]!]));

/** How many years of schools can be read at a time. */
const MAX_YEARS = 5_000;

/** ATTENDANCE_CODE: the codes of schools, each of one school year. */
export function codeTable({ database, roster }: Pick<Dependencies, 'database' | 'roster'>): SchemaTable {
  const codes = openCodes(database);
  const schoolsOf = openNumberedSchools(database);
  const schoolYears = openSchoolYears(database);
  const numbers = text(
    database.knex,
    `select schools.id, ${schoolNumber} as number from schools where schools.district_id = :district`,
    { id: integer, number: string },
  );

  /**
   * The school years that are asked for. A filter that names none means the present one; one that says something else of them,
   * such as which come after another, means those that the roster knows.
   */
  async function yearsOf(caller: Caller, filter: FilterTest): Promise<number[]> {
    const named = pinned(filter, 'yearid')?.map((yearid) => Number(yearid) + YEAR_ZERO);
    if (named) return [...new Set(named)].filter((year) => isSchoolDay(`${year + 1}-06-30`));
    const years = await schoolYears(caller.district);
    const { time_zone } = await roster.district(caller);
    const present = schoolYearOn(today(time_zone), years);
    return mentions(filter, 'yearid') ? [...new Set([...years.map(({ year }) => year), present])] : [present];
  }

  /** Codes by their ids, of whatever school and year. */
  async function named({ district }: Caller, ids: readonly number[]): Promise<TableRow[]> {
    const found = await codes.named(district, ids);
    const schools = new Map((await database.all(numbers, { district })).map(({ id, number }) => [id, number]));
    return [...found.values()].map((code) => rowOf(code, schools.get(code.school_id)!));
  }

  /** A school has the usual codes of a year from when somebody asks for them, so that it has some in each. */
  async function ofYears(caller: Caller, filter: FilterTest): Promise<TableRow[]> {
    const schools = await schoolsOf(caller, filter);
    const years = await yearsOf(caller, filter);
    if (schools.length * years.length > MAX_YEARS)
      throw invalidParameter(
        'q',
        `q: name fewer years, or a schoolid: more than ${MAX_YEARS} years of schools`,
        'TooMany',
      );
    const asked = schools.flatMap(({ id: school }) => years.map((year) => ({ school, year })));
    const numbers = new Map(schools.map(({ id, number }) => [id, number]));
    return (await codes.ofYears(caller.district, asked)).map((code) => rowOf(code, numbers.get(code.school_id)!));
  }

  return {
    name: 'attendance_code',
    examples: { q: 'schoolid==200;yearid==35', projection: 'att_code,presence_status_cd' },
    scope: 'attendance:read',
    fields,

    async rows(caller, asked) {
      const ids = pinned(asked.filter, 'id') ?? pinned(asked.filter, 'dcid');
      const rows = ids ? await named(caller, ids.map(Number)) : await ofYears(caller, asked.filter);
      return chosenOf(rows, asked, fields);
    },

    row: async (caller, id) => (await named(caller, [id]))[0],
  };
}

const rowOf = ({ id, year, code, description, status, office_only }: Code, schoolid: string): TableRow => ({
  id,
  columns: {
    dcid: String(id),
    id: String(id),
    schoolid,
    yearid: String(year - YEAR_ZERO),
    att_code: code,
    description,
    presence_status_cd: status === Status.absent || status === Status.excused ? 'Absent' : 'Present',
    // What PowerSchool's page of a code calls "Teacher can assign".
    assignment_filter_yn: office_only ? '0' : '1',
  },
});
