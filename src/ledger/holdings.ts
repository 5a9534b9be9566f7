import { enrollmentsOfPerson, erasedText, type Holding, ofEnrollments, ofPerson, usual } from '../holding';
import { enrolledOn } from '../roster/enrolled';

const { id, district_id, section_id, enrollment_id, date } = usual;

const marks = {
  district_id,
  section_id,
  date,
  enrollment_id,
  status: '2 absent, 3 late, 4 excused',
  comment: 'what was said of it',
  code_id: "the school's attendance code",
  changed_at: 'when it was last changed, ISO 8601',
  client_id: 'the API client that did it',
  person_id: 'the person that the client acted for',
};

const presences = {
  district_id,
  section_id,
  date,
  enrollment_id,
  changed_at: 'when it was said, ISO 8601',
  api: 'the API it was said by',
  client_id: 'the API client that said it',
  person_id: 'the person that the client acted for',
};

const journal = {
  id,
  district_id,
  section_id,
  date,
  enrollment_id: 'the enrollment; none where it is about the whole meeting',
  at: 'when it was done, ISO 8601',
  api: 'the API or command it was done by',
  client_id: 'the API client that did it',
  person_id: 'the person that the client acted for',
  from_status: 'before: 1 present, 2 absent, 3 late, 4 excused; none where nothing was known',
  from_comment: 'the comment before',
  to_status: 'the status after',
  to_comment: 'the comment after',
  code_id: "the school's attendance code",
};

/** Of no mark on a meeting that was taken, while enrolled as a student. */
const present = `(
  select meetings.district_id, meetings.section_id, mine.person_id, mine.id as enrollment_id, meetings.date, meetings.taken_at
  from enrollments as mine
  join meetings on meetings.district_id = :district and meetings.section_id = mine.section_id
    and meetings.taken_at is not null and ${enrolledOn('mine', 'meetings.date')}
  where mine.person_id = :person and +mine.district_id = :district and not mine.admin
    and not exists (
      select 1 from marks where marks.district_id = :district and marks.section_id = mine.section_id
        and marks.date = meetings.date and marks.enrollment_id = mine.id))`;

const byDay = ['section_id', 'date', 'enrollment_id'];

/** What the ledger holds of a person: what is said of them, and what was written for them. */
export const ledgerHoldings: readonly Holding[] = [
  {
    name: 'marks',
    table: 'marks',
    where: ofEnrollments,
    daily: 'section',
    key: byDay,
    columns: marks,
    erasure: { comment: erasedText('comment') },
  },
  {
    name: 'present',
    table: 'meetings',
    source: present,
    where: ofPerson,
    daily: 'section',
    key: ['enrollment_id', 'date'],
    columns: { section_id, enrollment_id, date, taken_at: 'when the roll was taken, ISO 8601' },
  },
  {
    name: 'presences',
    table: 'presences',
    where: ofEnrollments,
    daily: 'section',
    key: byDay,
    columns: presences,
  },
  {
    name: 'presences_told',
    table: 'presences',
    where: `${ofPerson} and held.enrollment_id not in ${enrollmentsOfPerson('id')}`,
    daily: 'section',
    key: byDay,
    columns: presences,
  },
  {
    name: 'journal',
    table: 'journal',
    where: ofEnrollments,
    daily: 'section',
    key: ['id'],
    columns: journal,
    erasure: { from_comment: erasedText('from_comment'), to_comment: erasedText('to_comment') },
  },
  {
    name: 'marks_made',
    table: 'marks',
    where: `${ofPerson} and held.enrollment_id not in ${enrollmentsOfPerson('id')}`,
    daily: 'section',
    key: byDay,
    columns: marks,
  },
  {
    name: 'acts',
    table: 'journal',
    where: ofPerson,
    daily: 'section',
    key: ['id'],
    columns: journal,
  },
];
