import { type TSchema, Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';

const Id = Type.Integer({ examples: [1] });
const PageSize = Type.Integer({ minimum: 1, examples: [100] });

export const MetadataReply = closed(
  {
    metadata: closed({
      powerschool_version: Type.String({ description: 'The release whose attendance endpoints these are.' }),
      plugin_id: Type.Integer({ description: 'The client; 0 without a token.' }),
      schema_table_query_max_page_size: PageSize,
      school_max_page_size: PageSize,
      student_max_page_size: PageSize,
      staff_max_page_size: PageSize,
      course_max_page_size: PageSize,
      section_max_page_size: PageSize,
      section_enrollment_max_page_size: PageSize,
      term_max_page_size: PageSize,
      district_timezone: Type.Optional(
        Type.String({ description: 'Known with a token alone.', examples: ['America/Chicago'] }),
      ),
    }),
  },
  {
    title: 'Metadata',
    description: 'What this service is, and how large its pages are.',
    examples: [
      {
        metadata: {
          powerschool_version: '25.3.0',
          plugin_id: 3,
          schema_table_query_max_page_size: 100,
          school_max_page_size: 100,
          student_max_page_size: 100,
          staff_max_page_size: 100,
          course_max_page_size: 100,
          section_max_page_size: 100,
          section_enrollment_max_page_size: 100,
          term_max_page_size: 100,
          district_timezone: 'America/Chicago',
        },
      },
    ],
  },
);

export const DistrictReply = closed(
  { district: closed({ id: Id, name: Type.String(), district_number: Type.String() }) },
  {
    title: 'District',
    description: 'The district of the client.',
    examples: [{ district: { id: 1, name: 'Larkspur Valley', district_number: '1' } }],
  },
);

export const CountReply = closed(
  { resource: closed({ count: Type.Integer({ minimum: 0, examples: [12] }) }) },
  { title: 'Count', description: 'How many there are in the list.', examples: [{ resource: { count: 12 } }] },
);

/** A list in its two elements, of which XML's names are made. */
const listOf = <const Plural extends string, const One extends string, Item extends TSchema>(
  plural: Plural,
  one: One,
  item: Item,
  options: { title: string; description: string },
) => {
  const list = closed({ [one]: Type.Array(item) } as Record<One, ReturnType<typeof Type.Array<Item>>>);
  return closed({ [plural]: list } as Record<Plural, typeof list>, {
    ...options,
    examples: [{ [plural]: { [one]: item.examples } }],
  });
};

const School = closed(
  {
    id: Id,
    name: Type.String({ examples: ['Lincoln Middle School'] }),
    school_number: Type.Union([Type.Integer(), Type.String()], {
      description: 'PowerSchool’s school numbers are numbers; one that is not is the text that it is.',
      examples: [200],
    }),
  },
  {
    title: 'School',
    description: 'A school.',
    examples: [{ id: 1, name: 'Lincoln Middle School', school_number: 200 }],
  },
);
export type School = TypeOf<typeof School>;

export const SchoolReply = closed(
  { school: School },
  { title: 'SchoolResponse', description: 'One school.', examples: [{ school: School.examples[0] }] },
);

export const SchoolsReply = listOf('schools', 'school', School, {
  title: 'Schools',
  description: 'A page of the schools of the district.',
});

const PersonName = closed({ first_name: Type.String(), middle_name: Type.String(), last_name: Type.String() });

const SchoolEnrollment = closed(
  {
    enroll_status: oneOf(['A', 'I'], { description: 'A: active. I: inactive, the SIS lists the student no longer.' }),
    enroll_status_code: oneOf([0, 1]),
    enroll_status_description: oneOf(['Active', 'Inactive']),
    grade_level: Type.Optional(
      Type.Integer({
        description: '0 is kindergarten, -1 what is before it. Missing where the SIS names no one grade.',
      }),
    ),
    school_id: Type.Optional(Id),
    school_number: Type.Optional(School.properties.school_number),
  },
  { description: 'Of the expansion `school_enrollment`: where the student goes to school.' },
);
export type SchoolEnrollment = TypeOf<typeof SchoolEnrollment>;

const Student = closed(
  {
    id: Id,
    local_id: Type.String({ description: 'The number that the SIS gave the student.', examples: ['100126'] }),
    student_username: Type.String(),
    name: PersonName,
    contact_info: Type.Optional(closed({ email: Type.String() }, { description: 'Of the expansion `contact_info`.' })),
    school_enrollment: Type.Optional(SchoolEnrollment),
  },
  {
    title: 'Student',
    description: 'A student.',
    examples: [
      {
        id: 126,
        local_id: '100126',
        student_username: 'ada',
        name: { first_name: 'Ada', middle_name: '', last_name: 'Lovelace' },
      },
    ],
  },
);
export type Student = TypeOf<typeof Student>;

export const StudentReply = closed(
  { student: Student },
  { title: 'StudentResponse', description: 'One student.', examples: [{ student: Student.examples[0] }] },
);

export const StudentsReply = listOf('students', 'student', Student, {
  title: 'Students',
  description: 'A page of the students of a school, or of the district.',
});

const Staff = closed(
  {
    id: Id,
    local_id: Type.String({ description: 'The number that the SIS gave them.', examples: ['T7'] }),
    teacher_username: Type.String(),
    name: PersonName,
    emails: Type.Optional(closed({ work_email: Type.String() }, { description: 'Of the expansion `emails`.' })),
  },
  {
    title: 'Staff',
    description: 'Somebody who works in a school.',
    examples: [
      {
        id: 7,
        local_id: 'T7',
        teacher_username: 'noether',
        name: { first_name: 'Emmy', middle_name: '', last_name: 'Noether' },
      },
    ],
  },
);
export type Staff = TypeOf<typeof Staff>;

export const StaffReply = closed(
  { staff: Staff },
  { title: 'StaffResponse', description: 'One of the staff.', examples: [{ staff: Staff.examples[0] }] },
);

export const StaffsReply = listOf('staffs', 'staff', Staff, {
  title: 'Staffs',
  description: 'A page of the staff of a school.',
});

const Course = closed(
  { id: Id, course_number: Type.String(), course_name: Type.String() },
  {
    title: 'Course',
    description: 'A course.',
    examples: [{ id: 2, course_number: 'MA7', course_name: 'Algebra I' }],
  },
);
export type Course = TypeOf<typeof Course>;

export const CourseReply = closed(
  { course: Course },
  { title: 'CourseResponse', description: 'One course.', examples: [{ course: Course.examples[0] }] },
);

export const CoursesReply = listOf('courses', 'course', Course, {
  title: 'Courses',
  description: 'A page of the courses of a school.',
});

const Term = closed(
  {
    id: Id,
    term_number: Type.Integer({ description: 'The same number.', examples: [3] }),
    school_number: School.properties.school_number,
    start_year: Type.Integer({ description: 'The year in which its school year starts.', examples: [2025] }),
    portion: Type.Optional(
      Type.Integer({
        description: 'Which part of a year it is: 1 all of it, 2 a half. Missing where it is not known.',
      }),
    ),
    start_date: Type.String({ format: 'date', examples: ['2025-08-18'] }),
    end_date: Type.String({ format: 'date', description: 'The last day.', examples: ['2026-06-12'] }),
    abbreviation: Type.String({ description: 'The name, where the SIS has no other.', examples: ['2025-26'] }),
    name: Type.String({ examples: ['2025-26'] }),
  },
  {
    title: 'Term',
    description: 'A term of the sections of a school, or one that it is a part of.',
    examples: [
      {
        id: 3,
        term_number: 3,
        school_number: 200,
        start_year: 2025,
        portion: 1,
        start_date: '2025-08-18',
        end_date: '2026-06-12',
        abbreviation: '2025-26',
        name: '2025-26',
      },
    ],
  },
);
export type Term = TypeOf<typeof Term>;

export const TermsReply = listOf('terms', 'term', Term, {
  title: 'Terms',
  description: 'A page of the terms of a school.',
});

const Section = closed(
  {
    id: Id,
    school_id: nullable(Id, { description: 'Null where the section is of no school.' }),
    course_id: nullable(Id, { description: 'Null where the section is of no course.' }),
    section_number: Type.String({ examples: ['101'] }),
    expression: Type.String({ description: 'The periods, with commas.', examples: ['1,3'] }),
    course_name: Type.String({ examples: ['Algebra I'] }),
  },
  {
    title: 'Section',
    description: 'A section.',
    examples: [
      { id: 4, school_id: 1, course_id: 2, section_number: '101', expression: '1,3', course_name: 'Algebra I' },
    ],
  },
);
export type Section = TypeOf<typeof Section>;

export const SectionReply = closed(
  { section: Section },
  { title: 'SectionResponse', description: 'One section.', examples: [{ section: Section.examples[0] }] },
);

export const SectionsReply = listOf('sections', 'section', Section, {
  title: 'Sections',
  description: 'A page of the sections of a school.',
});

const SectionEnrollment = closed(
  {
    id: Type.Integer({ description: 'What a record calls its ccid.', examples: [12] }),
    section_id: Id,
    student_id: Id,
    entry_date: Type.String({ format: 'date', description: 'The first day.', examples: ['2025-08-18'] }),
    exit_date: Type.String({ format: 'date', description: 'The day after the last one.', examples: ['2026-06-12'] }),
    dropped: Type.Boolean({ examples: [false] }),
  },
  {
    title: 'SectionEnrollment',
    description: 'A student of a section, and the days.',
    examples: [
      { id: 12, section_id: 4, student_id: 126, entry_date: '2025-08-18', exit_date: '2026-06-12', dropped: false },
    ],
  },
);
export type SectionEnrollment = TypeOf<typeof SectionEnrollment>;

export const SectionEnrollmentsReply = listOf('section_enrollments', 'section_enrollment', SectionEnrollment, {
  title: 'SectionEnrollments',
  description: 'A page of the students of a section.',
});
