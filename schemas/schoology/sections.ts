import { Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';
import { gradeLevels, subjectAreas } from './courses';
import {
  at,
  empty,
  flag,
  idText,
  linksTo,
  page,
  pageOfOne,
  paging,
  switchParameter,
  text,
  zero,
  zeroText,
} from './parts';

const includePast = {
  include_past: switchParameter('1: also those whose grading periods are over, though the SIS lists them no longer.'),
};

export const SectionsQuery = Type.Object(
  {
    ...paging,
    ...includePast,
    section_school_codes: Type.String({
      mustBe: 'a list of up to 50 codes',
      description: 'Which: up to 50 ids of the SIS, separated by commas.',
      examples: ['ALG-1-3'],
    }),
  },
  {
    title: 'SectionsQuery',
    description:
      'Which sections, and which page. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ section_school_codes: 'ALG-1-3' }],
  },
);

export const SectionsOfQuery = Type.Object(
  { ...paging, ...includePast },
  {
    title: 'SectionsOfQuery',
    description:
      'Which sections of a course or a person, and which page. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ include_past: '1' }],
  },
);

const visibility = {
  topics: zero,
  assignments: zero,
  assessments: zero,
  documents: zero,
  discussion: zero,
  album: zero,
  pages: zero,
};

/** What a section may do in Schoology beside attendance. None of it is here. */
const options = closed({
  weighted_grading_categories: zeroText,
  upload_documents: zeroText,
  create_discussion: zeroText,
  member_post: zeroText,
  member_post_comment: zeroText,
  content_index_visibility: closed(visibility),
});
const noOptions = {
  weighted_grading_categories: '0',
  upload_documents: '0',
  create_discussion: '0',
  member_post: '0',
  member_post_comment: '0',
  content_index_visibility: Object.fromEntries(Object.keys(visibility).map((name) => [name, 0])),
};

/** A number as text. */
const numeral = (description: string, example: string) =>
  Type.String({ pattern: '^[0-9]+$', description, examples: [example] });

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
    active: flag('0: its grading periods are over, or the SIS lists it no longer.', 1),
    description: empty,
    subject_area: numeral(`The first of its subjects, or its course’s, that is one of these: ${subjectAreas}.`, '3'),
    grade_level_range_start: numeral(`The lowest of its grades, or the only one: ${gradeLevels}.`, '11'),
    grade_level_range_end: numeral(`The highest of its grades; 0 where there is one only: ${gradeLevels}.`, '12'),
    grading_periods: Type.Array(Type.Integer(), {
      description: 'The ids of its grading periods: its terms.',
      examples: [[2]],
    }),
    profile_url: empty,
    location: text('Where it meets; may be empty.', 'Room 12'),
    meeting_days: Type.Array(empty, {
      minItems: 1,
      maxItems: 1,
      description: 'Always one empty text: rollbook has nothing for it.',
      examples: [['']],
    }),
    start_time: empty,
    end_time: empty,
    weight: zeroText,
    options,
    admin: flag('1: the person whom the caller acts for teaches it.', 0),
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
        subject_area: '3',
        grade_level_range_start: '11',
        grade_level_range_end: '12',
        grading_periods: [2],
        profile_url: '',
        location: 'Room 12',
        meeting_days: [''],
        start_time: '',
        end_time: '',
        weight: '0',
        options: noOptions,
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
