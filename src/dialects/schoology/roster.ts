import type { Values } from '../../database/query';
import { today } from '../../days';
import { Problem } from '../../errors';
import type { Call, Endpoint, Reply } from '../../http/endpoint';
import type { ListName, Roster } from '../../roster/roster';
import type { CourseRow, EnrollmentRow, PersonRow, SectionRow } from '../../roster/rows';
import { codeRows, codesOf, type ListParameters, listReply, sliceOf } from './lists';
import * as print from './resources';

interface RosterQuery extends ListParameters {
  readonly school_uids?: string;
  readonly section_school_codes?: string;
  readonly uid?: string;
  readonly enrollment_status?: string;
  readonly type?: string;
}

type RosterCall = Call<{ id: string; section: string; code: string }, RosterQuery>;

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
    <Row>(name: ListName, key: string, printed: (row: Row, call: Call) => object) =>
    async (call: RosterCall, values: Values = {}): Promise<Reply> => {
      const { total, rows } = await roster.list<Row>(name, call.caller, values, sliceOf(call.query));
      return listReply(call, key, { total, rows: rows.map((row) => printed(row, call)) });
    };

  const users = list('people', 'user', print.userOf);
  const usersByCode = list('peopleBySourcedId', 'user', print.userOf);

  const sections = async (name: ListName, call: RosterCall, values: Values): Promise<Reply> => {
    const { total, rows } = await roster.list<SectionRow>(name, call.caller, values, sliceOf(call.query));
    const terms = await roster.terms(
      call.caller,
      rows.map(({ id }) => id),
    );
    const printed = rows.map((row) => print.sectionOf(row, terms.get(row.id) ?? [], call));
    return listReply(call, 'section', { total, rows: printed });
  };

  return [
    get('/users', async (call) => {
      const { school_uids: codes } = call.query;
      return codes ? usersByCode(call, { codes: codesOf('school_uids', codes) }) : users(call);
    }),
    get('/users/me', async (call) => seeOther(call, 'users', call.caller.person)),
    get('/users/ext/:code', async (call) => seeOther(call, 'users', await byCode('peopleBySourcedId', call))),
    get('/users/:id', async (call) => ok(print.userOf(await roster.one('person', call.caller, call.params.id), call))),
    get('/users/:id/sections', async (call) => {
      const { id } = await roster.one<PersonRow>('person', call.caller, call.params.id);
      return sections('sectionsOfPerson', call, { id });
    }),
    get('/roles', async (call) => {
      const all = print.allRoles(call);
      const { offset, limit } = sliceOf(call.query);
      return listReply(call, 'role', { total: all.length, rows: all.slice(offset, offset + limit) });
    }),
    get('/roles/:id', async (call) => {
      const role = print.allRoles(call).find(({ id }) => id === call.params.id);
      if (!role) throw new Problem('NOT_FOUND');
      return ok(role);
    }),
    get('/schools', list('schools', 'school', print.schoolOf)),
    get('/schools/:id', async (call) =>
      ok(print.schoolOf(await roster.one('school', call.caller, call.params.id), call)),
    ),
    get('/courses', list('courses', 'course', print.courseOf)),
    get('/courses/:id', async (call) =>
      ok(print.courseOf(await roster.one('course', call.caller, call.params.id), call)),
    ),
    get('/courses/:id/sections', async (call) => {
      const { id } = await roster.one<CourseRow>('course', call.caller, call.params.id);
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
      return ok(print.sectionOf(await roster.one('section', call.caller, call.params.id), terms.get(id) ?? [], call));
    }),
    get('/sections/:section/enrollments', async (call) => {
      const section = await roster.section(call.caller, call.params.section);
      const printed = (row: EnrollmentRow) => print.enrollmentOf(row, section.id, call);
      const values = { section: section.id, today: today(section.time_zone), ...enrollmentFilters(call.query) };
      return list('enrollments', 'enrollment', printed)(call, values);
    }),
    get('/sections/:section/enrollments/:id', async (call) => {
      const section = await roster.section(call.caller, call.params.section);
      const values = { section: section.id, today: today(section.time_zone) };
      const row = await roster.one<EnrollmentRow>('enrollmentOf', call.caller, call.params.id, values);
      return ok(print.enrollmentOf(row, section.id, call));
    }),
  ];

  /** The id of the one thing with this SIS code. */
  async function byCode(name: 'peopleBySourcedId' | 'sectionsBySourcedId', { caller, params }: RosterCall) {
    const codes = codeRows([params.code]);
    const { rows } = await roster.list<{ id: number }>(name, caller, { codes }, { offset: 0, limit: 1 });
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
