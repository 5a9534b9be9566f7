import type { Status } from '../ledger/attendance';

/** As a roll book has it. */
const letters: Readonly<Record<Status, string>> = { 1: 'P', 2: 'A', 3: 'L', 4: 'E' };
/** A day of which nothing is known. */
const NONE = '.';
const [PRESENT, ABSENT, LATE, EXCUSED] = [letters[1], letters[2], letters[3], letters[4]].map((letter) =>
  letter!.charCodeAt(0),
);

/** The school year that the day is in, by the year it starts in, in July. */
export const yearOfDay = (date: string): number => Number(date.slice(0, 4)) - (date.slice(5, 7) < '07' ? 1 : 0);

/** Where the day is in the lines of its school year, from 0. */
export const placeOf = (date: string): number =>
  (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${yearOfDay(date)}-07-01T00:00:00Z`)) / 86_400_000;

/** The line with another day, or without it where nothing is known of it. */
export const withDay = (line: string, place: number, status: Status | undefined): string =>
  status === undefined && place >= line.length
    ? line
    : line.padEnd(place, NONE).slice(0, place) + (status ? letters[status] : NONE) + line.slice(place + 1);

/** Of how many of the days something is known, and on how many the student was away, excused or not. */
export function tally(line: string, places: readonly number[]): { enrolled: number; absent: number } {
  let [enrolled, absent] = [0, 0];
  for (const place of places) {
    const letter = line.charCodeAt(place);
    if (letter === PRESENT || letter === LATE) enrolled++;
    else if (letter === ABSENT || letter === EXCUSED) {
      enrolled++;
      absent++;
    }
  }
  return { enrolled, absent };
}
