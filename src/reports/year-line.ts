import type { Status } from '../ledger/attendance';
import type { Day } from './rule';

/** As a roll book has it; small where the student was away in some of the day's classes, but in less than half of them. */
const letters: Readonly<Record<Status, string>> = { 1: 'P', 2: 'A', 3: 'L', 4: 'E' };
/** A day of which nothing is known. */
export const NONE = '.';
const letterOf = ({ status, partial }: Day): string => (partial ? letters[status].toLowerCase() : letters[status]);
const code = (letter: string): number => letter.charCodeAt(0);
const [ABSENT, EXCUSED, UNKNOWN] = [code(letters[2]), code(letters[4]), code(NONE)];
const partials = new Set(['p', 'l'].map(code));

/** The school year that the day is in, by the year it starts in, in July. */
export const yearOfDay = (date: string): number => Number(date.slice(0, 4)) - (date.slice(5, 7) < '07' ? 1 : 0);

/** Where the day is in the lines of its school year, from 0. */
export const placeOf = (date: string): number =>
  (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${yearOfDay(date)}-07-01T00:00:00Z`)) / 86_400_000;

/** The line with another day, or without it where nothing is known of it. */
export const withDay = (line: string, place: number, day: Day | undefined): string =>
  day === undefined && place >= line.length
    ? line
    : line.padEnd(place, NONE).slice(0, place) + (day ? letterOf(day) : NONE) + line.slice(place + 1);

/** Days of a student of which something is known. */
export interface DayCounts {
  enrolled: number;
  /** Away, excused or not. */
  absent: number;
  excused: number;
  partial: number;
}

/** What the days at these places come to. */
export function tally(line: string, places: readonly number[]): DayCounts {
  const days = { enrolled: 0, absent: 0, excused: 0, partial: 0 };
  for (const place of places) {
    const letter = line.charCodeAt(place);
    if (Number.isNaN(letter) || letter === UNKNOWN) continue;
    days.enrolled++;
    if (letter === ABSENT || letter === EXCUSED) days.absent++;
    if (letter === EXCUSED) days.excused++;
    if (partials.has(letter)) days.partial++;
  }
  return days;
}
