import type { Files } from './bundles';

type Mode = 'bulk' | 'delta' | 'absent';

/** What is said of a school; the rest is made up. */
export interface Said {
  readonly version?: '1.0' | '1.1' | '1.2';
  /** Of single files; bulk where nothing is said. `null`: there is no manifest. */
  readonly modes?: Partial<Record<File, Mode>> | null;
  /** `dateLastModified` of every row. */
  readonly modified?: string;
  readonly schools?: readonly { id: string; name?: string; number?: string; parent?: string; status?: string }[];
  readonly sessions?: readonly {
    id: string;
    type?: string;
    begin: string;
    end: string;
    year?: string;
    parent?: string;
  }[];
  readonly classes?: readonly {
    id: string;
    title?: string;
    school?: string;
    terms?: readonly string[];
    homeroom?: boolean;
    status?: string;
  }[];
  readonly people?: readonly {
    id: string;
    role?: string;
    given?: string;
    family?: string;
    number?: string;
    email?: string;
    school?: string;
    status?: string;
  }[];
  readonly enrollments?: readonly {
    id: string;
    class?: string;
    person?: string;
    role?: string;
    begin?: string;
    end?: string;
    status?: string;
  }[];
}

const columns = {
  orgs: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  academicSessions: 'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
  classes:
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
  users:
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
  enrollments:
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
} as const;
type File = keyof typeof columns;

const year = { id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12' };

/** A OneRoster bundle: one school, a school year, and what is said of them. */
export function bundleOf({
  version = '1.1',
  modes = {},
  modified = '',
  schools = [{ id: 's' }],
  sessions = [year],
  classes = [{ id: 'k' }],
  people = [],
  enrollments = [],
}: Said): Files {
  const quoted = (values: readonly string[]) => (values.length > 1 ? `"${values.join(',')}"` : (values[0] ?? ''));
  const rows: Record<File, string[]> = {
    orgs: schools.map(({ id, name = 'Rivers Middle', number = '700', parent = '', status = '' }) =>
      [id, status, modified, name, 'school', number, parent].join(),
    ),
    academicSessions: sessions.map(({ id, type = 'term', begin, end, year = '', parent = '' }) =>
      [id, '', modified, id, type, begin, end, parent, year].join(),
    ),
    classes: classes.map(
      ({ id, title = `Class ${id}`, school = 's', terms = ['year'], homeroom = false, status = '' }) =>
        [
          id,
          status,
          modified,
          title,
          '',
          '',
          id,
          homeroom ? 'homeroom' : 'scheduled',
          '',
          school,
          quoted(terms),
          '',
          '',
          '1',
        ].join(),
    ),
    users: people.map(
      ({ id, role = 'student', given = id, family = 'Rivers', number = '', email = '', school = 's', status = '' }) =>
        [
          id,
          status,
          modified,
          'true',
          school,
          role,
          id,
          '',
          given,
          family,
          '',
          number,
          email,
          '',
          '',
          '',
          '',
          '',
        ].join(),
    ),
    enrollments: enrollments.map(
      ({ id, class: of = 'k', person = id, role = 'student', begin = '', end = '', status = '' }) =>
        [id, status, modified, of, 's', person, role, 'false', begin, end].join(),
    ),
  };
  const said = (Object.keys(columns) as File[]).map((file) => `file.${file},${modes?.[file] ?? 'bulk'}\n`);
  const manifest = `propertyName,value\noneroster.version,${version}\n${said.join('')}`;
  const files = Object.entries(rows).filter(([file]) => modes?.[file as File] !== 'absent');
  return {
    ...(modes && { 'manifest.csv': manifest }),
    ...Object.fromEntries(
      files.map(([file, lines]) => [`${file}.csv`, [columns[file as File], ...lines, ''].join('\n')]),
    ),
  };
}
