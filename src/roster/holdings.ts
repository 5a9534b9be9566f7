import { enrollmentsOfPerson, type Holding, ofEnrollments, ofPerson, usual } from '../holding';

const { id, district_id, section_id, sourced_id, active } = usual;
const named = `held.district_id = :district and held.id in`;
const mySections = (column: string) => `(
  select named.${column} from sections as named where named.id in ${enrollmentsOfPerson('section_id')})`;

/** What the roster holds of a person: who they are, what they are enrolled in, and whether they were erased. */
export const rosterHoldings: readonly Holding[] = [
  {
    name: 'person',
    table: 'people',
    where: 'held.district_id = :district and held.id = :person',
    key: ['id'],
    columns: {
      id: 'number of the person',
      district_id,
      sourced_id,
      active,
      school_id: 'the school they belong to',
      role: 'student, teacher or another role of OneRoster',
      username: 'what they sign in by elsewhere',
      email: 'email address',
      given_name: 'given name',
      middle_name: 'middle name',
      family_name: 'family name',
      preferred_name: 'what they want to be called',
      identifier: 'student or staff number',
      grades: 'grade levels, comma-separated',
    },
    erasure: {
      sourced_id: 'null',
      username: "''",
      email: "''",
      given_name: "'Erased'",
      middle_name: "''",
      family_name: 'cast(id as text)',
      preferred_name: "''",
      identifier: "''",
      grades: "''",
    },
  },
  {
    name: 'enrollments',
    table: 'enrollments',
    where: ofPerson,
    key: ['id'],
    columns: {
      id: 'number of the enrollment',
      district_id,
      sourced_id,
      active,
      section_id,
      person_id: 'the person',
      admin: 'whether as a teacher',
      begin_date: 'the first day, YYYY-MM-DD',
      end_date: 'the first day on which it is over, YYYY-MM-DD',
    },
    erasure: { sourced_id: 'null' },
  },
  {
    name: 'person_aliases',
    table: 'person_aliases',
    where: ofPerson,
    key: ['sourced_id'],
    columns: { district_id, sourced_id: 'another sourcedId of the person', person_id: 'the person' },
    erasure: 'remove',
  },
  {
    name: 'enrollment_aliases',
    table: 'enrollment_aliases',
    where: ofEnrollments,
    key: ['sourced_id'],
    columns: { district_id, sourced_id: 'another sourcedId of the enrollment', enrollment_id: 'the enrollment' },
    erasure: 'remove',
  },
  {
    name: 'sections',
    table: 'sections',
    where: `${named} ${enrollmentsOfPerson('section_id')}`,
    key: ['id'],
    columns: { id, title: 'title', section_code: 'code', class_type: 'scheduled or homeroom', location: 'the room' },
  },
  {
    name: 'courses',
    table: 'courses',
    where: `${named} ${mySections('course_id')}`,
    key: ['id'],
    columns: { id, title: 'title', course_code: 'code', subjects: 'subjects' },
  },
  {
    name: 'schools',
    table: 'schools',
    where: `${named} ${mySections('school_id')}`,
    key: ['id'],
    columns: { id, name: 'name', number: 'number of the school' },
  },
  {
    name: 'erasures',
    table: 'erasures',
    where: ofPerson,
    key: ['id'],
    columns: {
      id,
      district_id,
      person_id: 'the person',
      at: 'when they were erased, ISO 8601',
      sourced_id_hash: 'salted SHA-256 of the sourcedId, by which an import knows them',
    },
  },
];
