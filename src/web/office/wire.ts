import type { Calendar, CalendarDay, Weekday } from '../../../schemas/rollbook/calendars';
import type { ImportReport } from '../../../schemas/rollbook/marks';
import type { Absence, RollSummary, Rolls } from '../../../schemas/rollbook/reports';
import type { SchoolChange, SchoolSettings } from '../../../schemas/rollbook/schools';
import { type Answer, call, get } from '../shared/api';
import { todayIn } from '../shared/days';
import { session } from '../shared/session';

export type School = Calendar['school'];

/** A path with those of the parameters that are set. */
export function pathOf(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return query ? `${path}?${query}` : path;
}

/** The rolls of a school that were not taken on a day; of sections without a school for 0. */
export async function untakenRolls(school: number, date: string): Promise<readonly RollSummary[]> {
  const path = pathOf('/reports/rolls', { date, taken: 'no', school: school || undefined });
  const { rolls } = await get<Rolls>(path);
  return rolls.filter(({ school_id }) => (school_id ?? 0) === school);
}

/**
 * The days on which rolls were taken, of a school or of all, as far as they are school days: none that are to come, of which no
 * report tells.
 */
export async function takenDays(school: number | undefined, from: string, to?: string): Promise<readonly string[]> {
  const { today, district } = session.value!;
  if (from > today && from > todayIn(district.time_zone)) return [];
  const { rows } = await get<Absence>(pathOf('/reports/absence', { by: 'day', school, from, to }));
  return rows.filter(({ rolls_taken }) => rolls_taken > 0).map(({ key }) => key);
}

export const setDays = (school: number, days: readonly CalendarDay[]): Promise<Answer<Calendar>> =>
  call('PUT', `/calendars/${school}`, { body: { days } });

export const setSchool = (school: number, change: SchoolChange): Promise<Answer<SchoolSettings>> =>
  call('PATCH', `/schools/${school}`, { body: change });

/** Says on which weekdays a school is open, or all schools of the district are. */
export const setWeek = (school: number | 'all', weekdays: readonly Weekday[]): Promise<Answer<unknown>> =>
  school === 'all'
    ? call('PUT', '/calendars/', { body: { schools: school, weekdays } })
    : call('PUT', `/calendars/${school}`, { body: { weekdays } });

/** Sets the same days in all schools of the district. */
export const setDaysOfAll = (days: readonly CalendarDay[]): Promise<Answer<unknown>> =>
  call('PUT', '/calendars/', { body: { schools: 'all', days } });

/** Sets the days of a list in CSV: `date,school_day,reason`. */
export const importDays = (
  school: number,
  { bytes, type }: { bytes: ArrayBuffer; type: string },
): Promise<Answer<Calendar>> => call('PUT', `/calendars/${school}`, { body: bytes, type });

/** What is to be said of a student in a class on a day: a status in a word, or a code of the school. */
export interface SentMark {
  readonly enrollment: number;
  readonly date: string;
  readonly status?: string;
  readonly code?: string;
  readonly comment: string;
}

/** Says it; throws what the server has against it. */
export async function setMark(mark: SentMark): Promise<void> {
  const { body } = await call<ImportReport>('POST', '/marks', { body: { marks: [mark] } });
  const [row] = body.rows;
  if (row?.outcome === 'refused') throw new Error(row.message);
}
