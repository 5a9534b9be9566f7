import type { Database } from '../database/database';
import { text } from '../database/query';

/** A school year by the days of its session; `end_date` is exclusive. */
export interface SchoolYear {
  readonly begin_date: string;
  readonly end_date: string;
}

/** Years are numbered from the one that started in this year: 2025-26 is 35. */
export const YEAR_ZERO = 1990;
/** A day outside every session belongs to the year that starts, or started last, in July. */
const FIRST_MONTH = '07';

/** The school years of a district, as its sessions have them, the latest first. */
export function openSchoolYears(database: Database) {
  const find = text(
    database.knex,
    `select terms.begin_date, terms.end_date
    from terms
    where terms.district_id = :district and terms.type = 'schoolYear' and terms.active
    order by terms.begin_date desc, terms.id`,
  );
  return (district: number): Promise<SchoolYear[]> => database.all(find, { district });
}

/** The number of the school year that the date is in: the year it starts, less 1990. */
export function yearIdOn(date: string, years: readonly SchoolYear[]): number {
  const session = years.find(({ begin_date, end_date }) => begin_date <= date && date < end_date);
  if (session) return Number(session.begin_date.slice(0, 4)) - YEAR_ZERO;
  return Number(date.slice(0, 4)) - YEAR_ZERO - (date.slice(5, 7) < FIRST_MONTH ? 1 : 0);
}

/** The first day of the school year that the date is in. */
export function startOfYear(date: string, years: readonly SchoolYear[]): string {
  const session = years.find(({ begin_date, end_date }) => begin_date <= date && date < end_date);
  return session?.begin_date ?? `${yearIdOn(date, years) + YEAR_ZERO}-${FIRST_MONTH}-01`;
}

/** `2025-26` of 35. */
export const yearNamed = (id: number): string =>
  `${id + YEAR_ZERO}-${String((id + YEAR_ZERO + 1) % 100).padStart(2, '0')}`;

/** 35 of `2025-26`, or of `35`; undefined where it names no school year. */
export function yearIdOf(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const id = Number(text.slice(0, 4)) - YEAR_ZERO;
  return /^\d{4}-\d{2}$/.test(text) && yearNamed(id) === text ? id : undefined;
}
