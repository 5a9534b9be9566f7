import { writeFileSync } from 'node:fs';
import { installed } from '../../engines/installed';
import { poolers } from '../../engines/pooler';
import { replicate } from '../../replication/litestream';
import type { Lab } from '../lab';
import { CONNECTIONS, expectAll } from '../load/measure';
import type { Server } from '../processes/rollbook';
import { interleave } from '../rounds';
import { LeftOut, type Row, ratio } from '../row';
import { buildSchool, fileOf, type School } from '../school/build';
import { postgresOf } from '../school/postgres';
import { rate } from './express';
import { rollsOf } from './roll-put';

/** Sessions of PostgreSQL that PgBouncer hands round: as many as the pool of the service. */
const SESSIONS = 10;

/** With something between the service and its database, or beside it. */
export const between: Row[] = [
  {
    id: 'B19',
    rollbook: 'PostgreSQL through PgBouncer: roll PUT, 30 items, 64 connections',
    limit: 'the same without',
    async measure(lab) {
      const [, start] = poolers.find(([name]) => name === 'PgBouncer') ?? [];
      if (!start) throw new LeftOut('install PgBouncer');
      const databaseOf = await postgresOf(lab);
      const [through, straight] = await Promise.all(
        ['through', 'straight'].map(async (name) => buildSchool(await databaseOf(name), { marks: 100_000 })),
      );
      const pooler = lab.keep(await start(through!.url, SESSIONS));
      const service = await lab.serveWith(pooler.keepsPrepared ? {} : { DATABASE_PREPARE: 'off' }, pooler.url);
      return besides(lab, [through!, service], [straight!, await lab.serve(straight!.url)], 0.8);
    },
  },
  {
    id: 'B19',
    rollbook: 'SQLite with Litestream beside: roll PUT, 30 items, 64 connections',
    limit: 'the same without',
    async measure(lab) {
      const program = installed('litestream');
      if (!program) throw new LeftOut('install Litestream');
      const [replicated, alone] = [await lab.school(), await lab.school()];
      const configuration = lab.path('litestream.yml');
      const replicas = [{ type: 'file', path: lab.path('replica') }];
      writeFileSync(configuration, JSON.stringify({ dbs: [{ path: fileOf(replicated), replicas }] }));
      lab.keep({ stop: replicate(program, configuration) });
      return besides(lab, [replicated, await lab.serve(replicated.url)], [alone, await lab.serve(alone.url)], 0.9);
    },
  },
];

type Served = readonly [School, Server];

/** Rolls a second of the one against those of the other. */
async function besides(lab: Lab, one: Served, other: Served, atLeast: number) {
  const days = lab.quick ? 2 : 10;
  const [put, plain] = [one, other].map(
    ([{ sections, client }, { address }]) =>
      (round: number) =>
        expectAll(lab, 200, {
          address,
          connections: CONNECTIONS,
          requests: rollsOf(sections, (round + 1) * days, days, client),
        }),
  );
  for (const warmUp of [put, plain]) await warmUp!(-1);
  const [measured, limit] = await interleave(lab.rounds, put!, plain!);
  return [ratio(rate(measured!), rate(limit!), 'requests/s', { atLeast })];
}
