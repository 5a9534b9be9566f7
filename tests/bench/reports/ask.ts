import { setTimeout as pause } from 'node:timers/promises';
import { bearer } from '../load/request';
import type { Server } from '../processes/rollbook';
import { median } from '../rounds';
import { type District, enrollmentOf, firstSection, schoolDays, sectionsOf } from './district';

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

interface Asked {
  /** Not yet: what it needs is still being counted. */
  readonly isCounting: boolean;
  readonly milliseconds: number;
}

export function asker({ address: { host, port } }: Server, district: District) {
  const headers = { ...bearer(district.client), 'Content-Type': 'application/json' };
  const url = `http://${host}:${port}`;

  async function once(path: string): Promise<Asked> {
    const start = performance.now();
    const response = await fetch(url + path, { headers });
    const text = await response.text();
    const milliseconds = performance.now() - start;
    if (response.ok || response.status === 503) return { isCounting: !response.ok, milliseconds };
    throw new Error(`${path}: ${response.status} ${text}`);
  }

  /** How long the answer took, in milliseconds. */
  async function ask(path: string): Promise<number> {
    const { isCounting, milliseconds } = await once(path);
    if (isCounting) throw new Error(`${path} is not counted yet.`);
    return milliseconds;
  }

  /** A roll of a section on the last day, one student away; how long it took. */
  async function roll(index: number): Promise<number> {
    const section = firstSection(district) + ((index * 7_919) % (district.schools * sectionsOf(district.students)));
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
  }

  return {
    ask,

    /** The median of several. */
    async several(path: string, times: number): Promise<number> {
      const taken: number[] = [];
      for (let time = 0; time < times; time++) taken.push(await ask(path));
      return median(taken);
    },

    /** Asks until it has been counted: how long that took in seconds, and the longest of the answers in milliseconds. */
    async firstCount(path: string): Promise<{ seconds: number; longest: number }> {
      const start = performance.now();
      let longest = 0;
      for (;;) {
        const { isCounting, milliseconds } = await once(path);
        longest = Math.max(longest, milliseconds);
        if (!isCounting) return { seconds: (performance.now() - start) / 1_000, longest };
        await pause(250);
      }
    },

    /** Ten rolls a second come in while the work is done, as in the morning; what it took each, in milliseconds. */
    async whileRollsComeIn(work: () => Promise<void>): Promise<number[]> {
      const taken: number[] = [];
      let isOver = false;
      const rolls = (async () => {
        for (let index = 0; !isOver; index++) {
          taken.push(await roll(index));
          await pause(100);
        }
      })();
      try {
        await Promise.race([work(), rolls]);
      } finally {
        isOver = true;
      }
      await rolls;
      return taken;
    },
  };
}
