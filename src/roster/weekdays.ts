/** The days of the week in the order of ISO 8601, in which 1 is Monday. */
export const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdayNames)[number];

/** On which a school is open where nobody says otherwise: `12345`, Monday to Friday. */
export const USUAL_WEEK = '12345';

/** The names of the days in a week as it is stored: `17` is Monday and Sunday. */
export const weekOf = (stored: string): Weekday[] => [...stored].map((digit) => weekdayNames[Number(digit) - 1]!);

/** A week as it is stored; each day once, in their order. */
export const storedWeek = (days: readonly Weekday[]): string =>
  weekdayNames.flatMap((name, index) => (days.includes(name) ? [index + 1] : [])).join('');

/** Whether the school is open on the weekday of the date. */
export const isOpenOn = (stored: string, date: string): boolean =>
  stored.includes(String(new Date(`${date}T00:00:00Z`).getUTCDay() || 7));

/** The days that `sun-thu`, `mon,tue,sat` or `Monday-Saturday` names; undefined where it names none. */
export function readWeek(text: string): Weekday[] | undefined {
  const days = new Set<Weekday>();
  for (const part of text.toLowerCase().split(',')) {
    const ends = part.split('-').map((name) => numberOf(name.trim()));
    if (ends.length > 2 || ends.includes(undefined)) return undefined;
    const to = ends.at(-1)!;
    for (let at = ends[0]!; ; at = (at + 1) % 7) {
      days.add(weekdayNames[at]!);
      if (at === to) break;
    }
  }
  return weekdayNames.filter((name) => days.has(name));
}

/** From 0; a name may be cut to no less than two letters. */
function numberOf(name: string): number | undefined {
  const number = name.length < 2 ? -1 : weekdayNames.findIndex((known) => known.startsWith(name));
  return number < 0 ? undefined : number;
}
