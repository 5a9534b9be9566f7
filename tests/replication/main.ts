import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { openDatabase } from '../../src/database/open';
import { rollbook, startServer } from '../cli/process';
import { differences } from '../crash/compare';
import type { Entries, Entry } from '../crash/entry';
import { randomFrom } from '../crash/random';
import type { Api } from '../crash/requests/request';
import { apis, clientsOf, writeAndRead } from '../crash/rounds';
import { buildSchool, SECRET } from '../crash/school';
import { readStanding } from '../crash/standing';
import { litestreamIn, replicate } from './litestream';

/** `sync-interval` of the configuration, and what Litestream needs beside it on a busy machine, in milliseconds. */
const INTERVAL = 1_000;
const LATE = 1_000;

new Command('npm run test:replication --')
  .description(
    'Has Litestream replicate an SQLite database while 8 clients write, destroys the database, restores it and checks what is there.',
  )
  .option('--seconds <n>', 'for how long clients write', Number, 20)
  .option('--seed <n>', 'the choices of an earlier run', Number, Date.now() % 1_000_000_000)
  .action(async ({ seconds, seed }: { seconds: number; seed: number }) => {
    console.log(`seed ${seed}`);
    const folder = mkdtempSync(join(tmpdir(), 'rollbook-replication-'));
    try {
      const faults = await replicated(folder, seconds, seed);
      for (const fault of faults) console.log(fault);
      if (faults.length > 0) process.exitCode = 1;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    process.exit();
  })
  .parseAsync();

/** What a client has done: when it knew of it, and how its entries then stood. */
interface Done {
  readonly at: number;
  readonly changes: Entries;
}

/** The same API, which notes what it does: a client goes on only when a request has been acknowledged. */
function noting(api: Api): { api: Api; done: Done[]; pending: () => Entries } {
  const done: Done[] = [];
  let pending: Entries = new Map();
  const next: Api['next'] = (means) => {
    if (pending.size > 0) done.push({ at: Date.now(), changes: pending });
    const request = api.next(means);
    pending = request.changes;
    return request;
  };
  return { api: { ...api, next }, done, pending: () => pending };
}

async function replicated(folder: string, seconds: number, seed: number): Promise<string[]> {
  const program = litestreamIn(folder);
  console.log(execFileSync(program, ['version'], { encoding: 'utf8' }).trim());
  const at = (...names: string[]) => join(folder, ...names);
  mkdirSync(at('data'));
  const url = `sqlite:${at('data', 'rollbook.db')}`;
  const configuration = at('litestream.yml');
  writeFileSync(
    configuration,
    JSON.stringify({
      dbs: [
        {
          path: at('data', 'rollbook.db'),
          replicas: [{ type: 'file', path: at('replica'), 'sync-interval': `${INTERVAL}ms` }],
        },
      ],
    }),
  );
  const school = await buildSchool(url);
  const end = replicate(program, configuration);
  const env = { DATABASE_URL: url, ROLLBOOK_SECRET_KEY: SECRET };
  const service = await startServer(env);
  const noted = apis.map(noting);
  const clients = clientsOf(
    school,
    randomFrom(seed),
    noted.map(({ api }) => api),
  );
  const faults: string[] = [];
  const writing = writeAndRead(clients, school, service, faults);
  // What of the product writes or empties the whole log at once is to be in it.
  await pause((seconds * 1_000) / 3);
  await emptied(url, faults);
  const { code, stderr } = await rollbook(['backup', at('backup.db')], env);
  if (code !== 0) faults.push(`rollbook backup: ${stderr}`);
  await pause((seconds * 1_000 * 2) / 3);

  const known = Date.now();
  await Promise.all([service.stop('SIGKILL'), end()]);
  await writing();
  rmSync(at('data'), { recursive: true });
  const counts = clients.map((client) => client.acknowledged());
  const acknowledged = counts.reduce((sum, count) => sum + count, 0);
  // A client ends with the first request that is not acknowledged, as on a machine that is too busy.
  if (counts.includes(0))
    faults.push(`Of these clients some proved nothing: ${counts.join(', ')} requests acknowledged.`);

  mkdirSync(at('data'));
  const restored = at('restored.db');
  execFileSync(program, ['restore', '-config', configuration, '-o', restored, at('data', 'rollbook.db')], {
    stdio: 'pipe',
  });
  const put = await rollbook(['restore', restored], env);
  if (put.code !== 0) faults.push(`rollbook restore: ${put.stderr}`);
  const check = await rollbook(['check'], env);
  if (check.code !== 0) faults.push(`rollbook check: ${check.stdout}${check.stderr}`);
  const lost = await lostOf(url, noted, clients, known - INTERVAL - LATE, faults);
  const snapshots = readdirSync(at('replica', 'generations'));
  console.log(
    `${acknowledged} requests acknowledged, in ${snapshots.length} generation(s); of the last ${INTERVAL + LATE} ms ${lost} are not in the replica` +
      (faults.length === 0 ? ', of what came before none; nothing half done.' : ': FAILED'),
  );
  return faults;
}

/** VACUUM, which writes the whole file anew, and a checkpoint that would empty the log of it: what an erasure does. */
async function emptied(url: string, faults: string[]): Promise<void> {
  const database = openDatabase(url);
  try {
    await database.scrub([]);
  } catch (error) {
    faults.push(`VACUUM: ${(error as Error).message}`);
  } finally {
    await database.close();
  }
}

/** How many acknowledged requests are not there. Each client's entries stand as after one of its requests, none of them from before `since` missing. */
async function lostOf(
  url: string,
  noted: readonly ReturnType<typeof noting>[],
  clients: ReturnType<typeof clientsOf>,
  since: number,
  faults: string[],
): Promise<number> {
  const database = openDatabase(url);
  const { entries } = await readStanding(database, 0);
  await database.close();
  let lost = 0;
  for (const [index, { done, pending }] of noted.entries()) {
    const client = clients[index]!;
    const stands = new Map([...entries].filter(([key]) => client.owns(key)));
    const state = new Map<string, Entry>();
    const steps = [...done, { at: Number.POSITIVE_INFINITY, changes: pending() }];
    const least = done.filter(({ at }) => at < since).length;
    let found: number | undefined;
    for (const [step, { changes }] of [{ changes: new Map() as Entries }, ...steps].entries()) {
      for (const [key, entry] of changes) state.set(key, entry);
      if (step >= least && differences(state, stands).length === 0) found = step;
    }
    if (found === undefined)
      faults.push(`${client.expected().name}: what stands is no state of it since ${new Date(since).toISOString()}.`);
    else lost += Math.max(0, done.length - found);
  }
  return lost;
}
