import { ofPerson, type PersonalData, usual } from '../database/personal-data';
import { NONE, placeOf, yearOfDay } from './chronic';

/** What reports have counted of a person. */
export const reportPersonalData: readonly PersonalData[] = [
  {
    name: 'counted_students',
    table: 'counted_students',
    where: ofPerson,
    key: ['year', 'school_id'],
    columns: {
      district_id: usual.district_id,
      year: 'the school year, by the year it starts in',
      school_id: 'the school, 0 for none',
      person_id: 'the student',
      days: 'a letter a day, from July 1 on',
    },
  },
];

/**
 * Statements that forget what they have counted of the days `from` to before `to`; counting that is under way begins
 * anew. The line of a student holds twelve months from July on, whatever the school year of the district is.
 */
export function forgetCountedDays(from: string, to: string) {
  const version = 'update counted_schools set version = version + 1 where district_id = :district';
  const days = 'delete from counted_days where district_id = :district and date >= :from and date < :to';
  const blank = `update counted_students
    set days = substr(days, 1, cast(:start as integer))
      || substr(cast(:none as text), 1, length(days) - cast(:start as integer))
      || substr(days, cast(:start as integer) + cast(:length as integer) + 1)
    where district_id = :district and year = :year and length(days) > cast(:start as integer)`;
  const empty =
    "delete from counted_students where district_id = :district and year = :year and replace(days, '.', '') = ''";
  return [
    { sql: version, values: {} },
    { sql: days, values: { from, to } },
    ...linesBetween(from, to).flatMap(({ year, start, length }) => [
      { sql: blank, values: { year, start, length, none: NONE.repeat(length) } },
      { sql: empty, values: { year } },
    ]),
  ];
}

/** The places of these days in the lines of each year that they touch. */
function linesBetween(from: string, to: string): { year: number; start: number; length: number }[] {
  const lines: { year: number; start: number; length: number }[] = [];
  for (let year = yearOfDay(from); `${year}-07-01` < to; year++) {
    const first = from > `${year}-07-01` ? from : `${year}-07-01`;
    const length = daysBetween(first, to < `${year + 1}-07-01` ? to : `${year + 1}-07-01`);
    lines.push({ year, start: placeOf(first), length });
  }
  return lines;
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
