import { type Answer, call, get } from '../shared/api';
import type { RollSummary } from '../shared/reports';

/** Answers of `/reports` and `/calendars` that the office alone asks for; see `schemas/rollbook/`. */
export interface SchoolToday {
  /** 0 where sections are of no school. */
  readonly school_id: number;
  readonly school: string;
  readonly rolls: number;
  readonly taken: number;
  readonly not_taken: number;
  /** Students of whom something is known on rolls that are not taken. */
  readonly marked: number;
  readonly students: number;
  readonly absent: number;
  readonly excused: number;
  readonly partial: number;
  readonly late: number;
  readonly school_day: boolean;
  readonly reason: string;
}

export type Grouping = 'day' | 'week' | 'month' | 'weekday' | 'school';

export interface Absence {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly AbsenceRow[];
}

export interface AbsenceRow {
  readonly key: string;
  readonly label: string;
  readonly rolls_taken: number;
  readonly assumed: boolean;
  readonly student_days: number;
  readonly absent_days: number;
  readonly excused_days: number;
  readonly partial_days: number;
  readonly late_days: number;
  readonly absence_rate: number | null;
}

export interface Chronic {
  readonly from: string;
  readonly to: string;
  /** Students with fewer counted days are left out. */
  readonly min_days: number;
  readonly total: number;
  readonly enrolled: number;
  readonly share: number | null;
  readonly assumed: boolean;
  readonly bands: readonly Band[];
  readonly students: readonly {
    readonly person_id: number;
    readonly name: string;
    readonly school: string;
    readonly grades: string;
    readonly enrolled_days: number;
    readonly absent_days: number;
    readonly partial_days: number;
    readonly rate: number;
  }[];
}

/** How many miss at least `from` of school, and less than `to`. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly students: number;
}

export interface School {
  readonly id: number;
  readonly name: string;
}

export interface Calendar {
  readonly school: School;
  readonly weekdays: readonly Weekday[];
  readonly days: readonly CalendarDay[];
}

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

export interface CalendarDay {
  readonly date: string;
  readonly school_day: boolean;
  readonly reason: string;
}

/** A path with those of the parameters that are set. */
export function pathOf(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return query ? `${path}?${query}` : path;
}

/** The rolls of a school that were not taken on a day; of sections without a school for 0. */
export async function untakenRolls(school: number, date: string): Promise<readonly RollSummary[]> {
  const path = pathOf('/reports/rolls', { date, taken: 'no', school: school || undefined });
  const { rolls } = await get<{ rolls: readonly (RollSummary & { school_id: number | null })[] }>(path);
  return rolls.filter(({ school_id }) => (school_id ?? 0) === school);
}

/** The days on which rolls were taken, of those that are school days. */
export async function takenDays(school: number, from: string, to?: string): Promise<readonly string[]> {
  const { rows } = await get<Absence>(pathOf('/reports/absence', { by: 'day', school, from, to }));
  return rows.filter(({ rolls_taken }) => rolls_taken > 0).map(({ key }) => key);
}

export const setDays = (school: number, days: readonly CalendarDay[]): Promise<Answer<Calendar>> =>
  call('PUT', `/calendars/${school}`, { body: { days } });

/** What students are who are not marked, on past school days whose roll nobody took. */
export type UntakenRolls = 'unknown' | 'present';

export interface SchoolSettings extends School {
  readonly untaken: UntakenRolls;
}

export const setUntaken = (school: number, untaken: UntakenRolls): Promise<Answer<SchoolSettings>> =>
  call('PATCH', `/schools/${school}`, { body: { untaken } });

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
