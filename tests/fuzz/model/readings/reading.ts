import { type Day, dates, type Section, sectionNames } from '../roster';

/** What each API is to say of the model, beside what it says: a reading is right where both are the same. */
export interface Reading {
  readonly said: unknown;
  readonly expected: unknown;
}

/** Every section on every day that is written to. */
export const meetings = sectionNames.flatMap((section) => dates.map((date): [Section, Day] => [section, date]));
