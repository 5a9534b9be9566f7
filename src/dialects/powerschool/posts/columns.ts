import { isSchoolDay } from '../../../days';
import { commentFault } from '../../../ledger/check';
import { shown } from '../../../shown';
import { type Fault, invalid, missing } from './faults';
import { type Mode, requiredIn } from './modes';

/** A column as it is sent and as it is meant. */
export interface Column<Value> {
  /** What would be right. */
  readonly right: string;
  /** The value; undefined where it is wrong. */
  read(text: string): Value | undefined;
}

const whole = (least: number, most: number): Column<number> => ({
  right: `a whole number from ${least} to ${most}`,
  read: (text) => (/^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
});
const id: Column<number> = {
  right: 'an id, a whole number from 1',
  read: (text) => (/^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : undefined),
};
const word: Column<string> = {
  right: 'a word of up to 24 characters',
  read: (text) => (/^[\p{L}\p{N}\p{P}\p{S} ]{1,24}$/u.test(text) ? text : undefined),
};
/** `YYYY-MM-DD`; its sister APIs take `MM/DD/YYYY` too. */
const day: Column<string> = {
  right: 'a day, YYYY-MM-DD or MM/DD/YYYY',
  read(text) {
    const date = text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$1-$2');
    return isSchoolDay(date) ? date : undefined;
  },
};
const comment: Column<string> = {
  right: 'text of up to 2000 characters that XML can carry',
  read: (text) => (commentFault(text) ? undefined : text),
};
const mode: Column<Mode> = { right: 'a mode', read: (text) => text as Mode };
const MIDNIGHT = 86_400;

/** Every column of ATTENDANCE that is read here. */
export const columns = {
  studentid: id,
  att_date: day,
  schoolid: word,
  yearid: whole(-21, 300),
  att_mode_code: mode,
  attendance_codeid: id,
  calendar_dayid: word,
  att_comment: comment,
  programid: word,
  total_minutes: whole(0, 1_440),
  dcid: { ...id, right: 'the id of a record, or 0 for a new one', read: whole(0, Number.MAX_SAFE_INTEGER).read },
  ccid: id,
  periodid: word,
  att_interval: whole(0, 9_999),
  start_time: whole(0, MIDNIGHT),
  end_time: whole(0, MIDNIGHT),
} satisfies Record<string, Column<unknown>>;

export type Values = {
  -readonly [Name in keyof typeof columns]?: NonNullable<ReturnType<(typeof columns)[Name]['read']>>;
};
type Needed = 'studentid' | 'att_date' | 'schoolid' | 'yearid' | 'att_mode_code' | 'attendance_codeid';

/** A record whose columns are what they should be; whether they fit the roster is not yet known. */
export type Attendance = Readonly<Values & Required<Pick<Values, Needed>>>;

/** "Every value may be a string, numbers too; `""` and null mean absent", but for a comment, which they clear. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || textOf(value) === '';

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined;

/** Reads the columns of one record, or says which is wrong, what was sent, and what would be right. */
export function attendanceOf(sent: Readonly<Record<string, unknown>>): Attendance | Fault {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(sent)) {
    if (isAbsent(value)) {
      if (name === 'att_comment') values.att_comment = ''; // "empty clears it"
      continue;
    }
    const { right, read }: Column<unknown> = columns[name as keyof typeof columns];
    const text = textOf(value);
    values[name] = text === undefined ? undefined : read(text);
    if (values[name] === undefined) return invalid(name, `${name} must be ${right}, not ${shown(value)}.`);
  }
  const attendance = values as Attendance;
  const lacking = requiredIn(attendance.att_mode_code).find((name) => values[name] === undefined);
  if (lacking) return missing(lacking, attendance.att_mode_code);
  return timeFault(attendance) ?? attendance;
}

/** Start and end may be equal: that occurs. */
function timeFault({ start_time: start, end_time: end }: Attendance): Fault | undefined {
  if (start === undefined || end === undefined || start <= end) return undefined;
  return invalid('end_time', `end_time ${end} is before start_time ${start}; both are seconds since midnight.`);
}

/** Whether the record is of a class, rather than of the student's day in the school. */
export const isOfClass = ({ att_mode_code }: Attendance): boolean =>
  att_mode_code === 'ATT_ModeMeeting' || att_mode_code === 'ATT_ModeInterval';
