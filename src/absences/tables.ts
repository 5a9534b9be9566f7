import type { Invariant } from '../database/invariants';
import { erasedText, ofEnrollments, ofPerson, type PersonalData, usual } from '../database/personal-data';

const { id, district_id, section_id, enrollment_id, date } = usual;
const ofAbsence = `held.id in (
  select mine.absence_id from absence_students as mine
  where mine.district_id = :district and mine.person_id = :person)`;

/** What absences hold of a person. */
export const absencePersonalData: readonly PersonalData[] = [
  {
    name: 'absences',
    table: 'absences',
    where: `held.district_id = :district and ${ofAbsence}`,
    key: ['id'],
    columns: {
      id,
      district_id,
      kind: 'of days (absence), or of who came late (late_arrival) or left early (early_dismissal)',
      from_date: 'the first day, YYYY-MM-DD',
      to_date: 'the last day, inclusive',
      periods: 'the periods that were named, a JSON list; none of whole days',
      from_time: 'from when, in seconds since midnight; none of whole days',
      to_time: 'until when',
      students: 'for how many students it was entered',
      classes: 'in how many of their classes it said something',
      created_at: 'when it was entered, ISO 8601',
      client_id: 'the API client that entered it',
      taken_back_at: 'when it was taken back, ISO 8601',
      taken_back_client_id: 'the API client that took it back',
      status: 'as it was entered: 2 absent, 3 late, 4 excused; none where it was by a code',
      code: "the school's attendance code that was entered",
      comment: 'the comment that was entered',
    },
    erasure: { comment: erasedText('comment') },
  },
  {
    name: 'absence_students',
    table: 'absence_students',
    where: ofPerson,
    key: ['absence_id', 'person_id'],
    columns: { district_id, absence_id: 'the absence', person_id: 'the student' },
  },
  {
    name: 'absence_marks',
    table: 'absence_marks',
    where: ofEnrollments,
    daily: 'enrollment',
    key: ['enrollment_id', 'date', 'absence_id'],
    columns: {
      district_id,
      absence_id: 'the absence',
      section_id,
      enrollment_id,
      date,
      from_status: 'said before: 1 present, 2 absent, 3 late, 4 excused; none where nobody had said anything',
      from_comment: 'the comment before',
      from_code_id: "the school's attendance code before",
      to_status: 'what the absence says: 1 present, 2 absent, 3 late, 4 excused; 0 that nothing is known any more',
      to_comment: 'its comment',
      to_code_id: 'its code',
    },
    erasure: { from_comment: erasedText('from_comment'), to_comment: erasedText('to_comment') },
  },
];

/** What must hold of absences. */
export const absenceInvariants: readonly Invariant[] = [
  {
    name: 'absence_marks_enrollment',
    table: 'absence_marks',
    level: 'error',
    right: "An absence is of students' enrollments of its own district.",
    broken: `select absence_marks.district_id, absence_marks.absence_id, absence_marks.enrollment_id, absence_marks.date
      from absence_marks
      left join enrollments on enrollments.district_id = absence_marks.district_id
        and enrollments.id = absence_marks.enrollment_id
      where enrollments.id is null or enrollments.admin`,
  },
];
