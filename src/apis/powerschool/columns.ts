import { preview } from '../../lib/preview';
import type { Field } from './filter';
import { modes } from './tables';

/** The columns of PowerSchool's tables that there are here, by their names, and how each is compared wherever it is. */
export const columnKinds: Readonly<Record<string, Field>> = {
  id: { kind: 'integer' },
  dcid: { kind: 'integer' },
  // ATTENDANCE
  att_mode_code: { kind: 'code', choices: modes },
  att_date: { kind: 'day' },
  schoolid: { kind: 'code' },
  yearid: { kind: 'integer' },
  studentid: { kind: 'integer' },
  ccid: { kind: 'integer' },
  periodid: { kind: 'code' },
  attendance_codeid: { kind: 'integer' },
  att_comment: { kind: 'name' },
  att_interval: { kind: 'integer' },
  start_time: { kind: 'integer' },
  end_time: { kind: 'integer' },
  total_minutes: { kind: 'integer' },
  programid: { kind: 'code' },
  calendar_dayid: { kind: 'code' },
  // ATTENDANCE_CODE
  att_code: { kind: 'code' },
  description: { kind: 'name' },
  presence_status_cd: { kind: 'code', choices: ['Absent', 'Present'] },
  assignment_filter_yn: { kind: 'integer' },
  // CALENDAR_DAY
  date_value: { kind: 'day' },
  insession: { kind: 'integer' },
  note: { kind: 'name' },
  // PERIOD, SPECIAL_PROGRAM
  period_number: { kind: 'code' },
  abbreviation: { kind: 'code' },
  name: { kind: 'name' },
  // CC
  sectionid: { kind: 'integer' },
  course_number: { kind: 'name' },
  section_number: { kind: 'name' },
  dateenrolled: { kind: 'day' },
  dateleft: { kind: 'day' },
  expression: { kind: 'code' },
};

/**
 * A name that is there in two spellings, `STUDENTID` and `studentid`: names come in any case, and of two values only one could
 * be heeded.
 */
export function namedTwice(values: object): { readonly name: string; readonly sent: string } | undefined {
  const met = new Map<string, string>();
  for (const spelling of Object.keys(values)) {
    const name = spelling.toLowerCase();
    const before = met.get(name);
    if (before !== undefined) return { name, sent: `both ${preview(before)} and ${preview(spelling)}` };
    met.set(name, spelling);
  }
  return undefined;
}
