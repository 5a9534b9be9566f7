import type { ColumnType } from '../../database/database';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { preview } from '../../lib/preview';
import type { Row } from './csv';
import type { References } from './reader';
import { ValueError } from './report';
import { type DateReading, daysIn, gradesIn, listIn, listText, textIn } from './values';

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
  /** The column that says since when it is no longer listed. */
  readonly endsOn?: string;
  /** The column that says when a row was last changed. */
  readonly changedOn?: string;
  /** The column that holds the sourcedId of the user a row is about, where it is about one. */
  readonly userIn?: string;
  /** Whether the row is for this table at all. */
  concerns?(row: Row): boolean;
  /** The sourcedIds of the terms it is in, where it is in terms. */
  terms?(row: Row): string[];
  /** The columns that hold days. */
  readonly dates?: readonly string[];
  /** What the row is in that was deleted, and in which column it says so; what is deleted with it has ended. */
  deletedWith?(values: Values, references: References): { readonly column: string; readonly what: string } | undefined;
  /** Throws ValueError where a value cannot be understood. The password column is never read. */
  values(row: Row, references: References, reading: Reading): Values;
}

/** What rows are read by, and who is told of what may be meant otherwise. */
export interface Reading extends DateReading {
  /** The district's. */
  readonly today: string;
  /** `what` is the same for all rows of which one warning is to be given. */
  warn(row: Row, column: string, reason: string, what?: string): void;
}

export const academicSessions: FileSpec = {
  file: 'academicSessions',
  table: 'terms',
  columns: {
    title: 'text',
    type: 'text',
    begin_date: 'date',
    end_date: 'date',
    parent_sourced_id: 'text',
    school_year: 'text',
  },
  keepsDeleted: true,
  dates: ['startDate', 'endDate'],
  values(row, { terms, listed }, reading) {
    const days = daysIn(row, 'startDate', { begin: FIRST_DAY, end: LAST_DAY }, reading);
    const why = (column: string) => (row.get(column) === '' ? 'It is empty' : `It is ${row.get(column)}`);
    if (days.begin_date === FIRST_DAY)
      reading.warn(row, 'startDate', `${why('startDate')}: the session begins in the year 1.`);
    if (days.end_date === LAST_DAY) reading.warn(row, 'endDate', `${why('endDate')}: the session has no end.`);
    const parent = row.get('parentSourcedId');
    if (parent !== '' && listed && !listed.has(parent) && !terms.has(parent))
      reading.warn(
        row,
        'parentSourcedId',
        `${preview(parent)} is no session of academicSessions.csv, nor one that was imported.`,
        'parent',
      );
    return {
      title: textIn(row, 'title'),
      type: textIn(row, 'type'),
      ...days,
      parent_sourced_id: parent || null,
      school_year: textIn(row, 'schoolYear'),
    };
  },
};

/** Kinds of organisation above a school; the district is the tenant itself. */
const aboveSchools = ['district', 'local', 'state', 'national'];

export const orgs: FileSpec = {
  file: 'orgs',
  table: 'schools',
  columns: { name: 'text', type: 'text', number: 'text' },
  keepsDeleted: true,
  concerns: (row) => !aboveSchools.includes(row.get('type').toLowerCase()),
  values: (row) => ({
    name: textIn(row, 'name'),
    type: textIn(row, 'type').toLowerCase(),
    number: textIn(row, 'identifier'),
  }),
};

export const courses: FileSpec = {
  file: 'courses',
  table: 'courses',
  columns: { school_id: 'bigint', title: 'text', course_code: 'text', subjects: 'text', grades: 'text' },
  keepsDeleted: true,
  values: (row, { schools }) => ({
    school_id: schools.get(row.get('orgSourcedId')) ?? null,
    title: textIn(row, 'title'),
    course_code: textIn(row, 'courseCode'),
    subjects: listText(row, 'subjects'),
    grades: gradesIn(row),
  }),
};

export const classes: FileSpec = {
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
    inactive_from: 'date',
  },
  keepsDeleted: true,
  endsOn: 'inactive_from',
  terms: termsOf,
  // The file of courses or of orgs is often absent: the section does without them.
  values(row, references, { warn }) {
    const known = (column: string, ids: ReadonlyMap<string, number>, what: string): number | null => {
      const id = ids.get(row.get(column));
      if (id === undefined && row.get(column) !== '')
        warn(
          row,
          column,
          `${preview(row.get(column))} is no ${what} that was imported; the class is without one.`,
          what,
        );
      return id ?? null;
    };
    for (const term of termsOf(row))
      if (!references.terms.has(term))
        warn(
          row,
          'termSourcedIds',
          `${preview(term)} is no session of academicSessions.csv that was imported.`,
          'term',
        );
    return {
      school_id: known('schoolSourcedId', references.schools, 'school of orgs.csv'),
      course_id: known('courseSourcedId', references.courses, 'course of courses.csv'),
      title: textIn(row, 'title') || textIn(row, 'classCode') || row.get('sourcedId'),
      section_code: textIn(row, 'classCode'),
      class_type: row.get('classType').toLowerCase() === 'homeroom' ? 'homeroom' : 'scheduled',
      location: textIn(row, 'location'),
      periods: listText(row, 'periods'),
      subjects: listText(row, 'subjects'),
      grades: gradesIn(row),
      inactive_from: null,
    };
  },
};

/** OneRoster 1.0 has one term, in `termSourcedId`. */
function termsOf(row: Row): string[] {
  const terms = listIn(row, 'termSourcedIds');
  return terms.length > 0 ? terms : listIn(row, 'termSourcedId');
}

export const users: FileSpec = {
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
  changedOn: 'modified_at',
  userIn: 'sourcedId',
  keepsUnsaid: 'role', // a delta of 1.2 may have users without roles.csv
  // 1.1 has role and orgs with the user, 1.2 in roles.csv. `enabledUser` says who may sign in, not who goes to school.
  values(row, { roles, schools, listed }, { warn }) {
    const role = roles.get(row.get('sourcedId'));
    const own: [string, string[]][] = [
      ['primaryOrgSourcedId', [row.get('primaryOrgSourcedId')].filter(Boolean)],
      ['orgSourcedIds', listIn(row, 'orgSourcedIds')],
    ];
    for (const [column, ids] of own)
      for (const id of ids)
        if (listed && !listed.has(id) && !schools.has(id))
          warn(row, column, `${preview(id)} is no org of orgs.csv, nor a school that was imported.`, 'org');
    const orgs = [role?.org ?? '', row.get('primaryOrgSourcedId'), ...listIn(row, 'orgSourcedIds')];
    return {
      school_id: orgs.map((org) => schools.get(org)).find((id) => id !== undefined) ?? null,
      role: (role?.role ?? textIn(row, 'role')).toLowerCase(),
      username: textIn(row, 'username'),
      email: textIn(row, 'email'),
      given_name: textIn(row, 'givenName'),
      middle_name: textIn(row, 'middleName'),
      family_name: textIn(row, 'familyName'),
      preferred_name: textIn(row, 'preferredGivenName') || textIn(row, 'preferredFirstName'),
      identifier: textIn(row, 'identifier'),
      grades: gradesIn(row),
    };
  },
};

/** Whether the role makes its bearer one who teaches; other roles than these are not in a class. */
const roles = new Map([
  ['student', false],
  ['teacher', true],
  ['administrator', true],
  ['aide', true],
  ['proctor', true],
]);

export const enrollments: FileSpec = {
  file: 'enrollments',
  table: 'enrollments',
  columns: {
    section_id: 'bigint',
    person_id: 'bigint',
    admin: 'boolean',
    begin_date: 'date',
    end_date: 'date',
    inherits_begin: 'boolean',
    inherits_end: 'boolean',
  },
  keepsDeleted: false,
  endsToday: true,
  userIn: 'userSourcedId',
  dates: ['beginDate', 'endDate'],
  values(row, { sections, people, spans }, reading) {
    const section_id = required(row, 'classSourcedId', sections, 'class of classes.csv');
    const person_id = required(row, 'userSourcedId', people, 'user of users.csv');
    const admin = roles.get(row.get('role').toLowerCase());
    if (admin === undefined)
      throw new ValueError(
        'role',
        `${preview(row.get('role'))} is not enrolled in classes; ${[...roles.keys()].join(', ')} are.`,
      );
    const span = spans.get(section_id) ?? { begin: FIRST_DAY, end: LAST_DAY };
    const { begin_date, end_date } = daysIn(row, 'beginDate', span, reading);
    const why = (column: string, verb: string) => (row.get(column) === '' ? unsaid(verb) : `It is ${row.get(column)}`);
    if (begin_date === FIRST_DAY)
      reading.warn(
        row,
        'beginDate',
        `${why('beginDate', 'begins')}: one that is new begins in the year 1, another as it did.`,
      );
    if (end_date === LAST_DAY) reading.warn(row, 'endDate', `${why('endDate', 'ends')}: it has no end.`);
    const inherits_begin = row.get('beginDate') === '' || row.get(INHERITED).includes('begin');
    const inherits_end = row.get('endDate') === '' || row.get(INHERITED).includes('end');
    return { section_id, person_id, admin, begin_date, end_date, inherits_begin, inherits_end };
  },
  deletedWith({ person_id, section_id }, { deleted }) {
    if (deleted.people.has(Number(person_id))) return { column: 'userSourcedId', what: 'user' };
    const what = deleted.sections.get(Number(section_id));
    return what && { column: 'classSourcedId', what };
  },
};

/**
 * The column in which `roster export` says which days of an enrollment come from the terms of its class, `begin` or `end`,
 * although they are written since they are not those of the terms. OneRoster CSV: what it does not define is `metadata.`
 */
export const INHERITED = 'metadata.rollbook.inheritedDates';

const unsaid = (verb: string): string => `Neither the row nor a term of its class says when the enrollment ${verb}`;

function required(row: Row, column: string, ids: ReadonlyMap<string, number>, what: string): number {
  const id = ids.get(row.get(column));
  if (id === undefined) throw new ValueError(column, `${preview(row.get(column))} is no ${what} that was imported.`);
  return id;
}

/** The files of a bundle, in the order in which they refer to each other. */
export const fileSpecs: readonly FileSpec[] = [orgs, academicSessions, courses, classes, users, enrollments];
