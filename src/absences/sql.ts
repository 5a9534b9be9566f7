import type { Engine } from '../database/database';
import { text } from '../database/query';
import { bit, day, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { exception, status } from '../ledger/attendance';
import type { EntryValue } from '../ledger/resolve';
import { mayRead, permittedPerson } from '../roster/access';
import { namesRow } from '../roster/names';

/** Of days, or of who came late or left early. */
export const absenceKinds = ['absence', 'late_arrival', 'early_dismissal'] as const;
export type AbsenceKind = (typeof absenceKinds)[number];

/** An absence as it was entered. */
const absenceRow = {
  id: integer,
  kind: oneOf(...absenceKinds),
  from_date: day,
  /** Inclusive. */
  to_date: day,
  /** A JSON list; null where no periods were named. */
  periods: nullable(string),
  /** Seconds since midnight. */
  from_time: nullable(integer),
  to_time: nullable(integer),
  students: integer,
  classes: integer,
  created_at: instant,
  client_id: nullable(integer),
  taken_back_at: nullable(instant),
  taken_back_client_id: nullable(integer),
  /** As it was entered: a status, or a code of the schools in its place, and a comment. */
  status: nullable(exception),
  code: nullable(string),
  comment: string,
};
export type AbsenceRow = RowOf<typeof absenceRow>;

const valueRow = {
  section: integer,
  enrollment: integer,
  date: day,
  from_status: nullable(status),
  from_comment: string,
  from_code: nullable(integer),
  /** Null where it says that nothing is known any more. */
  to_status: nullable(status),
  to_comment: string,
  to_code: nullable(integer),
};

/** What was said before of a student in a class, none where nothing was, and what the absence says. */
export type ValueRow = RowOf<typeof valueRow>;

export const fromValue = ({ from_status, from_comment, from_code }: ValueRow): EntryValue => ({
  status: from_status,
  comment: from_comment,
  code: from_code,
});
export const toValue = ({ to_status, to_comment, to_code }: ValueRow): EntryValue => ({
  status: to_status,
  comment: to_comment,
  code: to_code,
});

/** What an absence that stands says of a student in a class, and of which part of the day it is. */
const saidRow = {
  ...valueRow,
  kind: oneOf(...absenceKinds),
  periods: nullable(string),
  from_time: nullable(integer),
  to_time: nullable(integer),
};
export type SaidRow = RowOf<typeof saidRow>;

/** What an absence has said of a student in a class. */
const markRow = {
  ...valueRow,
  person: integer,
  ...namesRow,
  student_number: string,
  title: string,
  periods: string,
  code: string,
};
export type MarkRow = RowOf<typeof markRow>;

/** A student who came late or left early. */
const passRow = {
  absence: integer,
  kind: oneOf(...absenceKinds),
  from_time: nullable(integer),
  to_time: nullable(integer),
  created_at: instant,
  client_id: nullable(integer),
  person: integer,
  ...namesRow,
  student_number: string,
  grades: string,
  comment: string,
};
export type PassRow = RowOf<typeof passRow>;

/** A student of an absence. */
const studentRow = { absence: integer, id: integer, ...namesRow, student_number: string };
export type StudentRow = RowOf<typeof studentRow>;

/** All SQL of absences. */
export function absencesSql(engine: Engine) {
  const { knex, rows, lookUp } = engine;
  const columns = Object.keys(absenceRow)
    .map((column) => `absences.${column}`)
    .join(', ');
  const values = `absence_marks.section_id as section, absence_marks.enrollment_id as enrollment, absence_marks.date,
    absence_marks.from_status, absence_marks.from_comment, absence_marks.from_code_id as from_code,
    nullif(absence_marks.to_status, 0) as to_status, absence_marks.to_comment, absence_marks.to_code_id as to_code`;
  const one = 'absences.district_id = :district and absences.id = :id';
  // One that is also of students or classes of another school is the district's.
  const isSeen = `(cast(:own_school as bigint) is null or not exists (
    select 1 from absence_students as concerned
    join people on people.district_id = concerned.district_id and people.id = concerned.person_id
    where concerned.district_id = :district and concerned.absence_id = absences.id and not ${permittedPerson})
    and not exists (
      select 1 from absence_marks as said
      where said.district_id = :district and said.absence_id = absences.id and not ${mayRead('said.section_id')}))`;
  return {
    district: text(
      knex,
      'select districts.sis_attendance_app as sis_takes_attendance from districts where districts.id = :district',
      { sis_takes_attendance: bit },
    ),
    absence: text(knex, `select ${columns} from absences where ${one} and ${isSeen}`, absenceRow),
    // Two that take the same back come one after the other.
    hold: text(knex, knex('absences').select('absences.taken_back_at').whereRaw(one).forUpdate().toQuery(), {
      taken_back_at: nullable(instant),
    }),
    list: text(
      knex,
      `select ${columns}
      from absences
      where absences.district_id = :district and absences.id < :before
        and (cast(:date as date) is null or (absences.from_date <= :date and absences.to_date >= :date))
        and (cast(:student as bigint) is null or absences.id in (
          select mine.absence_id from absence_students as mine
          where mine.district_id = :district and mine.person_id = :student))
        and ${isSeen}
      order by absences.id desc
      limit :limit`,
      absenceRow,
    ),
    marks: text(
      knex,
      `select ${values}, people.id as person, people.given_name, people.preferred_name, people.family_name,
        people.identifier as student_number, sections.title, sections.periods, coalesce(codes.code, '') as code
      from absence_marks
      join enrollments on enrollments.district_id = absence_marks.district_id
        and enrollments.id = absence_marks.enrollment_id
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      join sections on sections.district_id = absence_marks.district_id and sections.id = absence_marks.section_id
      left join attendance_codes as codes on codes.district_id = absence_marks.district_id
        and codes.id = absence_marks.to_code_id
      where absence_marks.district_id = :district and absence_marks.absence_id = :absence
      order by absence_marks.date, people.family_name, people.given_name, people.id, absence_marks.section_id,
        absence_marks.enrollment_id`,
      markRow,
    ),
    passes: text(
      knex,
      `select absences.id as absence, absences.kind, absences.from_time, absences.to_time, absences.created_at,
        absences.client_id, people.id as person, people.given_name, people.preferred_name, people.family_name,
        people.identifier as student_number, people.grades, absences.comment
      from absences
      join absence_students on absence_students.district_id = absences.district_id
        and absence_students.absence_id = absences.id
      join people on people.district_id = absence_students.district_id and people.id = absence_students.person_id
      where absences.district_id = :district and absences.from_date = :date and absences.kind <> 'absence'
        and absences.taken_back_at is null and ${isSeen}
      order by absences.id, people.family_name, people.given_name, people.id`,
      passRow,
    ),
    // The passes of some students on a day, as far as they are not taken back.
    passesOf: text(
      knex,
      `select absences.kind, absences.from_time, absences.to_time, absence_students.person_id as person
      from absences
      join absence_students on absence_students.district_id = absences.district_id
        and absence_students.absence_id = absences.id
      where absences.district_id = :district and absences.from_date = :date and absences.kind <> 'absence'
        and absences.taken_back_at is null
        and absence_students.person_id in (select asked.id from ${rows('students', { id: 'bigint' })} as asked)
      order by absences.id`,
      { kind: oneOf(...absenceKinds), from_time: nullable(integer), to_time: nullable(integer), person: integer },
    ),
    // Of whom absences are: of each the first by name, so many.
    students: text(
      knex,
      `select named.absence, named.id, named.given_name, named.preferred_name, named.family_name, named.student_number
      from (
        select absence_students.absence_id as absence, people.id, people.given_name, people.preferred_name,
          people.family_name, people.identifier as student_number,
          row_number() over (partition by absence_students.absence_id
            order by people.family_name, people.given_name, people.id) as place
        from absence_students
        join people on people.district_id = absence_students.district_id and people.id = absence_students.person_id
        where absence_students.district_id = :district
          and absence_students.absence_id in (select asked.id from ${rows('absences', { id: 'bigint' })} as asked)
      ) as named
      where named.place <= :most
      order by named.absence, named.place`,
      studentRow,
    ),
    // What absences that stand say of entries; the last that was entered first.
    said: text(
      knex,
      `select said.section_id as section, said.enrollment_id as enrollment, said.date, said.from_status,
        said.from_comment, said.from_code_id as from_code, nullif(said.to_status, 0) as to_status, said.to_comment,
        said.to_code_id as to_code, absences.kind, absences.periods, absences.from_time, absences.to_time
      from (
        select absence_marks.*
        from ${rows('keys', { enrollment_id: 'bigint', date: 'date' })} as asked
        ${lookUp(
          'absence_marks',
          `absence_marks.district_id = :district and absence_marks.enrollment_id = asked.enrollment_id
            and absence_marks.date = asked.date`,
        )}) as said
      join absences on absences.district_id = said.district_id and absences.id = said.absence_id
      where absences.district_id = :district and absences.taken_back_at is null
      order by said.absence_id desc`,
      saidRow,
    ),
    // What absences that were entered later, and stand, say of the same students in the same classes; the last first.
    later: text(
      knex,
      `select later.absence_id as absence, later.section_id as section, later.enrollment_id as enrollment, later.date,
        later.from_status, later.from_comment, later.from_code_id as from_code, nullif(later.to_status, 0) as to_status, later.to_comment,
        later.to_code_id as to_code
      from absence_marks
      cross join absence_marks as later
      join absences on absences.district_id = later.district_id and absences.id = later.absence_id
        and absences.taken_back_at is null
      where absence_marks.district_id = :district and absence_marks.absence_id = :absence
        and later.district_id = absence_marks.district_id and later.enrollment_id = absence_marks.enrollment_id
        and later.date = absence_marks.date and later.absence_id > absence_marks.absence_id
      order by later.absence_id desc`,
      { absence: integer, ...valueRow },
    ),
    add: text(
      knex,
      `insert into absences (district_id, kind, from_date, to_date, periods, from_time, to_time, students, classes, created_at,
        client_id, status, code, comment)
      values (:district, :kind, :from, :to, :periods, :from_time, :to_time, :students, :classes, :now, :client, :status,
        :code, :comment)
      returning ${Object.keys(absenceRow).join(', ')}`,
      absenceRow,
    ),
    addStudents: text(
      knex,
      `insert into absence_students (district_id, absence_id, person_id)
      select :district, :absence, said.person_id from ${rows('students', { person_id: 'bigint' })} as said`,
    ),
    addMarks: text(
      knex,
      `insert into absence_marks (district_id, absence_id, section_id, enrollment_id, date, from_status, from_comment,
        from_code_id, to_status, to_comment, to_code_id)
      select :district, :absence, section_id, enrollment_id, date, from_status, from_comment, from_code_id, to_status,
        to_comment, to_code_id
      from ${rows('marks', {
        section_id: 'bigint',
        enrollment_id: 'bigint',
        date: 'date',
        from_status: 'smallint',
        from_comment: 'text',
        from_code_id: 'bigint',
        to_status: 'smallint',
        to_comment: 'text',
        to_code_id: 'bigint',
      })} as said`,
    ),
    takeBack: text(
      knex,
      `update absences set taken_back_at = :now, taken_back_client_id = :client where district_id = :district and id = :id`,
    ),
    // What stood before an absence that is taken back stood before the one that followed on it.
    handOver: text(
      knex,
      `update absence_marks set from_status = :status, from_comment = :comment, from_code_id = :code
      where district_id = :district and enrollment_id = :enrollment and date = :date and absence_id = :absence`,
    ),
  };
}
