import { ofPerson, type PersonalData, usual } from '../database/personal-data';
import { concerns } from './concerns';

const columns = {
  id: usual.id,
  district_id: usual.district_id,
  at: 'when it was read',
  api: 'through which API, or by which command',
  client_id: 'the API client that read; none for a command of the operator',
  person_id: 'the person for whom the client acts',
  endpoint: 'what was asked for, without ids',
  subject_id: 'the person whose records were read; none where they were those of a section, a school or the district',
  section_id: 'the section: records of all who were in it on these days',
  school_id: 'the school: records of people in it; none and no section and person: of people in the district',
  from_date: 'the first day that the records are of; none: no limit',
  to_date: 'the last day that the records are of',
  records: 'how many records each answer or message had, where they were counted',
  webhook_id: 'the webhook by which they were sent; none where they were asked for',
  host: 'the host to which they were sent',
  times: 'how many times within a second',
};

/** Reads: those in which records of the person were or may have been, and of teachers also those that were made for them. */
export const auditPersonalData: readonly PersonalData[] = [
  { name: 'reads', table: 'reads', where: `held.district_id = :district and ${concerns}`, columns, key: ['id'] },
  { name: 'reads_made', table: 'reads', where: ofPerson, columns, key: ['id'] },
];
