import type { Lab } from '../lab';
import { expectAll } from '../load/measure';
import { bearer, wire } from '../load/request';
import type { Server } from '../processes/rollbook';
import { asker, reportsOf } from '../reports/ask';
import { buildDistrict, type District, schoolDays } from '../reports/district';
import { watching } from '../reports/watch';
import { interleave, median } from '../rounds';
import { type Finding, type Row, ratio, stated } from '../row';
import { postgresOf } from '../school/postgres';

const [first, today] = [schoolDays.at(-45), schoolDays.at(-1)];

/** What the office of a school asks for on one day, and the quarter of nine weeks up to it. */
const ofASchool = {
  today: `/reports/today?date=${today}`,
  rolls: `/reports/rolls?date=${today}&school=1`,
  'absentees by name': `/reports/chronic?from=${today}&to=${today}&min_days=1&school=1`,
  'a quarter by day': `/reports/absence?by=day&from=${first}&to=${today}&school=1`,
};

export const reports: Row[] = [
  {
    id: 'B17',
    rollbook: 'a district of 100 schools (2 with --quick)',
    limit: '',
    async measure(lab) {
      const databaseOf = await postgresOf(lab);
      return [
        ...(await ofADistrict(lab, 'SQLite', `sqlite:${lab.path('district.db')}`, 300)),
        ...(await ofADistrict(lab, 'PostgreSQL', await databaseOf('district'), 1_000)),
      ];
    },
  },
  {
    id: 'B17a',
    rollbook: 'reports of a school of 600 on one day',
    limit: 'its quarter by day',
    async measure(lab) {
      const district = await buildDistrict(`sqlite:${lab.path('school.db')}`, { schools: 1, students: 600, years: 1 });
      const server = await lab.serve(district.url);
      await asker(server, district).firstCount(ofASchool['a quarter by day']);
      const p50s = Object.values(ofASchool).map((path) => p50Of(lab, server, district, path));
      for (const p50 of p50s) await p50();
      const [ofToday, rolls, absentees, quarter] = (await interleave(lab.rounds, ...p50s)).map(median);
      const within = (name: string, p50: number) => stated(p50, 'ms', { atMost: 2 }, `${name}, p50`);
      return [
        ratio(ofToday!, quarter!, 'ms', { atMost: 1 }, 'today, p50'),
        within('today', ofToday!),
        within('rolls', rolls!),
        within('absentees by name', absentees!),
      ];
    },
  },
];

/** The median of the time to an answer, of one client that asks again and again. */
function p50Of(lab: Lab, { address }: Server, { client }: District, path: string) {
  const load = {
    address,
    connections: 1,
    requests: [wire({ path, headers: bearer(client) })],
    seconds: lab.seconds / 2,
  };
  return async (): Promise<number> => (await expectAll(lab, 200, load)).p50;
}

async function ofADistrict(lab: Lab, engine: string, url: string, atMost: number): Promise<Finding[]> {
  const district = await buildDistrict(url, { schools: lab.quick ? 2 : 100, years: 1 });
  const server = await lab.serve(url);
  const { firstCount, several, whileRollsComeIn } = asker(server, district);
  const paths = reportsOf(district);
  const named = (what: string) => `${engine}: ${what}`;
  const [count, { p99 }] = await watching(server, () => firstCount(paths['absence by day']!));
  const findings = [
    stated(count.seconds, 's', { atMost: 60 }, named('the first count of the year')),
    stated(count.longest, 'ms', { atMost }, named('a report that is asked for meanwhile, the longest')),
    stated(p99, 'ms', undefined, named('/healthz meanwhile, p99')),
  ];
  const rolls = await whileRollsComeIn(async () => {
    for (const [name, path] of Object.entries(paths))
      findings.push(stated(await several(path, 5), 'ms', { atMost }, named(`${name}, while rolls come in`)));
  });
  return [...findings, stated(median(rolls), 'ms', undefined, named('a roll meanwhile'))];
}
