import { InvalidArgumentError } from 'commander';
import { isSchoolDay } from '../days';
import { yearIdOf } from '../roster/school-years';

/** An id given on the command line. */
export function id(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a positive integer.');
  return Number(text);
}

/** The number of the school year `2025-26`, or of `35`, which is it. */
export function schoolYear(text: string): number {
  const id = yearIdOf(text);
  if (id !== undefined) return id;
  throw new InvalidArgumentError('It must be a school year like 2025-26, or its number, like 35.');
}

/** A day. */
export function day(text: string): string {
  if (isSchoolDay(text)) return text;
  throw new InvalidArgumentError('It must be a day, YYYY-MM-DD.');
}
