import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { bit, integer, type RowOf, string } from '../database/rows';
import { openSchoolYears, schoolYearOn } from '../roster/school-years';
import { schoolOn } from '../roster/section-schools';
import { type Author, openSettingChanges } from '../roster/setting-changes';
import { Status, status, statusWords } from './attendance';

/** The statements of attendance codes. */
export function codesSql(engine: Engine) {
  const { knex } = engine;
  const columns =
    'codes.id, codes.school_id, codes.year, codes.code, codes.description, codes.status, codes.office_only, codes.color';
  const insert = `
    insert into attendance_codes (district_id, school_id, year, code, description, status, office_only, color)
    select :district, school_id, year, code, description, status, office_only, color
    from ${engine.rows('codes', {
      school_id: 'bigint',
      year: 'bigint',
      code: 'text',
      description: 'text',
      status: 'smallint',
      office_only: 'boolean',
      color: 'text',
    })} as written
    where true
    on conflict (district_id, school_id, year, code)`;
  return {
    ofYears: text(
      knex,
      `select ${columns}
      from ${engine.rows('asked', { school: 'bigint', year: 'bigint' })} as asked
      cross join attendance_codes as codes
      where codes.district_id = :district and codes.school_id = asked.school and codes.year = asked.year
      order by codes.id`,
      codeRow,
    ),
    named: text(
      knex,
      `select ${columns}
      from ${engine.rows('ids', { id: 'bigint' })} as asked
      cross join attendance_codes as codes
      where codes.id = asked.id and codes.district_id = :district`,
      codeRow,
    ),
    add: text(knex, `${insert} do nothing`),
    put: text(
      knex,
      `${insert} do update set description = excluded.description, status = excluded.status,
      office_only = excluded.office_only, color = excluded.color`,
    ),
    /** In which school a class was on a day, 0 for none, and by which codes its students were marked. */
    schoolOn: text(
      knex,
      `select ${schoolOn(':date')} as school
      from sections
      where sections.id = :section and sections.district_id = :district`,
      { school: integer },
    ),
    onRoll: text(
      knex,
      `select marks.enrollment_id, codes.code
      from marks
      join attendance_codes as codes on codes.district_id = marks.district_id and codes.id = marks.code_id
      where marks.district_id = :district and marks.section_id = :section and marks.date = :date`,
      { enrollment_id: integer, code: string },
    ),
  };
}

/** A school's own word for a status, for one school year. */
const codeRow = {
  id: integer,
  school_id: integer,
  /** The year in which the school year starts. */
  year: integer,
  code: string,
  description: string,
  status,
  /** Whether teachers do not use it. */
  office_only: bit,
  /** In which it is shown, `#rrggbb`; empty for none. */
  color: string,
};
export type Code = RowOf<typeof codeRow>;

/** Whether a text can stand on a roll. */
export const isCode = (text: string): boolean => /^[\p{L}\p{N}\p{P}\p{S}]{1,32}$/u.test(text);

/** What a code is to be; of whom it is and in which colour stay where that is missing. */
export interface CodeChange extends Pick<Code, 'school_id' | 'year' | 'code' | 'description' | 'status'> {
  readonly office_only?: boolean | undefined;
  readonly color?: string | undefined;
}

type CodeSet = Pick<Code, 'code' | 'status' | 'year'>;

/** What is kept of a code that was set, beside its school. */
const saidOf = ({ code, status, year }: CodeSet): string => `${code} (${statusWords[status]}) ${year}`;

/** The parts of that; undefined where it is not of a code. */
export function codeSet(said: string): CodeSet | undefined {
  const [, code, word, year] = /^(\S+) \((\w+)\) (\d{4})$/.exec(said) ?? [];
  const known = Object.values(Status).find((each) => statusWords[each] === word);
  return code !== undefined && known ? { code, status: known, year: Number(year) } : undefined;
}

/** What a school starts with in each year. */
const usual: readonly Pick<Code, 'code' | 'description' | 'status'>[] = [
  { code: 'P', description: 'Present', status: Status.present },
  { code: 'A', description: 'Absent', status: Status.absent },
  { code: 'E', description: 'Excused absence', status: Status.excused },
  { code: 'T', description: 'Tardy', status: Status.late },
  { code: 'UT', description: 'Unexcused tardy', status: Status.late },
];

/** A school and a school year, which is called by the year it starts in. */
export interface YearOfSchool {
  readonly school: number;
  readonly year: number;
}

export type Codes = ReturnType<typeof openCodes>;

/** The attendance codes of schools. */
export function openCodes(database: Database) {
  const sql = codesSql(database);
  const changes = openSettingChanges(database);
  const schoolYears = openSchoolYears(database);

  const asRows = (years: readonly YearOfSchool[]) => JSON.stringify(years.map(({ school, year }) => [school, year]));

  /**
   * The codes of schools in years, in the order they were made. A school that has none for a year gets the usual ones; all are
   * read there and then, not where reads may lag.
   */
  async function ofYears(district: number, years: readonly YearOfSchool[]): Promise<Code[]> {
    const found = await database.all(sql.ofYears, { district, asked: asRows(years) });
    const has = new Set(found.map(({ school_id, year }) => `${school_id} ${year}`));
    const lacking = years.filter(({ school, year }) => !has.has(`${school} ${year}`));
    if (lacking.length === 0) return found;
    const codes = lacking.flatMap(({ school, year }) =>
      usual.map(({ code, description, status }) => [school, year, code, description, status, false, '']),
    );
    return database.transaction(async (tx) => {
      await tx.all(sql.add, { district, codes: JSON.stringify(codes) });
      return tx.all(sql.ofYears, { district, asked: asRows(years) });
    });
  }
  const stored = (district: number, school: number, year: number): Promise<Code[]> =>
    database.all(sql.ofYears, { district, asked: asRows([{ school, year }]) });

  return {
    ofYears,

    /** The codes that a school has in a year so far; none before anybody asked for them. */
    stored,

    /** The codes that such a school would begin with; their ids are below zero, since nothing is kept. */
    offered: (school_id: number, year: number): Code[] =>
      usual.map((code, index) => ({ ...code, id: -1 - index, school_id, year, office_only: false, color: '' })),

    /** The codes of a school of the district in a year, in the order they were made. */
    of: (district: number, school: number, year: number): Promise<Code[]> => ofYears(district, [{ school, year }]),

    /** The codes of the school in which a class is on a day; none before anybody asked for them. */
    async ofSection(district: number, section: number, date: string): Promise<Code[]> {
      const [of] = await database.all(sql.schoolOn, { district, section, date });
      if (!of || of.school === 0) return [];
      return stored(district, of.school, schoolYearOn(date, await schoolYears(district)));
    },

    /** The codes by which students of a class are marked on a day, by their enrollments. */
    async onRoll(district: number, section: number, date: string): Promise<Map<number, string>> {
      const rows = await database.all(sql.onRoll, { district, section, date });
      return new Map(rows.map(({ enrollment_id, code }) => [enrollment_id, code]));
    },

    /** Those of these ids that are the district's. */
    async named(district: number, ids: Iterable<number>): Promise<Map<number, Code>> {
      const rows = JSON.stringify([...new Set(ids)].map((id) => [id]));
      const codes = await database.all(sql.named, { district, ids: rows });
      return new Map(codes.map((code) => [code.id, code]));
    },

    /** Adds a code, or changes what it says and means from now on; marks that stand are not rewritten. It is kept who did it. */
    async set(by: Author, change: CodeChange): Promise<Code> {
      const { district } = by;
      const { school_id: school, year, code, description, status } = change;
      const before = (await this.of(district, school, year)).find((each) => each.code === code);
      const { office_only = before?.office_only ?? false, color = before?.color ?? '' } = change;
      const isSame = before?.description === description && before.status === status && before.color === color;
      if (isSame && Boolean(before.office_only) === Boolean(office_only)) return before;
      const row = [school, year, code, description, status, Boolean(office_only), color];
      const detail = saidOf({ code, status, year });
      await database.transaction(async (tx) => {
        await tx.all(sql.put, { district, codes: JSON.stringify([row]) });
        await changes.note(by, { what: 'code_set', schools: [school], detail })(tx);
      });
      return (await stored(district, school, year)).find((each) => each.code === code)!;
    },
  };
}
