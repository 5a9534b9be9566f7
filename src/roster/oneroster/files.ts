import type { ColumnType } from '../../database/database';
import { FIRST_DAY, LAST_DAY } from '../../days';
import type { Row } from './csv';
import type { References } from './references';
import { dateIn, listIn, shown, ValueError } from './values';

/** The values of a row's columns in the table. */
export type Values = Record<string, string | number | boolean | null>;

/** One CSV file of OneRoster and the table it fills. */
export interface FileSpec {
  /** As the specification calls it. */
  readonly file: 'orgs' | 'academicSessions' | 'courses' | 'classes' | 'users' | 'enrollments';
  readonly table: string;
  /** The columns it fills beside `sourced_id` and `active`. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Whether something that is to be deleted is taken in when it was never known: others may refer to it. */
  readonly keepsDeleted: boolean;
  /** A column that keeps its value where the file has none. */
  readonly keepsUnsaid?: string;
  /** Whether what ends has an `end_date`, which is then today at the latest. */
  readonly endsToday?: boolean;
  /** Whether the row is for this table at all. */
  concerns?(row: Row): boolean;
  /** Throws ValueError where a value cannot be understood. The password column is never read. */
  values(row: Row, references: References): Values;
}

/** Kinds of organisation above a school; the district is the tenant itself. */
const aboveSchools = ['district', 'local', 'state', 'national'];

const orgs: FileSpec = {
  file: 'orgs',
  table: 'schools',
  columns: { name: 'text', type: 'text', number: 'text' },
  keepsDeleted: true,
  concerns: (row) => !aboveSchools.includes(row.get('type').toLowerCase()),
  values: (row) => ({ name: row.get('name'), type: row.get('type').toLowerCase(), number: row.get('identifier') }),
};

const academicSessions: FileSpec = {
  file: 'academicSessions',
  table: 'terms',
  columns: { title: 'text', type: 'text', begin_date: 'date', end_date: 'date', school_year: 'text' },
  keepsDeleted: true,
  values(row) {
    return {
      title: row.get('title'),
      type: row.get('type'),
      ...days(row, 'startDate', { begin: FIRST_DAY, end: LAST_DAY }),
      school_year: row.get('schoolYear'),
    };
  },
};

const courses: FileSpec = {
  file: 'courses',
  table: 'courses',
  columns: { school_id: 'bigint', title: 'text', course_code: 'text', subjects: 'text', grades: 'text' },
  keepsDeleted: true,
  values: (row, { schools }) => ({
    school_id: schools.get(row.get('orgSourcedId')) ?? null,
    title: row.get('title'),
    course_code: row.get('courseCode'),
    subjects: list(row, 'subjects'),
    grades: list(row, 'grades'),
  }),
};

const classes: FileSpec = {
  file: 'classes',
  table: 'sections',
  columns: {
    school_id: 'bigint',
    course_id: 'bigint',
    title: 'text',
    section_code: 'text',
    class_type: 'text',
    location: 'text',
    periods: 'text',
    subjects: 'text',
    grades: 'text',
  },
  keepsDeleted: true,
  // The file of courses or of orgs is often absent: the section does without them.
  values: (row, references) => ({
    school_id: references.schools.get(row.get('schoolSourcedId')) ?? null,
    course_id: references.courses.get(row.get('courseSourcedId')) ?? null,
    title: row.get('title') || row.get('classCode') || row.get('sourcedId'),
    section_code: row.get('classCode'),
    class_type: row.get('classType').toLowerCase() === 'homeroom' ? 'homeroom' : 'scheduled',
    location: row.get('location'),
    periods: list(row, 'periods'),
    subjects: list(row, 'subjects'),
    grades: list(row, 'grades'),
  }),
};

const users: FileSpec = {
  file: 'users',
  table: 'people',
  columns: {
    school_id: 'bigint',
    role: 'text',
    username: 'text',
    email: 'text',
    given_name: 'text',
    middle_name: 'text',
    family_name: 'text',
    preferred_name: 'text',
    identifier: 'text',
    grades: 'text',
  },
  keepsDeleted: false,
  keepsUnsaid: 'role', // a delta of 1.2 may have users without roles.csv
  // 1.1 has role and orgs with the user, 1.2 in roles.csv. `enabledUser` says who may sign in, not who goes to school.
  values(row, { roles, schools }) {
    const role = roles.get(row.get('sourcedId'));
    const orgs = [role?.org ?? '', row.get('primaryOrgSourcedId'), ...listIn(row.get('orgSourcedIds'))];
    return {
      school_id: orgs.map((org) => schools.get(org)).find((id) => id !== undefined) ?? null,
      role: (role?.role ?? row.get('role')).toLowerCase(),
      username: row.get('username'),
      email: row.get('email'),
      given_name: row.get('givenName'),
      middle_name: row.get('middleName'),
      family_name: row.get('familyName'),
      preferred_name: row.get('preferredGivenName') || row.get('preferredFirstName'),
      identifier: row.get('identifier'),
      grades: list(row, 'grades'),
    };
  },
};

/** Whether the role makes its bearer one who teaches; other roles than these are not in a class. */
const roles: Record<string, boolean> = {
  student: false,
  teacher: true,
  administrator: true,
  aide: true,
  proctor: true,
};

const enrollments: FileSpec = {
  file: 'enrollments',
  table: 'enrollments',
  columns: { section_id: 'bigint', person_id: 'bigint', admin: 'boolean', begin_date: 'date', end_date: 'date' },
  keepsDeleted: false,
  endsToday: true,
  values(row, { sections, people, spans }) {
    const section_id = required(row, 'classSourcedId', sections, 'class of classes.csv');
    const person_id = required(row, 'userSourcedId', people, 'user of users.csv');
    const admin = roles[row.get('role').toLowerCase()];
    if (admin === undefined)
      throw new ValueError(
        'role',
        `${shown(row.get('role'))} is not enrolled in classes; ${Object.keys(roles).join(', ')} are.`,
      );
    const span = spans.get(section_id) ?? { begin: FIRST_DAY, end: LAST_DAY };
    return { section_id, person_id, admin, ...days(row, 'beginDate', span) };
  },
};

/** In the order in which they refer to each other. */
export const fileSpecs: readonly FileSpec[] = [orgs, academicSessions, courses, classes, users, enrollments];

/** OneRoster: the first day is inclusive, `endDate` exclusive. */
function days(row: Row, beginColumn: string, otherwise: { begin: string; end: string }) {
  const begin_date = dateIn(beginColumn, row.get(beginColumn)) ?? otherwise.begin;
  const end_date = dateIn('endDate', row.get('endDate')) ?? otherwise.end;
  if (end_date < begin_date) throw new ValueError('endDate', `${end_date} is before ${beginColumn} ${begin_date}.`);
  return { begin_date, end_date };
}

function required(row: Row, column: string, ids: ReadonlyMap<string, number>, what: string): number {
  const id = ids.get(row.get(column));
  if (id === undefined) throw new ValueError(column, `${shown(row.get(column))} is no ${what} that was imported.`);
  return id;
}

const list = (row: Row, column: string): string => listIn(row.get(column)).join(',');
