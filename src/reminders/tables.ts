import { ofPerson, type PersonalData, usual } from '../database/personal-data';

const { id, district_id, section_id, date } = usual;

/** What reminders hold of a person: of the teacher who was reminded. */
export const reminderPersonalData: readonly PersonalData[] = [
  {
    name: 'roll_reminders',
    table: 'roll_reminders',
    where: ofPerson,
    daily: 'section',
    key: ['id'],
    columns: {
      id,
      district_id,
      section_id,
      date,
      person_id: 'the teacher who was reminded',
      at: 'when, ISO 8601',
      api: 'the API it was done by',
      client_id: 'the API client that had it done',
    },
    erasure: 'remove',
  },
];
