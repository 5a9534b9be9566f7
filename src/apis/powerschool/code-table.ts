import type { Caller } from '../../clients/client';
import { text } from '../../database/query';
import { integer, type RowOf, string } from '../../database/rows';
import { today } from '../../days';
import { Status, status } from '../../ledger/attendance';
import { openCodes } from '../../ledger/codes';
import { openSchoolYears, schoolYearOn } from '../../roster/school-years';
import { schoolNumber } from '../../roster/schools';
import type { Dependencies } from '../dependencies';
import { columnKinds } from './columns';
import { type FilterTest, pinned } from './filter';
import { openNumberedSchools } from './roster-tables';
import { chosenOf, type SchemaTable, type TableRow } from './schema-tables';
import { YEAR_ZERO } from './tables';

const names = ['dcid', 'id', 'schoolid', 'yearid', 'att_code', 'description', 'presence_status_cd'];
const fields = Object.fromEntries(names.map((name) => [name, columnKinds[name]!]));

const codeRow = {
  id: integer,
  school_id: integer,
  schoolid: string,
  year: integer,
  code: string,
  description: string,
  status,
};
type CodeRow = RowOf<typeof codeRow>;

/** ATTENDANCE_CODE: the codes of schools, each of one school year. */
export function codeTable({ database, roster }: Pick<Dependencies, 'database' | 'roster'>): SchemaTable {
  const codes = openCodes(database);
  const schoolsOf = openNumberedSchools(database);
  const schoolYears = openSchoolYears(database);
  const columns = `codes.id, codes.school_id, ${schoolNumber} as schoolid, codes.year, codes.code, codes.description, codes.status`;
  const from = `attendance_codes as codes
    join schools on schools.id = codes.school_id
    where codes.district_id = :district`;
  const all = text(database.knex, `select ${columns} from ${from} order by codes.id`, codeRow);
  const one = text(database.knex, `select ${columns} from ${from} and codes.id = :id`, codeRow);

  /** The school years that are asked for, of those that there are; without any, the present one. */
  async function yearsOf(caller: Caller, filter: FilterTest): Promise<number[]> {
    const years = await schoolYears(caller.district);
    const { time_zone } = await roster.district(caller);
    const present = schoolYearOn(today(time_zone), years);
    const asked = pinned(filter, 'yearid')?.map((yearid) => Number(yearid) + YEAR_ZERO);
    return asked?.filter((year) => year === present || years.some((each) => each.year === year)) ?? [present];
  }

  return {
    name: 'attendance_code',
    scope: 'attendance:read',
    fields,

    /** A school has its first codes of a year from when somebody asks for them. */
    async rows(caller, asked) {
      const { district } = caller;
      const known = await database.all(all, { district });
      const schools = await schoolsOf(caller, asked.filter);
      const years = await yearsOf(caller, asked.filter);
      const has = new Set(known.map(({ school_id, year }) => `${school_id} ${year}`));
      const lacking = schools.flatMap(({ id }) =>
        years.filter((year) => !has.has(`${id} ${year}`)).map((year) => ({ id, year })),
      );
      for (const { id, year } of lacking) await codes.of(district, id, year);
      const rows = lacking.length > 0 ? await database.all(all, { district }) : known;
      return chosenOf(rows.map(rowOf), asked, fields);
    },

    async row({ district }, id) {
      const [found] = await database.all(one, { district, id });
      return found && rowOf(found);
    },
  };
}

const rowOf = ({ id, schoolid, year, code, description, status }: CodeRow): TableRow => ({
  id,
  columns: {
    dcid: String(id),
    id: String(id),
    schoolid,
    yearid: String(year - YEAR_ZERO),
    att_code: code,
    description,
    presence_status_cd: status === Status.absent || status === Status.excused ? 'Absent' : 'Present',
  },
});
