import { CourseQuery, CourseReply, CoursesQuery, CoursesReply } from '../../../schemas/schoology/courses';
import { EnrollmentReply, EnrollmentsQuery, EnrollmentsReply } from '../../../schemas/schoology/enrollments';
import { ListQuery, type Paging, ResourceQuery } from '../../../schemas/schoology/parts';
import { BuildingsReply, SchoolReply, SchoolsReply } from '../../../schemas/schoology/schools';
import { SectionReply, SectionsOfQuery, SectionsQuery, SectionsReply } from '../../../schemas/schoology/sections';
import {
  AppUserInfoReply,
  InactiveUserReply,
  InactiveUsersReply,
  RoleReply,
  RolesReply,
  UserReply,
  UsersQuery,
  UsersReply,
} from '../../../schemas/schoology/users';
import type { TypeOf } from '../../../schemas/types';
import { type Read, readOf } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { today } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { ListName, ListValues, Roster } from '../../roster/roster';
import { codeRows, codesOf, idOf, invalid, linksOf, listIn, pageOf, sliceOf } from './parameters';
import { allRoles, courseOf, enrollmentOf, inactiveUserOf, roleWithId, schoolOf, sectionOf, userOf } from './resources';

type SectionList = 'sectionsOfCourse' | 'sectionsOfPerson' | 'sectionsBySourcedId';
/** What each of them is asked by beside the past. */
type SectionValues<Name extends SectionList> = Omit<ListValues<Name>, 'include_past' | 'today'>;

/** The roster that a client reads first, read-only and paged. */
export function rosterEndpoints(roster: Roster): Endpoint[] {
  const get = { method: 'GET', scope: 'roster:read' } as const;

  const list = <Name extends ListName>(name: Name, { caller, query }: Call<object, Paging>, values: ListValues<Name>) =>
    roster.list(name, caller, values, sliceOf(query));

  const todayOf = async (caller: Caller) => today((await roster.district(caller)).time_zone);

  async function sections<Name extends SectionList>(
    name: Name,
    call: Call<object, TypeOf<typeof SectionsOfQuery>>,
    given: SectionValues<Name>,
  ) {
    const day = await todayOf(call.caller);
    const past = { include_past: call.query.include_past === '1' ? 1 : 0, today: day };
    const { total, rows } = await list(name, call, { ...given, ...past } as ListValues<Name>);
    const terms = await roster.terms(
      call.caller,
      rows.map(({ id }) => id),
    );
    const section = rows.map((row) => sectionOf(row, terms.get(row.id) ?? [], day, call));
    return ok({ section, ...pageOf(call, total) });
  }

  return [
    endpoint({
      ...get,
      path: '/users',
      summary: 'Lists people: students and teachers',
      schemas: { query: UsersQuery, reply: UsersReply },
      async handle(call) {
        const { school_uids: codes } = call.query;
        const filters = { ...schoolIn(call.query), ...rolesIn(call.query) };
        const { total, rows } = codes
          ? await list('peopleBySourcedId', call, { codes: codesOf('school_uids', codes), ...filters })
          : await list('people', call, filters);
        const body = { user: rows.map((row) => userOf(row, call)), ...pageOf(call, total) };
        return ok(
          body,
          readOf(
            rows.map(({ id }) => id),
            filters.any_school ? {} : { school: filters.school },
          ),
        );
      },
    }),
    endpoint({
      ...get,
      path: '/users/me',
      summary: 'Leads to the person that the client acts for',
      successes: [303],
      errors: ['NOT_FOUND'],
      schemas: { query: ResourceQuery },
      handle: async (call) => seeOther(call, 'users', personOf(call.caller)),
    }),
    endpoint({
      ...get,
      path: '/app-user-info',
      summary: 'Says which person the client acts for',
      errors: ['NOT_FOUND'],
      schemas: { query: ResourceQuery, reply: AppUserInfoReply },
      handle: async ({ caller }) => ok({ api_uid: personOf(caller), web_session_timestamp: 0 as const }),
    }),
    endpoint({
      ...get,
      path: '/users/inactive',
      summary: 'Lists people who have left',
      schemas: { query: ListQuery, reply: InactiveUsersReply },
      async handle(call) {
        const { total, rows } = await list('formerPeople', call, {});
        const body = { user: rows.map((row) => inactiveUserOf(row, call)), total, links: linksOf(call, total) };
        return ok(body, readOf(rows.map(({ id }) => id)));
      },
    }),
    endpoint({
      ...get,
      path: '/users/inactive/:id',
      summary: 'Reads a person who has left',
      schemas: { query: ResourceQuery, reply: InactiveUserReply },
      async handle(call) {
        const person = await roster.one('formerPerson', call.caller, call.params.id);
        return ok(inactiveUserOf(person, call), readOf([person.id]));
      },
    }),
    endpoint({
      ...get,
      path: '/users/ext/:code',
      summary: 'Leads to the person with an id of the SIS',
      successes: [303],
      schemas: { query: ResourceQuery },
      handle: async (call) => seeOther(call, 'users', await idWith('personWithCode', call)),
    }),
    endpoint({
      ...get,
      path: '/users/:id',
      summary: 'Reads a person',
      schemas: { query: ResourceQuery, reply: UserReply },
      async handle(call) {
        const person = await roster.one('person', call.caller, call.params.id);
        return ok(userOf(person, call), readOf([person.id]));
      },
    }),
    endpoint({
      ...get,
      path: '/users/:id/sections',
      summary: 'Lists the sections of a person',
      schemas: { query: SectionsOfQuery, reply: SectionsReply },
      async handle(call) {
        const { id } = await roster.one('person', call.caller, call.params.id);
        return { ...(await sections('sectionsOfPerson', call, { id })), reads: readOf([id]) };
      },
    }),
    endpoint({
      ...get,
      path: '/roles',
      summary: 'Lists the roles of people',
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
      summary: 'Reads a role',
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
      summary: 'Lists schools',
      schemas: { query: ListQuery, reply: SchoolsReply },
      async handle(call) {
        const { total, rows } = await list('schools', call, {});
        return ok({ school: rows.map((row) => schoolOf(row, call)), ...pageOf(call, total) });
      },
    }),
    endpoint({
      ...get,
      path: '/schools/:id',
      summary: 'Reads a school',
      schemas: { query: ResourceQuery, reply: SchoolReply },
      handle: async (call) => ok(schoolOf(await roster.one('school', call.caller, call.params.id), call)),
    }),
    endpoint({
      ...get,
      path: '/schools/:id/buildings',
      summary: 'Lists the buildings of a school: itself',
      schemas: { query: ListQuery, reply: BuildingsReply },
      async handle(call) {
        // The roster knows of no schools within schools: each is its own building, as users and courses say it.
        const own = [schoolOf(await roster.one('school', call.caller, call.params.id), call)];
        const { offset, limit } = sliceOf(call.query);
        return ok({ building: own.slice(offset, offset + limit), ...pageOf(call, own.length) });
      },
    }),
    endpoint({
      ...get,
      path: '/courses',
      summary: 'Lists courses',
      schemas: { query: CoursesQuery, reply: CoursesReply },
      async handle(call) {
        const { total, rows } = await list('courses', call, schoolIn(call.query));
        return ok({ course: rows.map((row) => courseOf(row, call)), ...pageOf(call, total) });
      },
    }),
    endpoint({
      ...get,
      path: '/courses/:id',
      summary: 'Reads a course',
      schemas: { query: CourseQuery, reply: CourseReply },
      handle: async (call) => ok(courseOf(await roster.one('course', call.caller, call.params.id), call)),
    }),
    endpoint({
      ...get,
      path: '/courses/:id/sections',
      summary: 'Lists the sections of a course',
      schemas: { query: SectionsOfQuery, reply: SectionsReply },
      async handle(call) {
        const { id } = await roster.one('course', call.caller, call.params.id);
        return sections('sectionsOfCourse', call, { id });
      },
    }),
    endpoint({
      ...get,
      path: '/sections',
      summary: 'Finds sections by their codes',
      schemas: { query: SectionsQuery, reply: SectionsReply },
      async handle(call) {
        const { section_school_codes: codes } = call.query;
        if (!codes) throw new Problem('QUERY_INVALID', 'section_school_codes must be a list of up to 50 codes.');
        return sections('sectionsBySourcedId', call, { codes: codesOf('section_school_codes', codes) });
      },
    }),
    endpoint({
      ...get,
      path: '/sections/ext/:code',
      summary: 'Leads to the section with an id of the SIS',
      successes: [303],
      schemas: { query: ResourceQuery },
      handle: async (call) => seeOther(call, 'sections', await idWith('sectionWithCode', call)),
    }),
    endpoint({
      ...get,
      path: '/sections/:id',
      summary: 'Reads a section',
      schemas: { query: ResourceQuery, reply: SectionReply },
      async handle(call) {
        const { id, time_zone } = await roster.section(call.caller, call.params.id);
        const terms = await roster.terms(call.caller, [id]);
        const row = await roster.one('section', call.caller, call.params.id);
        return ok(sectionOf(row, terms.get(id) ?? [], today(time_zone), call));
      },
    }),
    endpoint({
      ...get,
      path: '/sections/:section/enrollments',
      summary: 'Lists who is in a section',
      schemas: { query: EnrollmentsQuery, reply: EnrollmentsReply },
      async handle(call) {
        const section = await roster.section(call.caller, call.params.section);
        const values = { section: section.id, today: today(section.time_zone), ...enrollmentFilters(call.query) };
        const { total, rows } = await list('enrollments', call, values);
        const body = { enrollment: rows.map((row) => enrollmentOf(row, section.id, call)), ...pageOf(call, total) };
        const people = rows.map(({ person_id }) => person_id);
        return ok(
          body,
          call.query.uid && people.length > 0 ? readOf(people) : [{ section: section.id, records: people.length }],
        );
      },
    }),
    endpoint({
      ...get,
      path: '/sections/:section/enrollments/:id',
      summary: 'Reads an enrollment of a section',
      schemas: { query: ResourceQuery, reply: EnrollmentReply },
      async handle(call) {
        const section = await roster.section(call.caller, call.params.section);
        const values = { section: section.id, today: today(section.time_zone) };
        const row = await roster.one('enrollmentOf', call.caller, call.params.id, values);
        return ok(enrollmentOf(row, section.id, call), readOf([row.person_id]));
      },
    }),
  ];

  /** The id of the one person, or section, with this SIS code, also of one that is in no list. */
  async function idWith(name: 'personWithCode' | 'sectionWithCode', { caller, params }: Call<{ code: string }>) {
    return (await roster.list(name, caller, { codes: codeRows([params.code]) }, first)).rows[0]?.id ?? null;
  }
}

const first = { offset: 0, limit: 1 };

const ok = <Body>(body: Body, reads: readonly Read[] = []) => ({ status: 200, body, reads });

/** "303 to the resource": clients sign the second request anew. */
function seeOther(call: Call, collection: string, id: number | null) {
  if (id === null) throw new Problem('NOT_FOUND');
  return { status: 303, headers: { Location: call.link(`/v1/${collection}/${id}`) } };
}

/** The person whom the client acts for. */
function personOf({ person }: Caller): number {
  if (person !== null) return person;
  throw new Problem(
    'NOT_FOUND',
    'This client acts for no person: it is one of the whole district. Make one with --person, or send X-Schoology-Run-As.',
  );
}

/** Each filter is a comma-separated list; an empty one is an absent one. */
function enrollmentFilters({ uid, enrollment_status, type }: TypeOf<typeof EnrollmentsQuery>) {
  checkEach('uid', uid, /^\d+$/, 'ids of users');
  checkEach('enrollment_status', enrollment_status, /^[1-5]$/, 'statuses of enrollments, from 1 to 5');
  checkEach('type', type, /^(admin|member)$/, 'admin or member');
  return {
    any_person: uid ? 0 : 1,
    people: codesOf('uid', uid),
    any_status: enrollment_status ? 0 : 1,
    statuses: codesOf('enrollment_status', enrollment_status),
    any_type: type ? 0 : 1,
    types: codesOf('type', type),
  };
}

function checkEach(field: string, value: string | undefined, right: RegExp, what: string): void {
  const wrong = listIn(value).find((each) => !right.test(each));
  if (wrong !== undefined) throw invalid(field, `must be ${what}, separated by commas, not ${wrong.slice(0, 60)}`);
}

/** A building is a school: whoever asks for both asks for what is in either, which is in the same one. */
function schoolIn({ building_id, school_id }: Pick<TypeOf<typeof CoursesQuery>, 'building_id' | 'school_id'>) {
  const [building, school] = [idOf('building_id', building_id), idOf('school_id', school_id)];
  const asked = building ?? school;
  const isOne = building === undefined || school === undefined || building === school;
  return { any_school: asked === undefined ? 1 : 0, school: isOne ? (asked ?? 0) : 0 };
}

/** A role that there is not is nobody's. */
function rolesIn({ role_ids }: Pick<TypeOf<typeof UsersQuery>, 'role_ids'>) {
  checkEach('role_ids', role_ids, /^\d+$/, 'ids of roles');
  return { any_role: role_ids ? 0 : 1, roles: codeRows(listIn(role_ids).flatMap((id) => roleWithId(id) ?? [])) };
}
