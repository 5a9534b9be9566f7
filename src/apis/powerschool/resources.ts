import type { Values } from '../../database/query';
import type { Call, Endpoint, Reply } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { ListName, Roster, Slice } from '../../roster/roster';
import type { PersonRow, SchoolRow, SectionRow, StudentOfSectionRow } from '../../roster/sql';
import { attendanceColumns } from './queries';
import type { AttendanceRecords } from './templates';

/** The largest page, which `/ws/v1/metadata` names. */
export const MAX_PAGE = 100;

/** The query of a list, as sent. */
export interface PageQuery {
  readonly page?: string;
  readonly pagesize?: string;
  readonly count?: string;
}

/** A page from 1. More than the largest is refused rather than cut: clients count their pages by the size they ask for. */
export function sliceOf({ page, pagesize }: PageQuery): Slice {
  const limit = whole('pagesize', pagesize, MAX_PAGE, MAX_PAGE);
  return { offset: (whole('page', page, 1, 1_000_000) - 1) * limit, limit };
}

/** The same of a query's records, where `pagesize=0` asks for all of them. */
export function pageOf<Row>(rows: readonly Row[], query: PageQuery): readonly Row[] {
  if (query.pagesize === '0') return rows;
  const { offset, limit } = sliceOf(query);
  return rows.slice(offset, offset + limit);
}

function whole(field: string, value: string | undefined, usual: number, most: number): number {
  if (!value) return usual;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= most) return number;
  const message = `${field} must be a whole number from 1 to ${most}, not ${value.slice(0, 60)}`;
  throw new Problem('QUERY_INVALID', message, { violations: [{ field, rule: 'InvalidValue', message }] });
}

type Params = { readonly id: string };
type ReadCall = Call<Params, PageQuery>;

/** The release whose attendance endpoints these are: plugins compare versions before they post in batches. */
const VERSION = '25.3.0';

/** What a plugin reads to fill a record: district, schools, students, sections, and the records it has posted. */
export function resourceEndpoints(roster: Roster, standing: AttendanceRecords): Endpoint[] {
  const get = (
    path: string,
    handle: (call: ReadCall) => Promise<object>,
    scope: Endpoint['scope'] = 'roster:read',
  ): Endpoint<ReadCall> => ({
    method: 'GET',
    path,
    scope,
    schemas: { query: 'powerschool/list.query' },
    handle: async (call): Promise<Reply> => ({ status: 200, body: await handle(call) }),
  });

  /** A list and its `/count` twin. */
  const list = <Row>(
    path: string,
    plural: string,
    one: string,
    name: ListName,
    printed: (row: Row) => object,
    valuesOf: (call: ReadCall) => Promise<Values> = async () => ({}),
  ) => [
    get(path, async (call) => {
      const { rows } = await roster.list<Row>(name, call.caller, await valuesOf(call), sliceOf(call.query));
      return { [plural]: { [one]: rows.map(printed) } };
    }),
    get(`${path}/count`, async (call) => {
      const { total } = await roster.list(name, call.caller, await valuesOf(call), { offset: 0, limit: 0 });
      return { resource: { count: total } };
    }),
  ];

  const school = async ({ caller, params }: ReadCall) => ({
    id: (await roster.one<SchoolRow>('school', caller, params.id)).id,
  });
  const section = async ({ caller, params }: ReadCall) => ({ section: (await roster.section(caller, params.id)).id });

  return [
    metadataEndpoint(roster),
    get('/v1/district', async ({ caller }) => {
      const { id, name } = await roster.district(caller);
      return { district: { id, name, district_number: String(id) } };
    }),
    ...list<SchoolRow>('/v1/district/school', 'schools', 'school', 'schools', schoolOf),
    get('/v1/school/:id', async ({ caller, params }) => ({
      school: schoolOf(await roster.one<SchoolRow>('school', caller, params.id)),
    })),
    ...list<PersonRow>('/v1/school/:id/student', 'students', 'student', 'studentsOfSchool', studentOf, school),
    ...list<SectionRow>('/v1/school/:id/section', 'sections', 'section', 'sectionsOfSchool', sectionOf, school),
    get('/v1/section/:id', async ({ caller, params }) => {
      const { id } = await roster.section(caller, params.id);
      return { section: sectionOf(await roster.one<SectionRow>('section', caller, String(id))) };
    }),
    ...list<StudentOfSectionRow>(
      '/v1/section/:id/section_enrollment',
      'section_enrollments',
      'section_enrollment',
      'studentsOfSection',
      enrollmentOf,
      section,
    ),
    get('/v1/student/:id', async ({ caller, params }) => ({
      student: studentOf(await roster.one<PersonRow>('student', caller, params.id)),
    })),
    get(
      '/schema/table/attendance/:id',
      async ({ caller, params: { id } }) => {
        const record = /^\d{1,15}$/.test(id) ? await standing.record(caller, Number(id)) : undefined;
        if (!record) throw new Problem('NOT_FOUND', `There is no attendance record ${id.slice(0, 60)}.`);
        return { id: record.id, name: 'ATTENDANCE', tables: { attendance: attendanceColumns(record) } };
      },
      'attendance:read',
    ),
  ];
}

/** "readable with and without a token"; only with one is it known whose time zone is asked for. */
function metadataEndpoint(roster: Roster): Endpoint {
  return {
    method: 'GET',
    path: '/v1/metadata',
    schemas: { reply: 'powerschool/metadata.get.reply' },
    async handle({ caller }) {
      const district = caller.client === 0 ? undefined : await roster.district(caller);
      const metadata = {
        powerschool_version: VERSION,
        plugin_id: caller.client,
        schema_table_query_max_page_size: MAX_PAGE,
        student_max_page_size: MAX_PAGE,
        ...(district && { district_timezone: district.time_zone }),
      };
      return { status: 200, body: { metadata } };
    },
  };
}

/** PowerSchool's school numbers are numbers; one that is not stays the text that it is. */
const schoolOf = ({ id, name, number }: SchoolRow) => ({
  id,
  name,
  school_number: /^[1-9]\d{0,14}$/.test(number) ? Number(number) : number || id,
});

const studentOf = (person: PersonRow) => ({
  id: person.id,
  local_id: person.identifier || person.sourced_id || String(person.id),
  student_username: person.username,
  name: { first_name: person.given_name, middle_name: person.middle_name, last_name: person.family_name },
});

const sectionOf = (section: SectionRow) => ({
  id: section.id,
  school_id: section.school_id,
  course_id: section.course_id,
  section_number: section.section_code,
  expression: section.periods,
  course_name: section.course_title ?? section.title,
});

/** The exit date is exclusive, in PowerSchool as in the roster. */
const enrollmentOf = ({ id, section_id, person_id, begin_date, end_date, active }: StudentOfSectionRow) => ({
  id,
  section_id,
  student_id: person_id,
  entry_date: begin_date,
  exit_date: end_date,
  dropped: !active,
});
