/*
 * `src/service/workers/`: Several processes that share one port: they are started, watched and replaced, and tell each other what
 * all have to know.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { makeReady } from '../../database/migrate';
import { openDatabase } from '../../database/open';
import type { Config } from '../config';
import { GRACE } from '../listener';
import { logUncaught, openLog } from '../log';
import { warnOfOldNode } from '../runtime';
import { type ServiceManager, serviceManager } from '../systemd';
import { watchWorkers } from './heartbeat';
import { answerNonces } from './nonces';
import { passSpendingOn } from './spending';

/** How soon a worker that ended is replaced, doubled for each that does not live, in milliseconds. */
const SOONEST = 100;
const LATEST = 30_000;
/** A worker that has lived so long was not broken from the start. */
const LIVED = 10_000;
/** What a worker may take to end beyond what its requests may. */
const MARGIN = 5_000;

/**
 * Serves from so many processes behind one port. This one migrates the database, replaces workers that end or do not answer, and on
 * SIGTERM or SIGINT has all of them finish what is in flight; it answers no request itself.
 */
export async function supervise(config: Config, count: number): Promise<void> {
  await readyOnce(config);
  const log = openLog(config.logLevel);
  logUncaught(log);
  warnOfOldNode(log);
  const manager = serviceManager(config, log);
  const stop = stopping(manager, log);
  answerNonces();
  passSpendingOn();
  watchWorkers(log);
  // Each worker accepts connections itself: one that is stopped accepts none, and none is on its way to a worker that dies.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const scraped = config.metrics && (await expose(config, config.metrics, log));
  stop.addEventListener('abort', () => scraped?.close());
  const first = fork();
  // Where one cannot start, it has said why; so would the others.
  if (!(await isListening(first))) {
    process.exitCode = 1;
    return;
  }
  manager.ready();
  keep(count, first, stop, log);
}

/** Has the metrics of all workers fetched from here. Those are not in this process's way: it has one connection of its own. */
async function expose(config: Config, at: NonNullable<Config['metrics']>, log: Logger) {
  const { exposeMetrics } = require('../metrics/expose') as typeof import('../metrics/expose');
  const { gatherMetrics } = require('./metrics') as typeof import('./metrics');
  const database = openDatabase(config.databaseUrl, { ...config.postgres, prepare: config.prepare, pool: 1 });
  const server = await exposeMetrics(at, { ...gatherMetrics(), database }, log);
  return server.on('close', () => database.close());
}

const fork = () => cluster.fork({ ROLLBOOK_MIGRATE: 'off' }).on('error', ignoreUnsent);

/** What cannot be sent to a worker comes when it is dying, which `exit` tells. Node has one event for that and a start that fails. */
function ignoreUnsent(error: NodeJS.ErrnoException): void {
  if (error.syscall?.startsWith('spawn')) throw error;
}

async function readyOnce(config: Config): Promise<void> {
  const database = openDatabase(config.databaseUrl, config);
  try {
    await makeReady(database, config);
  } finally {
    await database.close();
  }
}

/** Aborted by the signal that stops all. Who has not ended when every request must have is killed. */
function stopping(manager: ServiceManager, log: Logger): AbortSignal {
  const stop = new AbortController();
  const tell = (signal: NodeJS.Signals) => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
  };
  const stopAll = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) return;
    stop.abort();
    log.info({ signal }, 'stopping');
    manager.stopping();
    tell('SIGTERM');
    setTimeout(() => tell('SIGKILL'), GRACE + MARGIN).unref();
  };
  process.on('SIGTERM', stopAll).on('SIGINT', stopAll);
  return stop.signal;
}

/** Whether it comes to that before it ends. */
async function isListening(worker: Worker): Promise<boolean> {
  const ended = once(worker, 'exit').then(() => false);
  return Promise.race([once(worker, 'listening').then(() => true), ended]);
}

/** Keeps so many workers alive. */
function keep(count: number, first: Worker, stop: AbortSignal, log: Logger): void {
  let failures = 0;
  const replaceWhenItEnds = (worker: Worker) => {
    const since = Date.now();
    worker.once('exit', (code, signal) => {
      if (stop.aborted) return;
      failures = Date.now() - since < LIVED ? failures + 1 : 0;
      const delay = Math.min(LATEST, SOONEST * 2 ** failures);
      log.error({ ended: worker.id, code, signal, delay }, 'a worker ended; another takes its place');
      wait(delay, undefined, { signal: stop }).then(start, () => undefined);
    });
  };
  const start = () => replaceWhenItEnds(fork());
  replaceWhenItEnds(first);
  for (let more = 1; more < count && !stop.aborted; more++) start();
}
