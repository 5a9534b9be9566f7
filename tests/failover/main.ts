import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { startServer } from '../cli/process';
import { randomFrom } from '../crash/random';
import { apis, check, clientsOf, writeAndRead } from '../crash/rounds';
import { buildSchool, SECRET } from '../crash/school';
import { type End, type Pair, startPair } from './pair';

/** How long after a promotion everything has to work again, in milliseconds. */
const LONGEST = 10_000;
/** How long it takes whoever promotes to notice, in milliseconds. */
const NOTICED = 2_000;

new Command('npm run test:failover --')
  .description(
    'Ends the primary of two PostgreSQL servers again and again while 16 clients write, promotes the standby, and checks what stands.',
  )
  .option('--rounds <n>', 'how many rounds of each kind', Number, 2)
  .option('--seconds <n>', 'for how long clients write before and after', Number, 5)
  .option('--seed <n>', 'the choices of an earlier run', Number, Date.now() % 1_000_000_000)
  .action(async ({ rounds, seconds, seed }: { rounds: number; seconds: number; seed: number }) => {
    console.log(`seed ${seed}`);
    const pair = await startPair();
    try {
      const faults = await failovers(pair, { rounds, seconds, seed });
      console.log(faults.length === 0 ? 'Nothing lost, nothing half done.' : `FAILED:\n${faults.join('\n')}`);
      if (faults.length > 0) process.exitCode = 1;
    } finally {
      await pair.stop();
    }
    process.exit();
  })
  .parseAsync();

async function failovers(pair: Pair, { rounds, seconds, seed }: { rounds: number; seconds: number; seed: number }) {
  await pair.administer('create database failover');
  const url = pair.url('failover', '?target_session_attrs=read-write');
  const school = await buildSchool(url);
  await pair.follow();
  // A statement that hangs in a server is given up five seconds after it should have ended.
  const env = { DATABASE_URL: url, ROLLBOOK_SECRET_KEY: SECRET, DATABASE_TIMEOUT: '3' };
  const service = await startServer(env);
  const clients = clientsOf(school, randomFrom(seed), [...apis, ...apis]);
  const acknowledged = () => clients.reduce((sum, client) => sum + client.acknowledged(), 0);
  const faults: string[] = [];
  let last = 0;

  /** Has all clients write, and something happen to them meanwhile; then holds what stands against what they were told. */
  async function written(meanwhile: () => Promise<unknown>): Promise<number> {
    const before = acknowledged();
    const end = writeAndRead(clients, school, service, faults);
    await meanwhile();
    await end();
    last = await check({ url, school, service, clients, last }, faults);
    return acknowledged() - before;
  }
  /** Since an instant; as `/readyz` says. */
  async function recovered(since: number): Promise<number> {
    while (Date.now() - since < 6 * LONGEST) {
      const answer = await fetch(`${service.url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(
        () => undefined,
      );
      if (answer?.status === 200) break;
      await pause(50);
    }
    return Date.now() - since;
  }
  async function isAway(): Promise<void> {
    const answer = await fetch(`${service.url}/readyz`);
    if (answer.status !== 503) faults.push(`/readyz says ${answer.status} while nothing can be written.`);
  }

  const blows: Record<End | 'can only be read', () => Promise<number>> = {
    'is killed': () => failedOver('is killed'),
    hangs: () => failedOver('hangs'),
    'is shut down': () => failedOver('is shut down'),
    'can only be read': async () => {
      await pair.administer('alter system set default_transaction_read_only = on', 'select pg_reload_conf()');
      await pause(NOTICED);
      await isAway();
      await pair.administer('alter system reset default_transaction_read_only', 'select pg_reload_conf()');
      return recovered(Date.now());
    },
  };
  async function failedOver(how: End): Promise<number> {
    await pair.endPrimary(how);
    await pause(NOTICED);
    await pair.promote();
    return recovered(Date.now());
  }

  for (let round = 0; round < rounds && faults.length === 0; round++)
    for (const [how, blow] of Object.entries(blows)) {
      let took = 0;
      const before = await written(async () => {
        await pause(seconds * 1_000);
        took = await blow();
      });
      const after = await written(() => pause(seconds * 1_000));
      console.log(
        `The primary ${how}: ${before} requests acknowledged, ready ${took} ms later, then ${after} acknowledged`,
      );
      if (took > LONGEST) faults.push(`It took ${took} ms.`);
      if (after === 0) faults.push('Nothing was acknowledged afterwards.');
      if (how !== 'can only be read') {
        await pair.follow();
        await recovered(Date.now());
      }
    }
  await service.stop('SIGKILL');
  return faults;
}
