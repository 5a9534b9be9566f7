import cluster from 'node:cluster';
import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../service/config';
import type { Metrics } from '../service/metrics/metrics';
import { answered, watchSupervisor } from '../service/workers/heartbeat';
import { sharedNonces } from '../service/workers/nonces';
import { sharedSpending } from '../service/workers/spending';

export const serveCommand = new Command('serve')
  .description('serve the APIs; migrates the database first unless ROLLBOOK_MIGRATE=off')
  .option('--workers <n>', 'serve from so many processes behind one port; one for each core is good', workers)
  .action(async ({ workers }: { workers?: number }) => {
    if (workers && !cluster.worker) return supervisor().supervise(readConfig(), workers);
    await server().serve(readConfig(), cluster.worker && sharedBy(cluster.worker.id));
  });

/** What a worker has in common with the others. */
function sharedBy(worker: number) {
  const nonces = sharedNonces();
  const use: typeof nonces.use = async (...used) => answered(Promise.resolve(nonces.use(...used)));
  const reportMetrics = ({ registry }: Metrics) => workerMetrics().reportMetrics(registry);
  return { worker, nonces: { use }, spending: sharedSpending(), watch: watchSupervisor, reportMetrics };
}

/** These are loaded when they are wanted: every other command starts much sooner without Express. */
export const server = (): typeof import('../service/server') => require('../service/server');
const workerMetrics = (): typeof import('../service/workers/metrics') => require('../service/workers/metrics');
const supervisor = (): typeof import('../service/workers/supervise') => require('../service/workers/supervise');

function workers(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 99.');
}
