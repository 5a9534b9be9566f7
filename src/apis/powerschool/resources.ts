import { RecordReply } from '../../../schemas/powerschool/attendance';
import { PageQuery, ResourceQuery } from '../../../schemas/powerschool/lists';
import {
  CountReply,
  DistrictReply,
  MetadataReply,
  type School,
  SchoolReply,
  SchoolsReply,
  type Section,
  type SectionEnrollment,
  SectionEnrollmentsReply,
  SectionReply,
  SectionsReply,
  type Student,
  StudentReply,
  StudentsReply,
} from '../../../schemas/powerschool/resources';
import type { TypeOf } from '../../../schemas/types';
import type { Caller } from '../../clients/client';
import { type Endpoint, endpoint, type Reply } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { ListName, ListValues, Roster, Slice } from '../../roster/roster';
import type { PersonRow, SchoolRow, SectionRow, StudentOfSectionRow } from '../../roster/sql';
import { type AttendanceRecords, attendanceColumns } from './attendance';

/** The largest page, which `/ws/v1/metadata` names. */
export const MAX_PAGE = 100;

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

/** The release whose attendance endpoints these are: plugins compare versions before they post in batches. */
const VERSION = '25.3.0';

/** What a plugin reads to fill a record: district, schools, students, sections, and the records it has posted. */
export function resourceEndpoints(roster: Roster, attendance: AttendanceRecords): Endpoint[] {
  const read = { method: 'GET', scope: 'roster:read' } as const;
  const counts = { query: ResourceQuery, reply: CountReply };

  /** The page of a list that is asked for. */
  const pageIn = async <Name extends ListName>(
    name: Name,
    caller: Caller,
    query: PageQuery,
    values: ListValues<Name>,
  ) => (await roster.list(name, caller, values, sliceOf(query))).rows;

  /** How long a list is. */
  async function count<Name extends ListName>(
    name: Name,
    caller: Caller,
    values: ListValues<Name>,
  ): Promise<Reply<TypeOf<typeof CountReply>>> {
    const { total } = await roster.list(name, caller, values, { offset: 0, limit: 0 });
    return { status: 200, body: { resource: { count: total } } };
  }

  const school = async (caller: Caller, id: string) => ({
    id: (await roster.one('school', caller, id)).id,
  });
  const section = async (caller: Caller, id: string) => ({ section: (await roster.section(caller, id)).id });

  return [
    metadataEndpoint(roster),
    endpoint({
      ...read,
      path: '/v1/district',
      schemas: { query: ResourceQuery, reply: DistrictReply },
      async handle({ caller }) {
        const { id, name } = await roster.district(caller);
        return { status: 200, body: { district: { id, name, district_number: String(id) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/district/school',
      schemas: { query: PageQuery, reply: SchoolsReply },
      async handle({ caller, query }) {
        const schools = await pageIn('schools', caller, query, {});
        return { status: 200, body: { schools: { school: schools.map(schoolOf) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/district/school/count',
      schemas: counts,
      handle: ({ caller }) => count('schools', caller, {}),
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id',
      schemas: { query: ResourceQuery, reply: SchoolReply },
      async handle({ caller, params }) {
        return { status: 200, body: { school: schoolOf(await roster.one('school', caller, params.id)) } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/student',
      schemas: { query: PageQuery, reply: StudentsReply },
      async handle({ caller, params, query }) {
        const values = await school(caller, params.id);
        const students = await pageIn('studentsOfSchool', caller, query, values);
        return { status: 200, body: { students: { student: students.map(studentOf) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/student/count',
      schemas: counts,
      handle: async ({ caller, params }) => count('studentsOfSchool', caller, await school(caller, params.id)),
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/section',
      schemas: { query: PageQuery, reply: SectionsReply },
      async handle({ caller, params, query }) {
        const values = await school(caller, params.id);
        const sections = await pageIn('sectionsOfSchool', caller, query, values);
        return { status: 200, body: { sections: { section: sections.map(sectionOf) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/section/count',
      schemas: counts,
      handle: async ({ caller, params }) => count('sectionsOfSchool', caller, await school(caller, params.id)),
    }),
    endpoint({
      ...read,
      path: '/v1/section/:id',
      schemas: { query: ResourceQuery, reply: SectionReply },
      async handle({ caller, params }) {
        const { id } = await roster.section(caller, params.id);
        const found = await roster.one('section', caller, String(id));
        return { status: 200, body: { section: sectionOf(found) } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/section/:id/section_enrollment',
      schemas: { query: PageQuery, reply: SectionEnrollmentsReply },
      async handle({ caller, params, query }) {
        const values = await section(caller, params.id);
        const enrollments = await pageIn('studentsOfSection', caller, query, values);
        return {
          status: 200,
          body: { section_enrollments: { section_enrollment: enrollments.map(enrollmentOf) } },
        };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/section/:id/section_enrollment/count',
      schemas: counts,
      handle: async ({ caller, params }) => count('studentsOfSection', caller, await section(caller, params.id)),
    }),
    endpoint({
      ...read,
      path: '/v1/student/:id',
      schemas: { query: ResourceQuery, reply: StudentReply },
      async handle({ caller, params }) {
        return { status: 200, body: { student: studentOf(await roster.one('student', caller, params.id)) } };
      },
    }),
    endpoint({
      ...read,
      path: '/schema/table/attendance/:id',
      scope: 'attendance:read',
      schemas: { query: ResourceQuery, reply: RecordReply },
      async handle({ caller, params: { id } }) {
        const record = /^\d{1,15}$/.test(id) ? await attendance.record(caller, Number(id)) : undefined;
        if (!record) throw new Problem('NOT_FOUND', `There is no attendance record ${id.slice(0, 60)}.`);
        const tables = { attendance: attendanceColumns(record) };
        return { status: 200, body: { id: record.id, name: 'ATTENDANCE' as const, tables } };
      },
    }),
  ];
}

/** "readable with and without a token"; only with one is it known whose time zone is asked for. */
const metadataEndpoint = (roster: Roster): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/v1/metadata',
    schemas: { reply: MetadataReply },
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
  });

/** PowerSchool's school numbers are numbers; one that is not stays the text that it is. */
const schoolOf = ({ id, name, number }: SchoolRow): School => ({
  id,
  name,
  school_number: /^[1-9]\d{0,14}$/.test(number) ? Number(number) : number || id,
});

const studentOf = (person: PersonRow): Student => ({
  id: person.id,
  local_id: person.identifier || person.sourced_id || String(person.id),
  student_username: person.username,
  name: { first_name: person.given_name, middle_name: person.middle_name, last_name: person.family_name },
});

const sectionOf = (section: SectionRow): Section => ({
  id: section.id,
  school_id: section.school_id,
  course_id: section.course_id,
  section_number: section.section_code,
  expression: section.periods,
  course_name: section.course_title ?? section.title,
});

/** The exit date is exclusive, in PowerSchool as in the roster. */
const enrollmentOf = ({
  id,
  section_id,
  person_id,
  begin_date,
  end_date,
  active,
}: StudentOfSectionRow): SectionEnrollment => ({
  id,
  section_id,
  student_id: person_id,
  entry_date: begin_date,
  exit_date: end_date,
  dropped: !active,
});
