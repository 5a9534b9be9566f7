import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { day, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';

/** A school year as the sessions of a district have it. */
export interface SchoolYear {
  /** The year it starts in: 2025 of 2025-26. */
  readonly year: number;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
}

/** A session of the SIS, of whatever type. */
const sessionRow = { type: string, begin_date: day, end_date: day, school_year: string };
type Session = RowOf<typeof sessionRow>;

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
  const said = byYear(dated.filter(isYear).map(spanOf));
  const made = byYear(spansOf(dated.filter((session) => !isYear(session))));
  const years = [...said.values(), ...[...made.values()].filter(({ year }) => !said.has(year))];
  return years.sort((one, other) => one.year - other.year);
}

const spanOf = ({ begin_date, end_date }: Pick<Session, 'begin_date' | 'end_date'>): SchoolYear => ({
  year: Number(begin_date.slice(0, 4)),
  begin_date,
  end_date,
});

/** Schools of a district may begin and end on different days: their year is from the first to the last of these. */
function byYear(spans: readonly SchoolYear[]): Map<number, SchoolYear> {
  const years = new Map<number, SchoolYear>();
  for (const span of spans) years.set(span.year, united(years.get(span.year), span));
  return years;
}

function united(one: SchoolYear | undefined, other: SchoolYear): SchoolYear {
  if (!one) return other;
  const [begin_date] = [one.begin_date, other.begin_date].sort();
  const [, end_date] = [one.end_date, other.end_date].sort();
  return { year: one.year, begin_date: begin_date!, end_date: end_date! };
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

/** The school year that the date is in, by the year it starts in. Later days are never in earlier years. */
export function schoolYearOn(date: string, years: readonly SchoolYear[]): number {
  const begun = years.findLast(({ begin_date }) => begin_date <= date);
  if (begun && date < begun.end_date) return begun.year;
  const july = Number(date.slice(0, 4)) - (date.slice(5, 7) < FIRST_MONTH ? 1 : 0);
  return Math.max(july, begun?.year ?? july);
}

/** The first day of a school year, and the one after its last. */
export const daysOfYear = (year: number, years: readonly SchoolYear[]): { from: string; to: string } => ({
  from: firstDayOf(year, years),
  to: firstDayOf(year + 1, years),
});

/** The first day that is in this year, or in one after it; it is found by halves, since days are in the order of years. */
function firstDayOf(year: number, years: readonly SchoolYear[]): string {
  let [before, at] = [numberOf(`${year - 1}-01-01`), numberOf(`${year + 1}-12-31`)];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (schoolYearOn(dayAt(middle), years) >= year) at = middle;
    else before = middle;
  }
  return dayAt(at);
}

const numberOf = (date: string): number => Date.parse(date) / MILLISECONDS_A_DAY;
const dayAt = (number: number): string => new Date(number * MILLISECONDS_A_DAY).toISOString().slice(0, 10);

/** The first day of the school year that the date is in. */
export function startOfYear(date: string, years: readonly SchoolYear[]): string {
  const session = years.find(({ begin_date, end_date }) => begin_date <= date && date < end_date);
  return session?.begin_date ?? daysOfYear(schoolYearOn(date, years), years).from;
}

/** Whether a school year is over on a day: another one has begun, and no school of the district is still in it. */
export const isOver = (year: number, today: string, years: readonly SchoolYear[]): boolean =>
  year < schoolYearOn(today, years) && !years.some((each) => each.year === year && each.end_date > today);

/** `2025-26` of 2025. */
export const yearNamed = (year: number): string => `${year}-${String((year + 1) % 100).padStart(2, '0')}`;

/** 2025 of `2025-26`; undefined where it names no school year. */
export function yearOfName(text: string): number | undefined {
  const year = Number(text.slice(0, 4));
  return /^\d{4}-\d{2}$/.test(text) && yearNamed(year) === text ? year : undefined;
}
