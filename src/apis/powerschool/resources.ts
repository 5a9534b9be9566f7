import { CountQuery, ListQuery, ResourceQuery } from '../../../schemas/powerschool/lists';
import {
  CountReply,
  type Course,
  CourseReply,
  CoursesReply,
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
  TermsReply,
} from '../../../schemas/powerschool/resources';
import { readOf } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { type Endpoint, endpoint } from '../../http/endpoint';
import type { Roster } from '../../roster/roster';
import { schoolNumber } from '../../roster/schools';
import type { CourseRow, SchoolRow, SectionRow, StudentOfSectionRow } from '../../roster/sql';
import type { Dependencies } from '../dependencies';
import { type Fields, passes, readFilter } from './filter';
import { counted, openLists, type SearchedList } from './lists';
import { MAX_PAGE, sliceOf, withExamples } from './parameters';
import { schoolNumberOf } from './people';
import { openTerms, type SchoolTerm } from './terms';

/** The release whose attendance endpoints these are: plugins compare versions before they post in batches. */
const VERSION = '25.3.0';

const schools = {
  name: 'schools',
  fields: {
    id: { kind: 'integer', sql: 'schools.id' },
    name: { kind: 'name', sql: 'schools.name' },
    school_number: { kind: 'code', sql: schoolNumber },
  },
} satisfies SearchedList<'schools'>;
const sectionsOfSchool = {
  name: 'sectionsOfSchool',
  fields: {
    id: { kind: 'integer', sql: 'sections.id' },
    school_id: { kind: 'integer', sql: 'sections.school_id' },
    course_id: { kind: 'integer', sql: 'sections.course_id' },
    section_number: { kind: 'name', sql: 'sections.section_code' },
    expression: { kind: 'code', sql: 'sections.periods' },
    course_name: { kind: 'name', sql: 'coalesce(courses.title, sections.title)' },
  },
} satisfies SearchedList<'sectionsOfSchool'>;
const coursesOfSchool = {
  name: 'coursesOfSchool',
  fields: {
    id: { kind: 'integer', sql: 'courses.id' },
    course_number: { kind: 'name', sql: 'courses.course_code' },
    course_name: { kind: 'name', sql: 'courses.title' },
  },
} satisfies SearchedList<'coursesOfSchool'>;
const studentsOfSection = {
  name: 'studentsOfSection',
  fields: {
    id: { kind: 'integer', sql: 'enrollments.id' },
    section_id: { kind: 'integer', sql: 'enrollments.section_id' },
    student_id: { kind: 'integer', sql: 'enrollments.person_id' },
    entry_date: { kind: 'day', sql: 'enrollments.begin_date' },
    exit_date: { kind: 'day', sql: 'enrollments.end_date' },
  },
} satisfies SearchedList<'studentsOfSection'>;
const termFields: Fields = {
  id: { kind: 'integer' },
  start_year: { kind: 'integer' },
  portion: { kind: 'integer' },
  start_date: { kind: 'day' },
  end_date: { kind: 'day' },
  abbreviation: { kind: 'name' },
  name: { kind: 'name' },
};

/** By what a list is asked for, and how long it is, with an example of a search of it. */
const searchedBy = (q: string) => ({
  list: withExamples(ListQuery, { q }),
  count: { query: withExamples(CountQuery, { q }), reply: CountReply },
});
const asked = {
  schools: searchedBy('school_number==200'),
  sections: searchedBy('course_name==Algebra*'),
  courses: searchedBy('course_name==Algebra*'),
  terms: searchedBy('start_year==2025'),
  enrollments: searchedBy('student_id==126'),
};

/** What a plugin reads to fill a record, but for people: district, schools, terms, courses, sections and their enrollments. */
export function resourceEndpoints(dependencies: Pick<Dependencies, 'database' | 'roster'>): Endpoint[] {
  const { database, roster } = dependencies;
  const read = { method: 'GET', scope: 'roster:read' } as const;
  const terms = openTerms(database);
  const lists = openLists(dependencies);

  const section = async (caller: Caller, id: string) => ({ section: (await roster.section(caller, id)).id });

  /** The terms of a school that are asked for, on all pages. */
  async function termsOf(caller: Caller, id: string, q: string | undefined) {
    const found = await roster.one('school', caller, id);
    const test = readFilter('q', q, termFields);
    const rows = await terms(caller, found.id);
    return rows
      .filter((term) => passes(test, (field) => String(term[field as keyof SchoolTerm] ?? '')))
      .map((term) => ({ ...term, school_number: schoolNumberOf(found) }));
  }

  return [
    metadataEndpoint(roster),
    endpoint({
      ...read,
      path: '/v1/district',
      summary: 'Reads the district',
      schemas: { query: ResourceQuery, reply: DistrictReply },
      async handle({ caller }) {
        const { id, name } = await roster.district(caller);
        return { status: 200, body: { district: { id, name, district_number: String(id) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/district/school',
      summary: 'Lists the schools of the district',
      schemas: { query: asked.schools.list, reply: SchoolsReply },
      async handle({ caller, query }) {
        const found = await lists.page(caller, query, schools, {});
        return { status: 200, body: { schools: { school: found.map(schoolOf) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/district/school/count',
      summary: 'Counts the schools of the district',
      schemas: asked.schools.count,
      handle: ({ caller, query }) => lists.count(caller, query, schools, {}),
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id',
      summary: 'Reads a school',
      schemas: { query: ResourceQuery, reply: SchoolReply },
      async handle({ caller, params }) {
        return { status: 200, body: { school: schoolOf(await roster.one('school', caller, params.id)) } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/section',
      summary: 'Lists the sections of a school',
      schemas: { query: asked.sections.list, reply: SectionsReply },
      async handle({ caller, params, query }) {
        const values = await lists.school(caller, params.id);
        const sections = await lists.page(caller, query, sectionsOfSchool, values);
        return { status: 200, body: { sections: { section: sections.map(sectionOf) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/section/count',
      summary: 'Counts the sections of a school',
      schemas: asked.sections.count,
      handle: async ({ caller, params, query }) =>
        lists.count(caller, query, sectionsOfSchool, await lists.school(caller, params.id)),
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/course',
      summary: 'Lists the courses of a school',
      schemas: { query: asked.courses.list, reply: CoursesReply },
      async handle({ caller, params, query }) {
        const values = await lists.school(caller, params.id);
        const courses = await lists.page(caller, query, coursesOfSchool, values);
        return { status: 200, body: { courses: { course: courses.map(courseOf) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/course/count',
      summary: 'Counts the courses of a school',
      schemas: asked.courses.count,
      handle: async ({ caller, params, query }) =>
        lists.count(caller, query, coursesOfSchool, await lists.school(caller, params.id)),
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/term',
      summary: 'Lists the terms of a school',
      schemas: { query: asked.terms.list, reply: TermsReply },
      async handle({ caller, params, query }) {
        const { offset, limit } = sliceOf(query);
        const all = await termsOf(caller, params.id, query.q);
        return { status: 200, body: { terms: { term: all.slice(offset, offset + limit) } } };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/term/count',
      summary: 'Counts the terms of a school',
      schemas: asked.terms.count,
      handle: async ({ caller, params, query }) => counted((await termsOf(caller, params.id, query.q)).length),
    }),
    endpoint({
      ...read,
      path: '/v1/section/:id',
      summary: 'Reads a section',
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
      summary: 'Lists the students of a section',
      schemas: { query: asked.enrollments.list, reply: SectionEnrollmentsReply },
      async handle({ caller, params, query }) {
        const values = await section(caller, params.id);
        const enrollments = await lists.page(caller, query, studentsOfSection, values);
        return {
          status: 200,
          body: { section_enrollments: { section_enrollment: enrollments.map(enrollmentOf) } },
          reads:
            query.q && enrollments.length > 0
              ? readOf(enrollments.map(({ person_id }) => person_id))
              : [{ ...values, records: enrollments.length }],
        };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/section/:id/section_enrollment/count',
      summary: 'Counts the students of a section',
      schemas: asked.enrollments.count,
      async handle({ caller, params, query }) {
        const values = await section(caller, params.id);
        return lists.countOfPeople(caller, query, studentsOfSection, values, values);
      },
    }),
    endpoint({
      ...read,
      path: '/v1/course/:id',
      summary: 'Reads a course',
      schemas: { query: ResourceQuery, reply: CourseReply },
      async handle({ caller, params }) {
        return { status: 200, body: { course: courseOf(await roster.one('course', caller, params.id)) } };
      },
    }),
  ];
}

/** "readable with and without a token"; only with one is it known whose time zone is asked for. */
const metadataEndpoint = (roster: Roster): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/v1/metadata',
    summary: 'Says which version this is, and how large pages may be',
    schemas: { query: ResourceQuery, reply: MetadataReply },
    async handle({ caller }) {
      const district = caller.client === 0 ? undefined : await roster.district(caller);
      const metadata = {
        powerschool_version: VERSION,
        plugin_id: caller.client,
        schema_table_query_max_page_size: MAX_PAGE,
        school_max_page_size: MAX_PAGE,
        student_max_page_size: MAX_PAGE,
        staff_max_page_size: MAX_PAGE,
        course_max_page_size: MAX_PAGE,
        section_max_page_size: MAX_PAGE,
        section_enrollment_max_page_size: MAX_PAGE,
        term_max_page_size: MAX_PAGE,
        ...(district && { district_timezone: district.time_zone }),
      };
      return { status: 200, body: { metadata } };
    },
  });

const schoolOf = ({ id, name, number }: SchoolRow): School => ({
  id,
  name,
  school_number: schoolNumberOf({ id, number }),
});

const courseOf = ({ id, course_code, title }: CourseRow): Course => ({
  id,
  course_number: course_code,
  course_name: title,
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
