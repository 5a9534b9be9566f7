import { ofPerson, type PersonalData } from '../../database/personal-data';

/** What is kept of a person who was launched, or whose grade was sent. */
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
  {
    name: 'lti_scores',
    table: 'lti_scores',
    where: ofPerson,
    key: ['course_id', 'person_id'],
    columns: {
      district_id: 'the district',
      course_id: 'number of the course of the platform',
      person_id: 'the student',
      user_id: 'what the platform calls the student',
      comment: 'what the attendance grade was made of that it was last sent; none where that is not known',
      sent_at: 'when, ISO 8601',
    },
    erasure: 'remove',
  },
];
