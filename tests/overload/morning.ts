import { idOn } from '../../src/days';
import type { Batch } from '../bench/limits/rows';
import { bearer, wire } from '../bench/load/request';
import type { School } from '../bench/school/build';
import { schoolDays, sectionsUpTo } from '../bench/school/sizes';
import { month, putJson, roll } from '../bench/school/traffic';
import type { Arrivals } from './arrivals';

const DAYS = 5;

/** What a school's morning brings: rolls, months that front ends show, and now and then a page of another API. */
export function morning({ sections, client }: School): Arrivals['requests'] {
  const rolls = Array.from({ length: 2 * DAYS }, (_, index) => index).flatMap((index) =>
    sectionsUpTo(sections).map((section) => putJson(changing(section, index), client)),
  );
  return rolls.flatMap((bytes, index) => {
    const section = 1 + (index % sections);
    const day = schoolDays[index % schoolDays.length]!;
    return [
      { kind: 'roll', bytes },
      { kind: 'month', bytes: month(section, bearer(client)) },
      { kind: 'month', bytes: month(1 + ((index * 7) % sections), bearer(client)) },
      index % 2 === 0
        ? { kind: 'event', bytes: event(section, day, client.token) }
        : { kind: 'heavy', bytes: missed(client.token) },
    ];
  });
}

/** The roll of one of the days, each time another than it was the last time, so that it changes what stands. */
function changing(section: number, index: number): Batch {
  const { marks } = roll(section, index >> 1);
  const other = roll(section, (index >> 1) + 11 * (index % 2)).marks;
  return {
    section,
    marks: marks.map(([date, enrollment], at) => [date, enrollment, other[at]![2], other[at]![3]]),
  };
}

const event = (section: number, day: string, token: string): Buffer =>
  wire({
    path: `/osdi/api/v1/events/${idOn(section, day)}/attendances?per_page=30`,
    headers: { 'OSDI-API-Token': token },
  });

const missed = (token: string): Buffer =>
  wire({
    method: 'POST',
    path: '/bookings/bookings-attendance/query',
    headers: { Authorization: token, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: { filter: { status: 'NOT_ATTENDED' }, cursorPaging: { limit: 50 } } }),
  });
