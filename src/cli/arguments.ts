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

/** How many of something. */
export function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 999999.');
}

const seconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** How many seconds `90s`, `30m`, `24h`, `7d` or `0` is. */
export function duration(text: string): number {
  const [, count, unit = 's'] = /^(?:(\d{1,5})([smhd])|0)$/.exec(text) ?? [];
  if (text === '0') return 0;
  if (count !== undefined) return Number(count) * seconds[unit]!;
  throw new InvalidArgumentError('It must be a time like 90s, 30m, 24h or 7d, or 0.');
}

/** A day. */
export function day(text: string): string {
  if (isSchoolDay(text)) return text;
  throw new InvalidArgumentError('It must be a day, YYYY-MM-DD.');
}
