import { FIRST_DAY, LAST_DAY } from '../../../days';
import { Problem } from '../../../errors';
import { shown } from '../../../shown';
import { type Column, columns, isAbsent, textOf, type Values } from '../posts/columns';
import { type Mode, modes } from '../posts/modes';

/** The arguments of a query, as sent: texts, numbers, lists. Names come in any case. */
export type Arguments = Readonly<Record<string, unknown>>;

/** How many students one query takes. */
const MAX_STUDENTS = 1_000;

/** An argument that a query cannot do without, read as the column of that name. */
export function argument<Name extends keyof Values>(sent: Arguments, name: Name): Required<Values>[Name] {
  const value = sentAs(sent, name);
  if (isAbsent(value)) throw wrong(name, 'Missing', `${name} is missing; the query needs it`);
  return read(name, columns[name] as Column<Required<Values>[Name]>, value);
}

/** A day that bounds a query; without it, there is no bound. */
export const bound = (sent: Arguments, name: string, end: 'first' | 'last'): string => {
  const value = sentAs(sent, name);
  if (isAbsent(value)) return end === 'first' ? FIRST_DAY : LAST_DAY;
  return read(name, columns.att_date, value);
};

/** A list of students: `students_dcid`, a list or one of them, or comma-separated. */
export function students(sent: Arguments): number[] {
  const list = listOf(sent, 'students_dcid');
  if (list.length === 0) throw wrong('students_dcid', 'Missing', 'students_dcid is missing; the query needs it');
  if (list.length > MAX_STUDENTS)
    throw wrong('students_dcid', 'TooMany', `at most ${MAX_STUDENTS} students, ${list.length} sent`);
  return list.map((value) => read('students_dcid', columns.studentid, value));
}

/** The modes asked for; all of them where none is. */
export function modesOf(sent: Arguments): readonly Mode[] {
  const list = listOf(sent, 'attendance_att_mode_code');
  const unknown = list.find((mode) => !(modes as readonly unknown[]).includes(mode));
  if (unknown !== undefined)
    throw wrong('attendance_att_mode_code', 'InvalidValue', `some of ${modes.join(', ')}, not ${shown(unknown)}`);
  return list.length > 0 ? (list as Mode[]) : modes;
}

function listOf(sent: Arguments, name: string): unknown[] {
  return [sentAs(sent, name)]
    .flat()
    .flatMap((value) => (typeof value === 'string' ? value.split(',').map((each) => each.trim()) : [value]))
    .filter((value) => !isAbsent(value));
}

function sentAs(sent: Arguments, name: string): unknown {
  return Object.entries(sent).find(([key]) => key.toLowerCase() === name)?.[1];
}

function read<Value>(name: string, { right, read }: Column<Value>, value: unknown): Value {
  const text = textOf(value);
  const result = text === undefined ? undefined : read(text);
  if (result === undefined) throw wrong(name, 'InvalidValue', `${name} must be ${right}, not ${shown(value)}`);
  return result;
}

const wrong = (field: string, rule: string, message: string) =>
  new Problem('BODY_INVALID', message, { violations: [{ field, rule, message }] });
