import { CourseReply, CoursesReply } from '../../../schemas/schoology/courses';
import { EnrollmentReply, EnrollmentsQuery, EnrollmentsReply } from '../../../schemas/schoology/enrollments';
import { ListQuery, type Paging, ResourceQuery } from '../../../schemas/schoology/parts';
import { SchoolReply, SchoolsReply } from '../../../schemas/schoology/schools';
import { SectionReply, SectionsQuery, SectionsReply } from '../../../schemas/schoology/sections';
import { RoleReply, RolesReply, UserReply, UsersQuery, UsersReply } from '../../../schemas/schoology/users';
import type { TypeOf } from '../../../schemas/types';
import { today } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { ListName, ListValues, Roster, Slice } from '../../roster/roster';
import { allRoles, courseOf, enrollmentOf, schoolOf, sectionOf, userOf } from './resources';

/** A query parameter that is to be an integer; an empty value is an absent one. */
export function integer(field: string, value: string | undefined): number | undefined {
  if (!value) return undefined;
  if (!/^-?\d+$/.test(value)) throw invalid(field, `must be an integer, not ${value.slice(0, 60)}`);
  return Number(value);
}

/** Says which parameter is wrong, and what would be right. */
export const invalid = (field: string, message: string) =>
  new Problem('QUERY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });

const DEFAULT_LIMIT = 20;
/** Over 200 is capped, as Schoology does; `links.next` tells. */
const MAX_LIMIT = 200;
/** How many codes `users?school_uids=a,b` takes. */
const MAX_CODES = 50;

function sliceOf({ start, limit }: Paging): Slice {
  const offset = integer('start', start) ?? 0;
  if (offset < 0 || !Number.isSafeInteger(offset)) throw invalid('start', `must be an offset from 0, not ${start}`);
  const rows = integer('limit', limit) ?? DEFAULT_LIMIT;
  if (rows < 1) throw invalid('limit', `must be at least 1, not ${rows}`);
  return { offset, limit: Math.min(rows, MAX_LIMIT) };
}

/** What a page of a list has beside its items: `total` is a string, links are absolute. Past the end the list is empty. */
function pageOf(call: Call<object, Paging>, total: number) {
  const { offset, limit } = sliceOf(call.query);
  const page = (start: number) => call.link(call.path, { ...call.query, start: String(start), limit: String(limit) });
  const next = offset + limit < total && { next: page(offset + limit) };
  return { total: String(total), links: { self: page(offset), ...next } };
}

/** A comma-separated list as rows of a JSON parameter. */
function codesOf(field: string, codes: string): string {
  const list = codes.split(',').map((code) => code.trim());
  if (list.length > MAX_CODES) throw invalid(field, `takes up to ${MAX_CODES} codes, ${list.length} were sent`);
  return codeRows(list);
}

/** No code holds a NUL character, which PostgreSQL could not be asked for. */
const codeRows = (codes: readonly string[]): string =>
  JSON.stringify(codes.filter((code) => code !== '' && !code.includes('\u0000')).map((code) => [code]));

type SectionList = 'sectionsOfCourse' | 'sectionsOfPerson' | 'sectionsBySourcedId';

/** The roster that a client reads first, read-only and paged. */
export function rosterEndpoints(roster: Roster): Endpoint[] {
  const get = { method: 'GET', scope: 'roster:read' } as const;

  const list = <Name extends ListName>(name: Name, { caller, query }: Call<object, Paging>, values: ListValues<Name>) =>
    roster.list(name, caller, values, sliceOf(query));

  async function sections<Name extends SectionList>(name: Name, call: Call<object, Paging>, values: ListValues<Name>) {
    const { total, rows } = await list(name, call, values);
    const terms = await roster.terms(
      call.caller,
      rows.map(({ id }) => id),
    );
    const section = rows.map((row) => sectionOf(row, terms.get(row.id) ?? [], call));
    return ok({ section, ...pageOf(call, total) });
  }

  return [
    endpoint({
      ...get,
      path: '/users',
      schemas: { query: UsersQuery, reply: UsersReply },
      async handle(call) {
        const { school_uids: codes } = call.query;
        const { total, rows } = codes
          ? await list('peopleBySourcedId', call, { codes: codesOf('school_uids', codes) })
          : await list('people', call, {});
        return ok({ user: rows.map((row) => userOf(row, call)), ...pageOf(call, total) });
      },
    }),
    endpoint({
      ...get,
      path: '/users/me',
      schemas: { query: ResourceQuery },
      handle: async (call) => seeOther(call, 'users', call.caller.person),
    }),
    endpoint({
      ...get,
      path: '/users/ext/:code',
      schemas: { query: ResourceQuery },
      handle: async (call) => seeOther(call, 'users', await byCode('peopleBySourcedId', call)),
    }),
    endpoint({
      ...get,
      path: '/users/:id',
      schemas: { query: ResourceQuery, reply: UserReply },
      handle: async (call) => ok(userOf(await roster.one('person', call.caller, call.params.id), call)),
    }),
    endpoint({
      ...get,
      path: '/users/:id/sections',
      schemas: { query: ListQuery, reply: SectionsReply },
      async handle(call) {
        const { id } = await roster.one('person', call.caller, call.params.id);
        return sections('sectionsOfPerson', call, { id });
      },
    }),
    endpoint({
      ...get,
      path: '/roles',
      schemas: { query: ListQuery, reply: RolesReply },
      async handle(call) {
        const all = allRoles(call);
        const { offset, limit } = sliceOf(call.query);
        return ok({ role: all.slice(offset, offset + limit), ...pageOf(call, all.length) });
      },
    }),
    endpoint({
      ...get,
      path: '/roles/:id',
      schemas: { query: ResourceQuery, reply: RoleReply },
      async handle(call) {
        const role = allRoles(call).find(({ id }) => id === call.params.id);
        if (!role) throw new Problem('NOT_FOUND');
        return ok(role);
      },
    }),
    endpoint({
      ...get,
      path: '/schools',
      schemas: { query: ListQuery, reply: SchoolsReply },
      async handle(call) {
        const { total, rows } = await list('schools', call, {});
        return ok({ school: rows.map((row) => schoolOf(row, call)), ...pageOf(call, total) });
      },
    }),
    endpoint({
      ...get,
      path: '/schools/:id',
      schemas: { query: ResourceQuery, reply: SchoolReply },
      handle: async (call) => ok(schoolOf(await roster.one('school', call.caller, call.params.id), call)),
    }),
    endpoint({
      ...get,
      path: '/courses',
      schemas: { query: ListQuery, reply: CoursesReply },
      async handle(call) {
        const { total, rows } = await list('courses', call, {});
        return ok({ course: rows.map((row) => courseOf(row, call)), ...pageOf(call, total) });
      },
    }),
    endpoint({
      ...get,
      path: '/courses/:id',
      schemas: { query: ResourceQuery, reply: CourseReply },
      handle: async (call) => ok(courseOf(await roster.one('course', call.caller, call.params.id), call)),
    }),
    endpoint({
      ...get,
      path: '/courses/:id/sections',
      schemas: { query: ListQuery, reply: SectionsReply },
      async handle(call) {
        const { id } = await roster.one('course', call.caller, call.params.id);
        return sections('sectionsOfCourse', call, { id });
      },
    }),
    endpoint({
      ...get,
      path: '/sections',
      schemas: { query: SectionsQuery, reply: SectionsReply },
      async handle(call) {
        const { section_school_codes: codes } = call.query;
        if (!codes) throw new Problem('QUERY_INVALID', 'section_school_codes is missing: a list of up to 50 codes.');
        return sections('sectionsBySourcedId', call, { codes: codesOf('section_school_codes', codes) });
      },
    }),
    endpoint({
      ...get,
      path: '/sections/ext/:code',
      schemas: { query: ResourceQuery },
      handle: async (call) => seeOther(call, 'sections', await byCode('sectionsBySourcedId', call)),
    }),
    endpoint({
      ...get,
      path: '/sections/:id',
      schemas: { query: ResourceQuery, reply: SectionReply },
      async handle(call) {
        const { id } = await roster.section(call.caller, call.params.id);
        const terms = await roster.terms(call.caller, [id]);
        return ok(sectionOf(await roster.one('section', call.caller, call.params.id), terms.get(id) ?? [], call));
      },
    }),
    endpoint({
      ...get,
      path: '/sections/:section/enrollments',
      schemas: { query: EnrollmentsQuery, reply: EnrollmentsReply },
      async handle(call) {
        const section = await roster.section(call.caller, call.params.section);
        const values = { section: section.id, today: today(section.time_zone), ...enrollmentFilters(call.query) };
        const { total, rows } = await list('enrollments', call, values);
        return ok({ enrollment: rows.map((row) => enrollmentOf(row, section.id, call)), ...pageOf(call, total) });
      },
    }),
    endpoint({
      ...get,
      path: '/sections/:section/enrollments/:id',
      schemas: { query: ResourceQuery, reply: EnrollmentReply },
      async handle(call) {
        const section = await roster.section(call.caller, call.params.section);
        const values = { section: section.id, today: today(section.time_zone) };
        const row = await roster.one('enrollmentOf', call.caller, call.params.id, values);
        return ok(enrollmentOf(row, section.id, call));
      },
    }),
  ];

  /** The id of the one thing with this SIS code. */
  async function byCode(name: 'peopleBySourcedId' | 'sectionsBySourcedId', { caller, params }: Call<{ code: string }>) {
    const codes = codeRows([params.code]);
    const { rows } = await roster.list(name, caller, { codes }, { offset: 0, limit: 1 });
    return rows[0]?.id ?? null;
  }
}

const ok = <Body>(body: Body) => ({ status: 200, body });

/** "303 to the resource": clients sign the second request anew. */
function seeOther(call: Call, collection: string, id: number | null) {
  if (id === null) throw new Problem('NOT_FOUND');
  return { status: 303, headers: { Location: call.link(`/v1/${collection}/${id}`) } };
}

/** Each filter is a comma-separated list; an empty one is an absent one. */
function enrollmentFilters({ uid, enrollment_status, type }: TypeOf<typeof EnrollmentsQuery>) {
  return {
    any_person: uid ? 0 : 1,
    people: codesOf('uid', uid ?? ''),
    any_status: enrollment_status ? 0 : 1,
    statuses: codesOf('enrollment_status', enrollment_status ?? ''),
    any_type: type ? 0 : 1,
    types: codesOf('type', type ?? ''),
  };
}
