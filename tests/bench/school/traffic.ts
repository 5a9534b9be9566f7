import type { Batch, Written } from '../limits/rows';
import { bearer, wire } from '../load/request';
import type { Client } from './client';
import { dayAfter, daysFrom } from './days';
import { enrollmentOf, FREE_FROM, STUDENTS } from './sizes';

const pathOf = (section: number) => `/v1/sections/${section}/attendance`;

/** One month of a section, by its first day. */
export const month = (section: number, headers: Readonly<Record<string, string>>, start = '2025-10-01'): Buffer =>
  wire({ path: `${pathOf(section)}?start=${start}&end=${dayAfter(start, 30)}`, headers });

/** All that a section has. */
export const everything = (section: number, client: Client): Buffer =>
  wire({ path: pathOf(section), headers: bearer(client) });

/** A batch of marks on days whose rolls are still to be taken: every student absent, late or excused, day by day. */
export function batch(section: number, size: number): Batch {
  const days = daysFrom(FREE_FROM, Math.ceil(size / STUDENTS));
  const marks = days.flatMap((day, index) =>
    Array.from(
      { length: STUDENTS },
      (_, student): Written => [
        day,
        enrollmentOf(section, student + 1),
        2 + ((index + student) % 3),
        student % 4 === 0 ? 'Bus was late' : '',
      ],
    ),
  );
  return { section, marks: marks.slice(0, size) };
}

/** The roll of a section on a day to come: two absent, one late, one excused, the others there. */
export function roll(section: number, day: number): Batch {
  const date = dayAfter(FREE_FROM, day);
  const statuses = [2, 2, 3, 4];
  const marks = Array.from({ length: STUDENTS }, (_, student): Written => {
    const status = statuses[(student + section + day) % STUDENTS] ?? 1;
    return [date, enrollmentOf(section, student + 1), status, status === 4 ? 'Dentist' : ''];
  });
  return { section, marks };
}

/** How many marks a roll leaves. */
export const MARKS_OF_A_ROLL = 4;

/** The PUT of a batch in JSON. */
export const putJson = ({ section, marks }: Batch, client: Client): Buffer =>
  wire({
    method: 'PUT',
    path: pathOf(section),
    headers: { ...bearer(client), 'Content-Type': 'application/json' },
    body: JSON.stringify({ attendances: { attendance: marks.map(itemOf) } }),
  });

/** The same in XML, asked for and answered so. */
export const putXml = ({ section, marks }: Batch, client: Client): Buffer =>
  wire({
    method: 'PUT',
    path: pathOf(section),
    headers: { ...bearer(client), 'Content-Type': 'text/xml', Accept: 'text/xml' },
    body: `<attendances>${marks.map((mark) => `<attendance>${elementsOf(mark)}</attendance>`).join('')}</attendances>`,
  });

const itemOf = ([date, enrollment_id, status, comment]: Written) => ({
  enrollment_id,
  date,
  status,
  ...(comment && { comment }),
});

const elementsOf = (mark: Written): string =>
  Object.entries(itemOf(mark))
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
