import { Type } from '@sinclair/typebox';
import { closed, parameterOrEmpty, type TypeOf } from '../types';
import {
  at,
  empty,
  flag,
  idText,
  linksTo,
  ofAnyRequest,
  page,
  pageOfOne,
  paging,
  refusedSwitch,
  text,
  zero,
} from './parts';

const courseNames = { fetch_district_course_name: refusedSwitch('courses have no such names here') };

export const CourseQuery = Type.Object(
  { ...ofAnyRequest, ...courseNames },
  {
    title: 'CourseQuery',
    description: 'Nothing can be asked for. Parameters that are not documented are ignored.',
    examples: [{}],
  },
);

export const CoursesQuery = Type.Object(
  {
    ...paging,
    ...courseNames,
    building_id: parameterOrEmpty('Only those of this school.', '1'),
    school_id: parameterOrEmpty('The same as `building_id`.', '1'),
  },
  {
    title: 'CoursesQuery',
    description:
      'Which courses, and which page. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ building_id: '1' }],
  },
);

/** As the page lists them. */
export const subjectAreas =
  '1 health and physical education, 2 language arts, 3 mathematics, 4 professional development, 5 science, 6 social studies, 7 special education, 8 technology, 9 arts, 0 another';
export const gradeLevels = '1 pre-K, 2 K, 3 to 14 the grades 1 to 12, 15 higher education, 0 where none is known';

const gradeLevel = (what: string) =>
  Type.Integer({ minimum: 0, maximum: 15, description: `${what}: ${gradeLevels}.`, examples: [11] });

export const CourseReply = closed(
  {
    id: Type.Integer({ description: 'The id of the course.', examples: [3] }),
    title: text('What it is called.', 'Algebra I'),
    course_code: text('The code that the SIS gave it; may be empty.', 'ALG-1'),
    department: empty,
    description: empty,
    credits: zero,
    subject_area: Type.Integer({
      minimum: 0,
      maximum: 9,
      description: `The first of its subjects that is one of these: ${subjectAreas}.`,
      examples: [3],
    }),
    grade_level_range_start: gradeLevel('The lowest of its grades, or the only one'),
    grade_level_range_end: gradeLevel('The highest of its grades; 0 where there is one only'),
    synced: flag('1: it comes from the SIS.', 1),
    building_id: idText('The id of its school; empty where there is none.', '1'),
    links: linksTo('courses/3'),
  },
  {
    title: 'Course',
    description: 'A course, which sections are of.',
    examples: [
      {
        id: 3,
        title: 'Algebra I',
        course_code: 'ALG-1',
        department: '',
        description: '',
        credits: 0,
        subject_area: 3,
        grade_level_range_start: 11,
        grade_level_range_end: 12,
        synced: 1,
        building_id: '1',
        links: at('courses/3'),
      },
    ],
  },
);
export type Course = TypeOf<typeof CourseReply>;

export const CoursesReply = closed(
  { course: Type.Array(CourseReply), ...page },
  {
    title: 'Courses',
    description: 'A page of courses, by their ids.',
    examples: [{ course: CourseReply.examples, ...pageOfOne('courses') }],
  },
);
