import { Type } from '@sinclair/typebox';
import { closed, oneOf, parameterOrEmpty, type TypeOf } from '../types';
import { at, empty, flag, idText, linksTo, page, pageOfOne, paging, text, zeroText } from './parts';

export const EnrollmentsQuery = Type.Object(
  {
    ...paging,
    uid: parameterOrEmpty('Only those of these users: up to 50 ids, separated by commas.', '126'),
    enrollment_status: parameterOrEmpty('Only those of these statuses: numbers, separated by commas.', '1'),
    type: parameterOrEmpty('Only admin, or only member; both, separated by a comma, are all.', 'member'),
  },
  {
    title: 'EnrollmentsQuery',
    description:
      'Which enrollments, and which page. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ type: 'member', enrollment_status: '1' }],
  },
);

export const EnrollmentReply = closed(
  {
    id: idText('The id of the enrollment, which attendance is written with.', '12'),
    uid: idText('The id of the user.', '117'),
    school_uid: text('The id that the SIS gave the user; empty where it gave none.', 'S-100117'),
    name_title: empty,
    name_title_show: zeroText,
    name_first: text('The given name.', 'Ada'),
    name_first_preferred: text('The name the user goes by, in place of the given name; may be empty.', ''),
    name_middle: text('The middle name; may be empty.', ''),
    name_middle_show: zeroText,
    name_last: text('The family name.', 'Lovelace'),
    name_display: text(
      'What the user is called: the name that is preferred, else the first, and the last.',
      'Ada Lovelace',
    ),
    admin: flag('1: a teacher of the section, 0: a student.', 0),
    status: oneOf(['1', '2', '5'], {
      description: '1 active, 2 expired, 5 archived: the SIS lists it no longer.',
      examples: ['1'],
    }),
    picture_url: empty,
    links: linksTo('sections/4/enrollments/12'),
  },
  {
    title: 'Enrollment',
    description: 'A user in a section, as a student or as a teacher.',
    examples: [
      {
        id: '12',
        uid: '117',
        school_uid: 'S-100117',
        name_title: '',
        name_title_show: '0',
        name_first: 'Ada',
        name_first_preferred: '',
        name_middle: '',
        name_middle_show: '0',
        name_last: 'Lovelace',
        name_display: 'Ada Lovelace',
        admin: 0,
        status: '1',
        picture_url: '',
        links: at('sections/4/enrollments/12'),
      },
    ],
  },
);
export type Enrollment = TypeOf<typeof EnrollmentReply>;

export const EnrollmentsReply = closed(
  { enrollment: Type.Array(EnrollmentReply), ...page },
  {
    title: 'Enrollments',
    description: 'A page of the enrollments of a section, by their ids.',
    examples: [{ enrollment: EnrollmentReply.examples, ...pageOfOne('sections/4/enrollments') }],
  },
);
