import { Status } from '../../../ledger/attendance';
import type { Code } from '../../../ledger/codes';
import type { StandingRecord } from './standing';

/** "all values strings"; what is not there is an empty one. */
const text = (value: string | number | null | undefined): string => String(value ?? '');

/** A record of ATTENDANCE, every column as a string. */
export function attendanceColumns({ id, part, enrollment, year, code }: StandingRecord) {
  return {
    dcid: text(id),
    id: text(id),
    att_mode_code: part.mode,
    att_date: part.date,
    schoolid: text(enrollment.school_number),
    yearid: text(year),
    studentid: text(enrollment.person_id),
    ccid: text(enrollment.id),
    periodid: part.period,
    attendance_codeid: text(code?.id),
    att_comment: part.comment,
    att_interval: text(part.att_interval),
    start_time: text(part.start_time),
    end_time: text(part.end_time),
    total_minutes: text(part.total_minutes),
    programid: part.program,
    calendar_dayid: part.calendar_day,
  };
}

/** "tardies are Present codes in a tardy category; excused is a category, not a column" */
export const codeColumns = (code: Code | undefined) => ({
  att_code: text(code?.code),
  attendance_codeid: text(code?.id),
  yearid: text(code?.year_id),
  description: text(code?.description),
  presence_status_cd: code?.status === Status.absent || code?.status === Status.excused ? 'Absent' : 'Present',
});
