import { Type } from '@sinclair/typebox';
import { closed, nullable, numberParameter, oneOf, type TypeOf } from '../types';
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
    school_id: nullable(Id, { description: 'The school whose attendance code was set.' }),
    detail: Type.String({
      description: 'What the client or the school is called; of a code, what it was set to; of an LMS, which one.',
      examples: ['LMS'],
    }),
    by: Type.String({
      description: 'Who did it: the person who was signed in, else the API client; empty where it was the operator.',
      examples: ['Noor Rahimi'],
    }),
  },
  {
    title: 'SettingChange',
    description:
      'Something that was changed of the API clients, the settings, the attendance codes or the LMSs of a district.',
    examples: [
      {
        at: '2025-10-06T14:03:00.000Z',
        what: 'client_created',
        client_id: 12,
        school_id: null,
        detail: 'LMS',
        by: 'Noor Rahimi',
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
