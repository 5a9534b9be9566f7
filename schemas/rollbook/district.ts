import { Type } from '@sinclair/typebox';
import { closed, nullable, numberParameter, oneOf, type TypeOf } from '../types';
import { Year } from './codes';
import { Id, Instant } from './parts';

/** The settings of a district, and who has changed them. */

const sis = Type.Boolean({
  description: 'true: the SIS takes attendance. Section attendance and rolls are then answered 410.',
  examples: [false],
});

export const DistrictBody = closed(
  { sis_takes_attendance: sis },
  {
    title: 'DistrictChange',
    description: 'Says where attendance is taken.',
    examples: [{ sis_takes_attendance: true }],
  },
);

export const DistrictReply = closed(
  {
    id: Id,
    name: Type.String({ examples: ['Larkspur Valley'] }),
    time_zone: Type.String({ description: 'Whose day is today (IANA).', examples: ['America/Los_Angeles'] }),
    language: Type.String({ description: 'In whose order names are sorted (BCP 47).', examples: ['en'] }),
    sis_takes_attendance: sis,
  },
  {
    title: 'District',
    description: 'A district and its settings.',
    examples: [
      {
        id: 1,
        name: 'Larkspur Valley',
        time_zone: 'America/Los_Angeles',
        language: 'en',
        sis_takes_attendance: false,
      },
    ],
  },
);
export type DistrictSettings = TypeOf<typeof DistrictReply>;

export const DistrictChangesQuery = closed(
  { limit: numberParameter('How many; 50 where nothing is said.', '50', [1, 200]) },
  { title: 'DistrictChangesQuery', description: 'How much of it.', examples: [{ limit: '50' }] },
);

const DistrictSettingChange = closed(
  {
    at: Instant,
    what: oneOf(
      [
        'client_created',
        'client_rotated',
        'client_revoked',
        'sis_attendance_on',
        'sis_attendance_off',
        'code_set',
        'edit_days_set',
        'edit_days_unlimited',
        'untaken_unknown',
        'untaken_present',
        'grade_set',
        'grade_off',
        'grade_excused_left_out',
        'grade_excused_present',
        'letter_set',
        'letter_usual',
        'week_set',
        'days_off_set',
        'school_days_set',
        'lti_platform_added',
        'lti_platform_removed',
        'lti_deployment_added',
        'lti_deployment_removed',
        'lti_key_rotated',
        'lti_section_chosen',
      ],
      { examples: ['client_created'] },
    ),
    client_id: nullable(Id, { description: 'The API client that was made, rotated or revoked.' }),
    school_id: nullable(Id, {
      description:
        'The school whose settings, calendar or attendance code it is; null where it is of several, or of none.',
    }),
    detail: Type.String({
      description:
        'All of that in one sentence, in English: what the client, the school or the LMS is called, and what the code means.',
      examples: ['LMS'],
    }),
    by: Type.String({
      description: 'Who did it: the person who was signed in, else the API client; empty where it was the operator.',
      examples: ['Noor Rahimi'],
    }),
    name: Type.String({ description: 'What the client or the school is called.', examples: ['LMS'] }),
    schools: Type.Integer({ description: 'Of how many schools it is.', examples: [0] }),
    value: Type.String({
      description:
        'What it was set to: of edit_days_set, days; of grade_set, percent; of a letter, its language; of week_set, weekdays (1 is Monday); of days_off_set and school_days_set, days of the calendar, of more than 12 the first, the last and how many.',
      examples: [''],
    }),
    code: nullable(Type.String(), { description: 'The code that was set.', examples: ['ISS'] }),
    status: oneOf([1, 2, 3, 4, null], { description: 'What the code means from then on.', examples: [4] }),
    year: nullable(Year, { description: 'In which school year: the year in which it starts.' }),
  },
  {
    title: 'SettingChange',
    description:
      'Something that was changed of the API clients, the settings or the LMSs of a district, or of the settings, calendars or attendance codes of its schools. What was changed of several schools at once is one.',
    examples: [
      {
        at: '2025-10-06T14:03:00.000Z',
        what: 'client_created',
        client_id: 12,
        school_id: null,
        detail: 'LMS',
        by: 'Noor Rahimi',
        name: 'LMS',
        schools: 0,
        value: '',
        code: null,
        status: null,
        year: null,
      },
    ],
  },
);

export const DistrictChangesReply = closed(
  { changes: Type.Array(DistrictSettingChange) },
  {
    title: 'SettingChanges',
    description: 'What was changed of late, the latest first.',
    examples: [{ changes: DistrictSettingChange.examples }],
  },
);
export type SettingChanges = TypeOf<typeof DistrictChangesReply>;
