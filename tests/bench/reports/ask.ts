import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from '../processes/rollbook';
import { median } from '../rounds';
import { type District, enrollmentOf, firstSection, SECTIONS, schoolDays } from './district';

const [from, to] = [schoolDays[0], schoolDays.at(-1)];

/** The reports of a dashboard, and those of a section and a student. */
export const reportsOf = (district: District): Readonly<Record<string, string>> => ({
  today: `/reports/today?date=${to}`,
  ...Object.fromEntries(
    ['day', 'week', 'month', 'weekday', 'school'].map((by) => [
      `absence by ${by}`,
      `/reports/absence?by=${by}&from=${from}&to=${to}`,
    ]),
  ),
  chronic: `/reports/chronic?from=${from}&to=${to}&limit=50`,
  'rolls of a school': `/reports/rolls?date=${to}&school=1`,
  'rolls of all schools': `/reports/rolls?date=${to}`,
  'month of a section': `/reports/sections/${firstSection(district)}/month?month=2025-10`,
  student: `/reports/students/1?from=${from}&to=${to}`,
});

export function asker({ address: { host, port } }: Server, { client }: District) {
  const headers = { Authorization: `Bearer ${client.token}`, 'Content-Type': 'application/json' };
  const url = `http://${host}:${port}`;

  /** How long the answer took, in milliseconds; asks again as long as it is told to. */
  async function ask(path: string): Promise<number> {
    const start = performance.now();
    for (;;) {
      const response = await fetch(url + path, { headers });
      const text = await response.text();
      if (response.ok) return performance.now() - start;
      if (response.status !== 503) throw new Error(`${path}: ${response.status} ${text}`);
      await pause(1_000);
    }
  }

  return {
    ask,

    /** The median of several. */
    async several(path: string, times: number): Promise<number> {
      const taken: number[] = [];
      for (let time = 0; time < times; time++) taken.push(await ask(path));
      return median(taken);
    },

    /** A roll of a section on the last day, one student away; how long it took. */
    async roll(district: District, index: number): Promise<number> {
      const section = firstSection(district) + ((index * 7_919) % (district.schools * SECTIONS));
      const attendance = [{ enrollment_id: enrollmentOf(section, index % 30), date: to, status: 2 + (index % 3) }];
      const start = performance.now();
      const response = await fetch(`${url}/v1/sections/${section}/attendance`, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ attendances: { attendance } }),
      });
      await response.text();
      if (!response.ok) throw new Error(`PUT: ${response.status}`);
      return performance.now() - start;
    },
  };
}
