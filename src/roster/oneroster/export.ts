import { stringify } from 'csv-stringify/sync';
import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { integer, type RowOf, scalar, withOthers } from '../../database/rows';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { csvOptions } from '../../lib/csv';
import { madeUp } from './adoption';
import { SYSTEM_CODE } from './bundle';
import { INHERITED } from './files';

/** Rows that are in memory at a time. */
const PAGE = 5_000;

/** The files name the columns that they have use for. */
const exportedRow = withOthers({ id: integer }, scalar);
type Row = RowOf<typeof exportedRow>;

/** A CSV file of a bundle, and the rows it is made of. */
interface ExportedFile {
  readonly file: string;
  readonly columns: readonly string[];
  /** SQL of its rows: from where, with what; each has an `id`, by which they are read in pages. */
  readonly select: string;
  readonly from: string;
  /** The table whose ids they are. */
  readonly table: string;
  /** What stands in the columns; those that are not named are empty, as in OneRoster's bulk files. */
  line(row: Row): Readonly<Record<string, unknown>>;
  /** SQL of other sourcedIds of the same, by their ids, and of what is otherwise in their rows; each is in a row of its own. */
  readonly others?: string;
}

const common = ['sourcedId', 'status', 'dateLastModified'];
/** A bulk file says nothing of its rows; what is kept only since others refer to it is no longer there. */
const status = (row: Row): string => (row.active ? '' : 'tobedeleted');
const day = (value: unknown, open: string): unknown => (value === open ? '' : value);
/** Whether it comes from the terms of the class and is theirs; a latecomer's is not, and would be lost if it were blank. */
const isOfTerms = (value: unknown, ofTerms: unknown, inherits: unknown, open: string): boolean =>
  Boolean(inherits) && value === (ofTerms ?? open);
const ofTerms = (sql: string): string => `(
  select ${sql} from section_terms join terms on terms.district_id = section_terms.district_id
    and terms.id = section_terms.term_id
  where section_terms.district_id = enrollments.district_id and section_terms.section_id = enrollments.section_id)`;
/** The days that a row of several of an enrollment says; none where they were not kept, or it is the only one. */
const ownDays = `enrollment_rows.begin_date as own_begin, enrollment_rows.end_date as own_end,
  enrollment_rows.inherits_begin as own_inherits_begin, enrollment_rows.inherits_end as own_inherits_end`;

const daysOf = ({ begin_date, end_date, ...row }: Row) => {
  const isBlank = {
    begin: isOfTerms(begin_date, row.terms_begin, row.inherits_begin, FIRST_DAY),
    end: isOfTerms(end_date, row.terms_end, row.inherits_end, LAST_DAY),
  };
  const inherited = [
    row.inherits_begin && !isBlank.begin ? 'begin' : [],
    row.inherits_end && !isBlank.end ? 'end' : [],
  ].flat();
  return { begin_date, end_date, isBlank, inherited };
};

const ownDaysOf = ({ own_begin: begin_date, own_end: end_date, ...row }: Row) => {
  const isBlank = { begin: row.own_inherits_begin, end: row.own_inherits_end };
  return { begin_date, end_date, isBlank, inherited: [] };
};

const districtOrg = (district: unknown): string => `rollbook:district:${district}`;

/** The names of roles as OneRoster spells them; they are kept in small letters. */
const roles = ['districtAdministrator', 'siteAdministrator', 'systemAdministrator'];
const roleNamed = (role: unknown): unknown => roles.find((name) => name.toLowerCase() === role) ?? role;

const isHere = `people.active and not exists (
  select 1 from erasures where erasures.person_id = people.id and erasures.district_id = :district)`;
const isRunning = (table: string, section = 'section_id') => `exists (
  select 1 from enrollments
  where enrollments.section_id = ${table}.${section} and +enrollments.district_id = ${table}.district_id
    and enrollments.active)`;

const files: readonly ExportedFile[] = [
  {
    file: 'academicSessions',
    columns: ['title', 'type', 'startDate', 'endDate', 'parentSourcedId', 'schoolYear'],
    table: 'terms',
    select: 'terms.*',
    from: `terms where terms.district_id = :district and (terms.active or exists (
      select 1 from section_terms
      where section_terms.district_id = terms.district_id and section_terms.term_id = terms.id
        and ${isRunning('section_terms')}))`,
    line: (row) => ({
      title: row.title,
      type: row.type,
      startDate: day(row.begin_date, FIRST_DAY),
      endDate: day(row.end_date, LAST_DAY),
      parentSourcedId: row.parent_sourced_id,
      schoolYear: row.school_year,
    }),
  },
  {
    file: 'courses',
    columns: ['schoolYearSourcedId', 'title', 'courseCode', 'grades', 'orgSourcedId', 'subjects', 'subjectCodes'],
    table: 'courses',
    select: 'courses.*, schools.sourced_id as school',
    from: `courses left join schools on schools.district_id = courses.district_id and schools.id = courses.school_id
      where courses.district_id = :district and (courses.active or exists (
        select 1 from sections
        where sections.course_id = courses.id and +sections.district_id = courses.district_id
          and ${isRunning('sections', 'id')}))`,
    line: (row) => ({
      title: row.title,
      courseCode: row.course_code,
      grades: row.grades,
      orgSourcedId: row.school,
      subjects: row.subjects,
    }),
  },
  {
    file: 'classes',
    columns: [
      'title',
      'grades',
      'courseSourcedId',
      'classCode',
      'classType',
      'location',
      'schoolSourcedId',
      'termSourcedIds',
      'subjects',
      'subjectCodes',
      'periods',
    ],
    table: 'sections',
    select: `sections.*, schools.sourced_id as school, courses.sourced_id as course, (
      select string_agg(terms.sourced_id, ',' order by terms.id) from section_terms
      join terms on terms.district_id = section_terms.district_id and terms.id = section_terms.term_id
      where section_terms.district_id = sections.district_id and section_terms.section_id = sections.id) as terms`,
    from: `sections left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
      left join courses on courses.district_id = sections.district_id and courses.id = sections.course_id
      where sections.district_id = :district and (sections.active or ${isRunning('sections', 'id')})`,
    line: (row) => ({
      title: row.title,
      grades: row.grades,
      courseSourcedId: row.course,
      classCode: row.section_code,
      classType: row.class_type,
      location: row.location,
      schoolSourcedId: row.school,
      termSourcedIds: row.terms,
      subjects: row.subjects,
      periods: row.periods,
    }),
  },
  {
    file: 'users',
    columns: [
      'enabledUser',
      'username',
      'userIds',
      'givenName',
      'familyName',
      'middleName',
      'identifier',
      'email',
      'sms',
      'phone',
      'agentSourcedIds',
      'grades',
      'password',
      'userMasterIdentifier',
      'resourceSourcedIds',
      'preferredGivenName',
      'preferredMiddleName',
      'preferredFamilyName',
      'primaryOrgSourcedId',
      'pronouns',
    ],
    table: 'people',
    select: 'people.*, schools.sourced_id as school',
    from: `people left join schools on schools.district_id = people.district_id
      and schools.id = people.school_id where people.district_id = :district and ${isHere}`,
    line: (row) => ({
      sourcedId: row.sourced_id ?? madeUp('person', row.id),
      enabledUser: 'true',
      username: row.username,
      givenName: row.given_name,
      familyName: row.family_name,
      middleName: row.middle_name,
      identifier: row.identifier,
      email: row.email,
      grades: row.grades,
      preferredGivenName: row.preferred_name,
      primaryOrgSourcedId: row.school,
    }),
  },
  {
    file: 'roles',
    columns: ['userSourcedId', 'roleType', 'role', 'beginDate', 'endDate', 'orgSourcedId', 'userProfileSourcedId'],
    table: 'people',
    select:
      'people.id, people.sourced_id, people.role, people.active, people.district_id, schools.sourced_id as school',
    from: `people left join schools on schools.district_id = people.district_id
      and schools.id = people.school_id where people.district_id = :district and ${isHere}`,
    line: (row) => ({
      sourcedId: `rollbook:role:${row.id}`,
      userSourcedId: row.sourced_id ?? madeUp('person', row.id),
      roleType: 'primary',
      role: roleNamed(row.role),
      orgSourcedId: row.school ?? districtOrg(row.district_id),
    }),
  },
  {
    file: 'enrollments',
    columns: [
      'classSourcedId',
      'schoolSourcedId',
      'userSourcedId',
      'role',
      'primary',
      'beginDate',
      'endDate',
      INHERITED,
    ],
    table: 'enrollments',
    select: `enrollments.*, sections.sourced_id as section, schools.sourced_id as school, people.sourced_id as person,
      ${ofTerms('min(terms.begin_date)')} as terms_begin, ${ofTerms('max(terms.end_date)')} as terms_end, ${ownDays}`,
    from: `enrollments join sections on sections.district_id = enrollments.district_id
      and sections.id = enrollments.section_id
      left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id and ${isHere}
      left join enrollment_rows on enrollment_rows.district_id = :district
        and enrollment_rows.sourced_id = enrollments.sourced_id
      where enrollments.district_id = :district and enrollments.active and sections.sourced_id is not null`,
    line(row) {
      const { isBlank, inherited, begin_date, end_date } = row.own_begin === null ? daysOf(row) : ownDaysOf(row);
      return {
        sourcedId: row.sourced_id ?? madeUp('enrollment', row.id),
        classSourcedId: row.section,
        schoolSourcedId: row.school,
        userSourcedId: row.person ?? madeUp('person', Number(row.person_id)),
        role: row.admin ? 'teacher' : 'student',
        primary: 'false',
        beginDate: isBlank.begin ? '' : begin_date,
        endDate: isBlank.end ? '' : end_date,
        [INHERITED]: inherited.join(),
      };
    },
    others: `select enrollment_aliases.enrollment_id as id, enrollment_aliases.sourced_id, ${ownDays}
      from enrollment_aliases
      left join enrollment_rows on enrollment_rows.district_id = :district
        and enrollment_rows.sourced_id = enrollment_aliases.sourced_id
      where enrollment_aliases.district_id = :district and enrollment_aliases.enrollment_id > :after
        and enrollment_aliases.enrollment_id <= :last
      order by enrollment_aliases.sourced_id`,
  },
];

/** The files of a bundle with the roster as it stands, OneRoster 1.2 in bulk, each in pieces; of one state of the database. */
export async function* exportedFiles(
  database: Database,
  reading: Executor,
  district: { readonly id: number; readonly name: string },
): AsyncGenerator<{ file: string; pieces: AsyncIterable<string> }> {
  const names = ['orgs', ...files.map(({ file }) => file)];
  yield { file: 'manifest.csv', pieces: inOne(manifest(names)) };
  yield { file: 'orgs.csv', pieces: inOne(await orgs(database, reading, district)) };
  for (const file of files) yield { file: `${file.file}.csv`, pieces: piecesOf(database, reading, district.id, file) };
}

async function* inOne(text: string): AsyncGenerator<string> {
  yield text;
}

/** OneRoster CSV 1.2, "manifest.csv": every file that there is, and those that there are not. */
function manifest(names: readonly string[]): string {
  const absent = [
    'categories',
    'classResources',
    'courseResources',
    'demographics',
    'lineItems',
    'resources',
    'results',
  ];
  const rows = [
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.2'],
    ...[...names.map((name) => [name, 'bulk']), ...absent.map((name) => [name, 'absent'])]
      .map(([name, mode]) => [`file.${name}`, mode!])
      .sort(([one], [other]) => (one! < other! ? -1 : 1)),
    ['source.systemName', 'rollbook'],
    ['source.systemCode', SYSTEM_CODE],
  ];
  return csv(['propertyName', 'value'], rows, true);
}

async function orgs(
  { knex }: Database,
  reading: Executor,
  { id, name }: { readonly id: number; readonly name: string },
): Promise<string> {
  const query = text(
    knex,
    `select schools.* from schools
    where schools.district_id = :district and (schools.active or exists (
      select 1 from sections
      where sections.school_id = schools.id and sections.district_id = schools.district_id
        and ${isRunning('sections', 'id')}))
    order by schools.id`,
    exportedRow,
  );
  const schools = await reading.all(query, { district: id });
  const rows = schools.map((row) => [row.sourced_id, status(row), '', row.name, row.type, row.number, districtOrg(id)]);
  return csv(
    [...common, 'name', 'type', 'identifier', 'parentSourcedId'],
    [[districtOrg(id), '', '', name, 'district', '', ''], ...rows],
    true,
  );
}

async function* piecesOf(
  { knex }: Database,
  reading: Executor,
  district: number,
  { columns, table, select, from, line, others }: ExportedFile,
): AsyncGenerator<string> {
  const query = text(
    knex,
    `select ${select} from ${from} and ${table}.id > :after order by ${table}.id limit ${PAGE}`,
    exportedRow,
  );
  const all = [...common, ...columns];
  yield csv(all, [], true);
  for (let after = 0, rows: Row[] = []; ; after = rows.at(-1)!.id) {
    rows = await reading.all(query, { district, after });
    const named = new Map<number, Row[]>();
    if (others && rows.length > 0)
      for (const other of await reading.all(text(knex, others, exportedRow), {
        ...{ district, after, last: rows.at(-1)!.id },
      }))
        named.set(other.id, [...(named.get(other.id) ?? []), other]);
    const lines = rows.flatMap((row) => {
      const same = (named.get(row.id) ?? []).map((other): Row => ({ ...row, ...other }));
      return [row, ...same].map((each) => {
        const values: Record<string, unknown> = { sourcedId: each.sourced_id, status: status(each), ...line(each) };
        return all.map((column) => values[column] ?? '');
      });
    });
    yield csv(all, lines, false);
    if (rows.length < PAGE) return;
  }
}

/** Guarded as every CSV is; by the system code of the manifest an import knows that there are guards to take away. */
const csv = (columns: readonly string[], rows: readonly (readonly unknown[])[], header: boolean): string =>
  stringify(header ? [columns, ...rows] : [...rows], csvOptions);
