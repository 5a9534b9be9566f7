import { idOn } from '../../src/days';
import type { Batch } from '../bench/limits/rows';
import type { Kind, Sent } from '../bench/load/arrivals';
import { bearer, wire } from '../bench/load/request';
import type { School } from '../bench/school/build';
import { schoolDays, sectionsUpTo } from '../bench/school/sizes';
import { month, putJson, roll } from '../bench/school/traffic';

export const kinds: readonly Kind[] = ['roll', 'read', 'bulk'];

const DAYS = 5;

/** Requests of each kind, enough of them that few are the same. */
export function requestsOf({ sections, client }: School): Record<Kind, Sent[]> {
  const all = sectionsUpTo(sections);
  const rolls = Array.from({ length: 2 * DAYS }, (_, index) => index).flatMap((index) =>
    all.map((section) => putJson(changing(section, index), client)),
  );
  const reads = all.flatMap((section) => [
    month(section, bearer(client)),
    month(1 + ((section * 7) % sections), bearer(client)),
    event(section, schoolDays[section % schoolDays.length]!, client.token),
  ]);
  const as = (kind: Kind, list: Uint8Array[]) => list.map((bytes): Sent => ({ kind, bytes }));
  return { roll: as('roll', rolls), read: as('read', reads), bulk: as('bulk', [missed(client.token)]) };
}

/** So many of each kind in turn, the same in each hundred. */
export function mixOf(requests: Record<Kind, Sent[]>, parts: Record<Kind, number>): Sent[] {
  const turns = kinds.flatMap((kind) =>
    Array.from({ length: parts[kind] }, (_, at) => ({ kind, at: at / parts[kind] })),
  );
  const order = turns.sort((one, other) => one.at - other.at).map(({ kind }) => kind);
  const next: Record<Kind, number> = { roll: 0, read: 0, bulk: 0 };
  const rounds = Math.ceil(requests.roll.length / parts.roll);
  return Array.from({ length: rounds }, () => order)
    .flat()
    .map((kind) => requests[kind][next[kind]++ % requests[kind].length]!);
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
