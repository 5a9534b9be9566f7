import { ofPerson, type PersonalData } from '../../database/personal-data';

/** What is kept of a person who was launched. */
export const ltiPersonalData: readonly PersonalData[] = [
  {
    name: 'lti_contexts',
    table: 'lti_contexts',
    where: ofPerson,
    key: ['deployment_id', 'context'],
    columns: {
      district_id: 'the district',
      deployment_id: 'number of the deployment of the platform',
      context: 'what the platform calls the course',
      person_id: 'the teacher',
      section_id: 'the section that they have chosen for it',
      chosen_at: 'when, ISO 8601',
    },
    erasure: 'remove',
  },
];
