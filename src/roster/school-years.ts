import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { day, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';

/** A school year as the sessions of a district have it. */
export interface SchoolYear {
  /** The number of the year: the one it starts in, less 1990. */
  readonly id: number;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
}

/** A session of the SIS, of whatever type. */
const sessionRow = { type: string, begin_date: day, end_date: day, school_year: string };
type Session = RowOf<typeof sessionRow>;

/** Years are numbered from the one that started in this year: 2025-26 is 35. */
export const YEAR_ZERO = 1990;
/** A day outside every session belongs to the year that starts, or started last, in July. */
const FIRST_MONTH = '07';
/** No school year is longer; a session that is says nothing of one. */
const MOST_DAYS = 400;
const MILLISECONDS_A_DAY = 86_400_000;

/**
 * The school years of a district, the earliest first: from its sessions of the type `schoolYear`; a year of which there
 * is none, from the span of its terms.
 */
export function openSchoolYears(database: Database) {
  const find = text(
    database.knex,
    `select terms.type, terms.begin_date, terms.end_date, terms.school_year
    from terms
    where terms.district_id = :district and terms.active
    order by terms.begin_date, terms.id`,
    sessionRow,
  );
  return async (district: number, executor: Executor = database): Promise<SchoolYear[]> =>
    schoolYearsOf(await executor.all(find, { district }));
}

/** The school years that sessions make, in the order of their beginnings. */
export function schoolYearsOf(sessions: readonly Session[]): SchoolYear[] {
  const dated = sessions.filter(
    ({ begin_date, end_date }) =>
      begin_date > FIRST_DAY && end_date < LAST_DAY && begin_date < end_date && days(begin_date, end_date) <= MOST_DAYS,
  );
  const isYear = ({ type }: Session) => type.toLowerCase() === 'schoolyear';
  const said = byId(dated.filter(isYear).map(spanOf));
  const made = byId(spansOf(dated.filter((session) => !isYear(session))));
  const years = [...said.values(), ...[...made.values()].filter(({ id }) => !said.has(id))];
  return years.sort((one, other) => one.id - other.id);
}

const spanOf = ({ begin_date, end_date }: Pick<Session, 'begin_date' | 'end_date'>): SchoolYear => ({
  id: Number(begin_date.slice(0, 4)) - YEAR_ZERO,
  begin_date,
  end_date,
});

/** Schools of a district may begin and end on different days: their year is from the first to the last of these. */
function byId(spans: readonly SchoolYear[]): Map<number, SchoolYear> {
  const years = new Map<number, SchoolYear>();
  for (const span of spans) years.set(span.id, united(years.get(span.id), span));
  return years;
}

function united(one: SchoolYear | undefined, other: SchoolYear): SchoolYear {
  if (!one) return other;
  const [begin_date] = [one.begin_date, other.begin_date].sort();
  const [, end_date] = [one.end_date, other.end_date].sort();
  return { id: one.id, begin_date: begin_date!, end_date: end_date! };
}

/** Terms that say the same `schoolYear` are one span; those that say none, as many as fit into a year after the first. */
function spansOf(terms: readonly Session[]): SchoolYear[] {
  const spans: { label: string; span: SchoolYear }[] = [];
  for (const term of terms) {
    const label = term.school_year;
    const open = spans.findLast((known) => known.label === label);
    const longer = united(open?.span, spanOf(term));
    const fits = days(longer.begin_date, longer.end_date) <= (label === '' ? 366 : MOST_DAYS);
    if (open && fits) open.span = longer;
    else spans.push({ label, span: spanOf(term) });
  }
  return spans.map(({ span }) => span);
}

const days = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / MILLISECONDS_A_DAY;

/** The number of the school year that the date is in. Later days are never in earlier years. */
export function yearIdOn(date: string, years: readonly SchoolYear[]): number {
  const begun = years.findLast(({ begin_date }) => begin_date <= date);
  if (begun && date < begun.end_date) return begun.id;
  const july = Number(date.slice(0, 4)) - YEAR_ZERO - (date.slice(5, 7) < FIRST_MONTH ? 1 : 0);
  return Math.max(july, begun?.id ?? july);
}

/** The first day of a school year, and the one after its last. */
export const daysOfYear = (id: number, years: readonly SchoolYear[]): { from: string; to: string } => ({
  from: firstDayOf(id, years),
  to: firstDayOf(id + 1, years),
});

/** The first day that is in this year, or in one after it; it is found by halves, since days are in the order of years. */
function firstDayOf(id: number, years: readonly SchoolYear[]): string {
  let [before, at] = [numberOf(`${id + YEAR_ZERO - 1}-01-01`), numberOf(`${id + YEAR_ZERO + 1}-12-31`)];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (yearIdOn(dayAt(middle), years) >= id) at = middle;
    else before = middle;
  }
  return dayAt(at);
}

const numberOf = (date: string): number => Date.parse(date) / MILLISECONDS_A_DAY;
const dayAt = (number: number): string => new Date(number * MILLISECONDS_A_DAY).toISOString().slice(0, 10);

/** The first day of the school year that the date is in. */
export function startOfYear(date: string, years: readonly SchoolYear[]): string {
  const session = years.find(({ begin_date, end_date }) => begin_date <= date && date < end_date);
  return session?.begin_date ?? daysOfYear(yearIdOn(date, years), years).from;
}

/** Whether a school year is over on a day: another one has begun, and no school of the district is still in it. */
export const isOver = (id: number, today: string, years: readonly SchoolYear[]): boolean =>
  id < yearIdOn(today, years) && !years.some((year) => year.id === id && year.end_date > today);

/** `2025-26` of 35. */
export const yearNamed = (id: number): string =>
  `${id + YEAR_ZERO}-${String((id + YEAR_ZERO + 1) % 100).padStart(2, '0')}`;

/** 35 of `2025-26`, or of `35`; undefined where it names no school year. */
export function yearIdOf(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const id = Number(text.slice(0, 4)) - YEAR_ZERO;
  return /^\d{4}-\d{2}$/.test(text) && yearNamed(id) === text ? id : undefined;
}
