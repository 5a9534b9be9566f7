import { addDays, formatISO, parseISO } from 'date-fns';

export const FIRST_DAY_OF_SCHOOL = '2025-08-25';

/** The day after, or the first. */
export const nextDay = (day: string | undefined): string =>
  day === undefined ? FIRST_DAY_OF_SCHOOL : formatISO(addDays(parseISO(day), 1), { representation: 'date' });
