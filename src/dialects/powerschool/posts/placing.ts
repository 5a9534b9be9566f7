import type { Code } from '../../../ledger/codes';
import { isEnrolled } from '../../../roster/enrolled';
import { yearIdOn } from '../../../roster/school-years';
import { attendingKey, type StudentEnrollment } from '../../../roster/students';
import { type Attendance, isOfClass } from './columns';
import { type Fault, invalid, noAccess, noHomeroom } from './faults';
import type { Known } from './known';

/** A record that fits the roster. */
export interface Placed extends Attendance {
  readonly enrollment: StudentEnrollment;
  readonly code: Code;
}

/** Finds the enrollment and the code of a record, or says why there is none. */
export function place(attendance: Attendance, known: Known): Placed | Fault {
  const school = known.schools.get(attendance.schoolid);
  if (school === undefined) return invalid('schoolid', `There is no school with the number ${attendance.schoolid}.`);
  const code = codeOf(attendance, school, known);
  if ('fault' in code) return code;
  const enrollment = isOfClass(attendance)
    ? classOf(attendance, school, known.enrollments)
    : homeroomOf(attendance, school, known);
  return 'fault' in enrollment ? enrollment : { ...attendance, enrollment, code };
}

/** "ATTENDANCE_CODE belongs to one school and one year"; "yearid must fit att_date" */
function codeOf(attendance: Attendance, school: number, { years, codes }: Known): Code | Fault {
  const { att_date: date, schoolid, yearid, attendance_codeid: id } = attendance;
  const year = yearIdOn(date, years);
  if (yearid !== year) return invalid('yearid', `The yearid of ${date} is ${year}, not ${yearid}.`);
  const code = codes.get(id);
  if (code?.school_id === school && code.year_id === year) return code;
  return invalid('attendance_codeid', `School ${schoolid} has no attendance code ${id} in year ${year}.`);
}

/** "Daily: the student's enrollment in a `homeroom` section of that school active on the date" */
function homeroomOf(attendance: Attendance, school: number, known: Known): StudentEnrollment | Fault {
  const { studentid: student, att_date: date, schoolid } = attendance;
  const homeroom = known.homerooms.get(attendingKey({ student, date, school }));
  if (homeroom) return homeroom.writable ? homeroom : noAccess(student);
  const enrolled = inSchool(attendance, school, known.enrollments);
  if ('fault' in enrolled) return enrolled;
  const another = enrolled.find(({ class_type }) => class_type === 'homeroom');
  if (another) return outside(date, another);
  return noHomeroom(`Student ${student} has no homeroom section in school ${schoolid}.`);
}

/** "ccid must be the student's, in that school, active that day"; without one, the only class with that period. */
function classOf(
  attendance: Attendance,
  school: number,
  enrollments: readonly StudentEnrollment[],
): StudentEnrollment | Fault {
  const { ccid, att_date: date, studentid, schoolid } = attendance;
  const named = enrollments.find(({ id, person_id }) => id === ccid && person_id === studentid);
  if (named && !named.writable) return noAccess(studentid);
  const enrolled = inSchool(attendance, school, enrollments);
  if ('fault' in enrolled) return enrolled;
  if (ccid === undefined) return byPeriod(attendance, enrolled);
  const enrollment = enrolled.find(({ id }) => id === ccid);
  if (!enrollment) return invalid('ccid', `Student ${studentid} has no enrollment ${ccid} in school ${schoolid}.`);
  return isActive(enrollment, date) ? enrollment : outside(date, enrollment);
}

function byPeriod(
  { periodid, studentid, att_date: date }: Attendance,
  enrolled: readonly StudentEnrollment[],
): StudentEnrollment | Fault {
  if (periodid === undefined) return invalid('ccid', 'ccid is missing, and so is a periodid to find it by.');
  const classes = enrolled.filter((each) => isActive(each, date) && periodsOf(each).includes(periodid));
  if (classes.length === 1) return classes[0]!;
  const found = `Student ${studentid} has ${classes.length} classes in period ${periodid} on ${date}`;
  return invalid('periodid', `${found}; without a ccid there must be one.`);
}

/** The student's enrollments there, of those that the person acted for teaches still. */
function inSchool(
  { studentid, att_date: date, schoolid }: Attendance,
  school: number,
  enrollments: readonly StudentEnrollment[],
): StudentEnrollment[] | Fault {
  const enrolled = enrollments.filter(({ person_id, school_id }) => person_id === studentid && school_id === school);
  const writable = enrolled.filter((enrollment) => enrollment.writable);
  if (writable.length > 0) return writable;
  return enrolled.length > 0
    ? noAccess(studentid)
    : invalid('studentid', `No student ${studentid} in school ${schoolid} on ${date}.`);
}

export const periodsOf = ({ periods }: Pick<StudentEnrollment, 'periods'>): string[] =>
  periods
    .split(',')
    .map((period) => period.trim())
    .filter(Boolean);

export const isActive = (enrollment: StudentEnrollment, date: string): boolean =>
  isEnrolled(date, enrollment, enrollment.kept);

/** "An enrollment's last day is exclusive." */
const outside = (date: string, { id, begin_date, end_date }: StudentEnrollment): Fault =>
  invalid('att_date', `Enrollment ${id} runs from ${begin_date} until before ${end_date}; ${date} is outside of it.`);
