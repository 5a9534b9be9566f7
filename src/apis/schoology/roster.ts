import type { Values } from '../../database/query';
import { today } from '../../days';
import type { Call, Endpoint, Reply } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { List, ListName, Roster, Slice } from '../../roster/roster';
import type { CourseRow, EnrollmentRow, Lists, PersonRow, SchoolRow, SectionRow } from '../../roster/sql';

/** A query parameter that is to be an integer; an empty value is an absent one. */
export function integer(field: string, value: string | undefined): number | undefined {
  if (!value) return undefined;
  if (!/^-?\d+$/.test(value)) throw invalid(field, `must be an integer, not ${value.slice(0, 60)}`);
  return Number(value);
}

/** Says which parameter is wrong, and what would be right. */
export const invalid = (field: string, message: string) =>
  new Problem('QUERY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });

/** The query of a list of the roster, as sent. An empty value is an absent one. */
export interface ListParameters {
  readonly start?: string;
  readonly limit?: string;
}

const DEFAULT_LIMIT = 20;
/** Over 200 is capped, as Schoology does; `links.next` tells. */
const MAX_LIMIT = 200;
/** How many codes `users?school_uids=a,b` takes. */
const MAX_CODES = 50;

export function sliceOf({ start, limit }: ListParameters): Slice {
  const offset = integer('start', start) ?? 0;
  if (offset < 0 || !Number.isSafeInteger(offset)) throw invalid('start', `must be an offset from 0, not ${start}`);
  const rows = integer('limit', limit) ?? DEFAULT_LIMIT;
  if (rows < 1) throw invalid('limit', `must be at least 1, not ${rows}`);
  return { offset, limit: Math.min(rows, MAX_LIMIT) };
}

/** A page of a list: `total` is a string, links are absolute; past the end the list is empty. */
export function listReply(call: Call<object, ListParameters>, key: string, list: List<unknown>): Reply {
  const { offset, limit } = sliceOf(call.query);
  const more = offset + limit < list.total;
  const page = (start: number) => call.link(call.path, { ...call.query, start: String(start), limit: String(limit) });
  const links = { self: page(offset), ...(more && { next: page(offset + limit) }) };
  return { status: 200, body: { [key]: list.rows, total: String(list.total), links } };
}

/** A comma-separated list as rows of a JSON parameter. */
export function codesOf(field: string, codes: string): string {
  const list = codes.split(',').map((code) => code.trim());
  if (list.length > MAX_CODES) throw invalid(field, `takes up to ${MAX_CODES} codes, ${list.length} were sent`);
  return codeRows(list);
}

/** No code holds a NUL character, which PostgreSQL could not be asked for. */
export const codeRows = (codes: readonly string[]): string =>
  JSON.stringify(codes.filter((code) => code !== '' && !code.includes('\u0000')).map((code) => [code]));

/*
 * The read-only resources of the roster as Schoology prints them. Every documented field is there, as "" or 0 where
 * rollbook has nothing for it: clients select columns without a check.
 */

/** Schoology's roles are a school's own; these are ours. The key is OneRoster's name of the role. */
const roles = {
  student: { id: '1', title: 'Student', faculty: 0 },
  teacher: { id: '2', title: 'Teacher', faculty: 1 },
  administrator: { id: '3', title: 'Administrator', faculty: 1 },
  aide: { id: '4', title: 'Aide', faculty: 1 },
  other: { id: '5', title: 'Other', faculty: 0 },
} as const;

const roleOf = (role: string) => (Object.hasOwn(roles, role) ? roles[role as keyof typeof roles] : roles.other);
const text = (id: number | null): string => (id === null ? '' : String(id));
const flag = (value: unknown): 0 | 1 => (value ? 1 : 0);
const self = (call: Call, path: string) => ({ self: call.link(`/v1/${path}`) });

const displayName = (person: Pick<PersonRow, 'given_name' | 'family_name' | 'preferred_name'>) =>
  [person.preferred_name || person.given_name, person.family_name].filter(Boolean).join(' ');

export const allRoles = (call: Call) =>
  Object.values(roles).map((role) => ({ ...role, role_type: 1, links: self(call, `roles/${role.id}`) }));

export const userOf = (person: PersonRow, call: Call) => ({
  uid: String(person.id),
  id: person.id,
  school_id: text(person.school_id),
  building_id: text(person.school_id),
  school_uid: person.sourced_id ?? '',
  name_title: '',
  name_first: person.given_name,
  name_first_preferred: person.preferred_name,
  name_middle: person.middle_name,
  name_last: person.family_name,
  name_display: displayName(person),
  username: person.username,
  primary_email: person.email,
  role_id: roleOf(person.role).id,
  tz_name: person.time_zone,
  links: self(call, `users/${person.id}`),
});

export const schoolOf = (school: SchoolRow, call: Call) => ({
  id: String(school.id),
  title: school.name,
  address1: '',
  address2: '',
  city: '',
  state: '',
  postal_code: '',
  country: '',
  website: '',
  phone: '',
  fax: '',
  building_code: school.number,
  links: self(call, `schools/${school.id}`),
});

export const courseOf = (course: CourseRow, call: Call) => ({
  id: course.id,
  title: course.title,
  course_code: course.course_code,
  department: '',
  description: '',
  credits: '0',
  subject_area: course.subjects,
  grade_level_range_start: 0,
  grade_level_range_end: 0,
  synced: flag(course.sourced_id),
  building_id: text(course.school_id),
  links: self(call, `courses/${course.id}`),
});

export const sectionOf = (section: SectionRow, terms: readonly number[], call: Call) => ({
  id: String(section.id),
  course_title: section.course_title ?? section.title,
  course_code: section.course_code ?? '',
  course_id: text(section.course_id),
  school_id: text(section.school_id),
  access_code: '',
  section_title: section.title,
  section_code: section.section_code,
  section_school_code: section.sourced_id ?? '',
  synced: String(flag(section.sourced_id)),
  active: flag(section.active),
  description: '',
  grading_periods: terms,
  location: section.location,
  meeting_days: [],
  start_time: '',
  end_time: '',
  weight: '0',
  options: '',
  admin: 0,
  links: self(call, `sections/${section.id}`),
});

export const enrollmentOf = (enrollment: EnrollmentRow, section: number, call: Call) => ({
  id: String(enrollment.id),
  uid: String(enrollment.person_id),
  school_uid: enrollment.sourced_id ?? '',
  name_title: '',
  name_title_show: '0',
  name_first: enrollment.given_name,
  name_first_preferred: enrollment.preferred_name,
  name_middle: enrollment.middle_name,
  name_middle_show: '0',
  name_last: enrollment.family_name,
  name_display: displayName(enrollment),
  admin: flag(enrollment.admin),
  status: String(enrollment.status),
  picture_url: '',
  links: self(call, `sections/${section}/enrollments/${enrollment.id}`),
});

interface RosterQuery extends ListParameters {
  readonly school_uids?: string;
  readonly section_school_codes?: string;
  readonly uid?: string;
  readonly enrollment_status?: string;
  readonly type?: string;
}

type RosterCall = Call<{ id: string; section: string; code: string }, RosterQuery>;

type SectionList = 'sectionsOfCourse' | 'sectionsOfPerson' | 'sectionsBySourcedId';

/** The roster that a client reads first, read-only and paged. */
export function rosterEndpoints(roster: Roster): Endpoint[] {
  const get = (path: string, handle: (call: RosterCall) => Promise<Reply>): Endpoint<RosterCall> => ({
    method: 'GET',
    path,
    scope: 'roster:read',
    schemas: { query: 'schoology/list.query' },
    handle,
  });

  const list =
    <Name extends ListName>(name: Name, key: string, printed: (row: Lists[Name], call: Call) => object) =>
    async (call: RosterCall, values: Values = {}): Promise<Reply> => {
      const { total, rows } = await roster.list(name, call.caller, values, sliceOf(call.query));
      return listReply(call, key, { total, rows: rows.map((row) => printed(row, call)) });
    };

  const users = list('people', 'user', userOf);
  const usersByCode = list('peopleBySourcedId', 'user', userOf);

  const sections = async (name: SectionList, call: RosterCall, values: Values): Promise<Reply> => {
    const { total, rows } = await roster.list(name, call.caller, values, sliceOf(call.query));
    const terms = await roster.terms(
      call.caller,
      rows.map(({ id }) => id),
    );
    const printed = rows.map((row) => sectionOf(row, terms.get(row.id) ?? [], call));
    return listReply(call, 'section', { total, rows: printed });
  };

  return [
    get('/users', async (call) => {
      const { school_uids: codes } = call.query;
      return codes ? usersByCode(call, { codes: codesOf('school_uids', codes) }) : users(call);
    }),
    get('/users/me', async (call) => seeOther(call, 'users', call.caller.person)),
    get('/users/ext/:code', async (call) => seeOther(call, 'users', await byCode('peopleBySourcedId', call))),
    get('/users/:id', async (call) => ok(userOf(await roster.one('person', call.caller, call.params.id), call))),
    get('/users/:id/sections', async (call) => {
      const { id } = await roster.one('person', call.caller, call.params.id);
      return sections('sectionsOfPerson', call, { id });
    }),
    get('/roles', async (call) => {
      const all = allRoles(call);
      const { offset, limit } = sliceOf(call.query);
      return listReply(call, 'role', { total: all.length, rows: all.slice(offset, offset + limit) });
    }),
    get('/roles/:id', async (call) => {
      const role = allRoles(call).find(({ id }) => id === call.params.id);
      if (!role) throw new Problem('NOT_FOUND');
      return ok(role);
    }),
    get('/schools', list('schools', 'school', schoolOf)),
    get('/schools/:id', async (call) => ok(schoolOf(await roster.one('school', call.caller, call.params.id), call))),
    get('/courses', list('courses', 'course', courseOf)),
    get('/courses/:id', async (call) => ok(courseOf(await roster.one('course', call.caller, call.params.id), call))),
    get('/courses/:id/sections', async (call) => {
      const { id } = await roster.one('course', call.caller, call.params.id);
      return sections('sectionsOfCourse', call, { id });
    }),
    get('/sections', async (call) => {
      const { section_school_codes: codes } = call.query;
      if (!codes) throw new Problem('QUERY_INVALID', 'section_school_codes is missing: a list of up to 50 codes.');
      return sections('sectionsBySourcedId', call, { codes: codesOf('section_school_codes', codes) });
    }),
    get('/sections/ext/:code', async (call) => seeOther(call, 'sections', await byCode('sectionsBySourcedId', call))),
    get('/sections/:id', async (call) => {
      const { id } = await roster.section(call.caller, call.params.id);
      const terms = await roster.terms(call.caller, [id]);
      return ok(sectionOf(await roster.one('section', call.caller, call.params.id), terms.get(id) ?? [], call));
    }),
    get('/sections/:section/enrollments', async (call) => {
      const section = await roster.section(call.caller, call.params.section);
      const printed = (row: EnrollmentRow) => enrollmentOf(row, section.id, call);
      const values = { section: section.id, today: today(section.time_zone), ...enrollmentFilters(call.query) };
      return list('enrollments', 'enrollment', printed)(call, values);
    }),
    get('/sections/:section/enrollments/:id', async (call) => {
      const section = await roster.section(call.caller, call.params.section);
      const values = { section: section.id, today: today(section.time_zone) };
      const row = await roster.one('enrollmentOf', call.caller, call.params.id, values);
      return ok(enrollmentOf(row, section.id, call));
    }),
  ];

  /** The id of the one thing with this SIS code. */
  async function byCode(name: 'peopleBySourcedId' | 'sectionsBySourcedId', { caller, params }: RosterCall) {
    const codes = codeRows([params.code]);
    const { rows } = await roster.list(name, caller, { codes }, { offset: 0, limit: 1 });
    return rows[0]?.id ?? null;
  }
}

const ok = (body: unknown): Reply => ({ status: 200, body });

/** "303 to the resource": clients sign the second request anew. */
function seeOther(call: RosterCall, collection: string, id: number | null): Reply {
  if (id === null) throw new Problem('NOT_FOUND');
  return { status: 303, headers: { Location: call.link(`/v1/${collection}/${id}`) } };
}

/** Each filter is a comma-separated list; an empty one is an absent one. */
function enrollmentFilters({ uid, enrollment_status, type }: RosterQuery) {
  return {
    any_person: uid ? 0 : 1,
    people: codesOf('uid', uid ?? ''),
    any_status: enrollment_status ? 0 : 1,
    statuses: codesOf('enrollment_status', enrollment_status ?? ''),
    any_type: type ? 0 : 1,
    types: codesOf('type', type ?? ''),
  };
}
