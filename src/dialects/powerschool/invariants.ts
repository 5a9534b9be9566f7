import type { Invariant } from '../../database/invariants';
import { besideEntries } from '../beside';

const part = `powerschool_attendance.id, powerschool_attendance.district_id, powerschool_attendance.section_id,
  powerschool_attendance.date, powerschool_attendance.enrollment_id`;

/**
 * Of the parts of a day. That the mark is what they come to cannot be asked: another API may have changed it since,
 * and it then stands until a part of that day is posted again.
 */
export const powerschoolInvariants: readonly Invariant[] = [
  besideEntries('powerschool_attendance'),
  {
    name: 'powerschool_attendance_section',
    table: 'powerschool_attendance',
    level: 'error',
    right: 'A part is in the section of its enrollment.',
    broken: `select ${part}, enrollments.section_id as enrollment_section
      from powerschool_attendance
      join enrollments on enrollments.id = powerschool_attendance.enrollment_id
      where enrollments.section_id <> powerschool_attendance.section_id`,
  },
  {
    name: 'powerschool_attendance_code',
    table: 'powerschool_attendance',
    level: 'error',
    right: 'The code of a part is one of its district.',
    broken: `select ${part}, powerschool_attendance.code_id
      from powerschool_attendance
      left join attendance_codes on attendance_codes.id = powerschool_attendance.code_id
        and attendance_codes.district_id = powerschool_attendance.district_id
      where attendance_codes.id is null`,
  },
];
