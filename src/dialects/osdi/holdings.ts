import { ERASED, erasedText, type Holding, ofEnrollments, ofPerson, usual } from '../../holding';

const { district_id, enrollment_id, date } = usual;

/** What was announced of attendances, and what other systems call the person. */
export const osdiHoldings: readonly Holding[] = [
  {
    name: 'osdi_attendances',
    table: 'osdi_attendances',
    where: ofEnrollments,
    daily: 'enrollment',
    key: ['enrollment_id', 'date'],
    columns: {
      district_id,
      enrollment_id,
      date,
      status: 'what was announced',
      comment: 'what was said of it',
      action_date: 'when it was announced, as sent',
      action_at: 'the same instant, ISO 8601',
      origin_system: 'the system it came from',
      invited_by: 'who invited, a URL',
      identifiers: 'what other systems call the attendance, a JSON list',
      created_at: 'when it was first written, ISO 8601',
      changed_at: 'when it was last changed, ISO 8601',
    },
    erasure: {
      comment: erasedText('comment'),
      origin_system: `case when origin_system is null then null else '${ERASED}' end`,
      invited_by: 'null',
      identifiers: "'[]'",
    },
  },
  {
    name: 'osdi_identifiers',
    table: 'osdi_identifiers',
    where: ofPerson,
    key: ['identifier'],
    columns: {
      district_id,
      identifier: 'what another system calls the person',
      local_part: 'the part after the name of that system',
      person_id: 'the person',
    },
    erasure: 'remove',
  },
];

/** What clients call the people whom no SIS lists. */
export const osdiPeopleNames = `select osdi_identifiers.person_id, osdi_identifiers.local_part as name
  from osdi_identifiers
  join people on people.id = osdi_identifiers.person_id and people.sourced_id is null
  where osdi_identifiers.district_id = :district`;
