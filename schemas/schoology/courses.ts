import { Type } from '@sinclair/typebox';
import { closed, type TypeOf } from '../types';
import { at, empty, flag, idText, linksTo, page, pageOfOne, text, zero, zeroText } from './parts';

export const CourseReply = closed(
  {
    id: Type.Integer({ description: 'The id of the course.', examples: [3] }),
    title: text('What it is called.', 'Algebra I'),
    course_code: text('The code that the SIS gave it; may be empty.', 'ALG-1'),
    department: empty,
    description: empty,
    credits: zeroText,
    subject_area: text('Its subjects, as the SIS names them, separated by commas; may be empty.', 'Mathematics'),
    grade_level_range_start: zero,
    grade_level_range_end: zero,
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
        credits: '0',
        subject_area: 'Mathematics',
        grade_level_range_start: 0,
        grade_level_range_end: 0,
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
