import { Type } from '@sinclair/typebox';
import { closed, oneOf, parameter, type TypeOf } from '../types';
import { at, empty, flag, idText, linksTo, page, pageOfOne, paging, text, zero, zeroText } from './parts';

export const SectionsQuery = Type.Object(
  {
    ...paging,
    section_school_codes: parameter('Which: up to 50 ids of the SIS, separated by commas. It is required.', 'ALG-1-3'),
  },
  {
    title: 'SectionsQuery',
    description: 'Which sections, and which page. An empty value is an absent one; other parameters are ignored.',
    examples: [{ section_school_codes: 'ALG-1-3' }],
  },
);

export const SectionReply = closed(
  {
    id: idText('The id of the section.', '4'),
    course_title: text('What its course is called; the title of the section where it has none.', 'Algebra I'),
    course_code: text('The code of its course; may be empty.', 'ALG-1'),
    course_id: idText('The id of its course; empty where it has none.', '3'),
    school_id: idText('The id of its school; empty where it has none.', '1'),
    access_code: empty,
    section_title: text('What it is called.', 'Algebra I, period 3'),
    section_code: text('The code that the SIS gave it; may be empty.', 'ALG-1-3'),
    section_school_code: text('The id that the SIS gave it; empty where it gave none.', 'ALG-1-3'),
    synced: oneOf(['0', '1'], { description: '1: it comes from the SIS.', examples: ['1'] }),
    active: flag('0: the SIS lists it no longer.', 1),
    description: empty,
    grading_periods: Type.Array(Type.Integer(), { description: 'The ids of its terms.', examples: [[2]] }),
    location: text('Where it meets; may be empty.', 'Room 12'),
    meeting_days: Type.Array(Type.String(), {
      maxItems: 0,
      description: 'Always empty: rollbook has nothing for it.',
      examples: [[]],
    }),
    start_time: empty,
    end_time: empty,
    weight: zeroText,
    options: empty,
    admin: zero,
    links: linksTo('sections/4'),
  },
  {
    title: 'Section',
    description: 'A class with its students and teachers.',
    examples: [
      {
        id: '4',
        course_title: 'Algebra I',
        course_code: 'ALG-1',
        course_id: '3',
        school_id: '1',
        access_code: '',
        section_title: 'Algebra I, period 3',
        section_code: 'ALG-1-3',
        section_school_code: 'ALG-1-3',
        synced: '1',
        active: 1,
        description: '',
        grading_periods: [2],
        location: 'Room 12',
        meeting_days: [],
        start_time: '',
        end_time: '',
        weight: '0',
        options: '',
        admin: 0,
        links: at('sections/4'),
      },
    ],
  },
);
export type Section = TypeOf<typeof SectionReply>;

export const SectionsReply = closed(
  { section: Type.Array(SectionReply), ...page },
  {
    title: 'Sections',
    description: 'A page of sections, by their ids.',
    examples: [{ section: SectionReply.examples, ...pageOfOne('courses/3/sections') }],
  },
);
