import { setTimeout as pause } from 'node:timers/promises';
import type { Lab } from '../lab';
import type { LoadResult } from '../load/load';
import { CONNECTIONS, expectAll } from '../load/measure';
import type { Address } from '../processes/rollbook';
import { countRoundTrips } from '../processes/round-trips';
import { interleave } from '../rounds';
import { type Finding, type Row, ratio, stated } from '../row';
import { buildSchool, type School } from '../school/build';
import { postgresOf, query } from '../school/postgres';
import { MARKS_OF_A_ROLL } from '../school/traffic';
import { rate } from './express';
import { months } from './month-get';
import { rollsOf } from './roll-put';
import { expectMarks, marksIn } from './written';

/** Rolls whose round trips are counted. */
const COUNTED = 200;
/** For how long nobody asks anything, to count what the service asks by itself, in milliseconds. */
const AT_REST = 5_000;

export const onPostgres: Row[] = [
  {
    id: 'B16',
    rollbook: 'PostgreSQL: roll PUT, 30 items, 64 connections',
    limit: 'the same on SQLite',
    async measure(lab) {
      const { onSqlite, onPostgres } = await schools(lab);
      const days = lab.quick ? 2 : 10;
      const rolls = (school: School, address: Address) => (round: number) =>
        expectAll(lab, 200, {
          address,
          connections: CONNECTIONS,
          requests: rollsOf(school.sections, (round + 1) * days, days, school.client),
        });
      const before = [marksIn(onSqlite), await marksOn(onPostgres)] as const;
      const there = rolls(onPostgres, (await lab.serve(onPostgres.url)).address);
      const here = rolls(onSqlite, (await lab.serve(onSqlite.url)).address);
      for (const warmUp of [there, here]) await warmUp(-1);
      const [postgres, sqlite] = await interleave(lab.rounds, there, here);
      const written = (lab.rounds + 1) * days * onSqlite.sections * MARKS_OF_A_ROLL;
      expectMarks(onSqlite, before[0] + written);
      const marks = await marksOn(onPostgres);
      if (marks !== before[1] + written)
        throw new Error(`There are ${marks} marks, ${before[1] + written} were to be.`);
      return [
        ratio(rate(postgres), rate(sqlite), 'requests/s', { atLeast: 0.3 }),
        ...(await tripsOf(lab, onPostgres, (lab.rounds + 1) * days)),
      ];
    },
  },
  {
    id: 'B16',
    rollbook: 'PostgreSQL: GET one month of a section of 30, JSON, Bearer',
    limit: 'the same on SQLite',
    async measure(lab) {
      const { onSqlite, onPostgres } = await schools(lab);
      const from = async (school: School) => months(lab, school, await lab.serve(school.url));
      const measured: [LoadResult[], LoadResult[]] = await interleave(
        lab.rounds,
        await from(onPostgres),
        await from(onSqlite),
      );
      return [ratio(rate(measured[0]), rate(measured[1]), 'requests/s', { atLeast: 0.6 })];
    },
  },
];

async function schools(lab: Lab): Promise<{ onSqlite: School; onPostgres: School }> {
  const databaseOf = await postgresOf(lab);
  return {
    onSqlite: await lab.school(),
    onPostgres: await buildSchool(await databaseOf('school'), { marks: 100_000 }),
  };
}

async function marksOn({ url }: School): Promise<number> {
  const [row] = await query<{ marks: number }>(url, 'select count(*)::integer as marks from marks');
  return row!.marks;
}

/** How many times a roll waits for PostgreSQL, after a few that open what is kept open; without what the service asks by itself. */
async function tripsOf(lab: Lab, school: School, day: number): Promise<Finding[]> {
  const proxy = lab.keep(await countRoundTrips(school.url));
  const { address } = await lab.serve(proxy.url);
  const requests = rollsOf(school.sections, day, 4, school.client);
  const put = (connections: number, from: number) =>
    expectAll(lab, 200, { address, connections, requests: requests.slice(from, from + COUNTED) });
  /** How often it asked in how many seconds. */
  const during = async (work: () => Promise<unknown>) => {
    const [before, begun] = [proxy.count(), performance.now()];
    await work();
    return { trips: proxy.count() - before, seconds: (performance.now() - begun) / 1_000 };
  };
  await put(CONNECTIONS, 0);
  const atRest = await during(() => pause(AT_REST));
  const counted = async (connections: number, from: number) => {
    const { trips, seconds } = await during(() => put(connections, from));
    const ofRolls = trips - (atRest.trips / atRest.seconds) * seconds;
    return Math.round((10 * ofRolls) / COUNTED) / 10; // it does not ask at the same pace all the time
  };
  return [
    stated(await counted(CONNECTIONS, COUNTED), 'a roll', { atMost: 2 }, 'round trips to the database'),
    stated(await counted(1, 2 * COUNTED), 'a roll', undefined, 'round trips to the database, one client'),
  ];
}
