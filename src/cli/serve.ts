import cluster from 'node:cluster';
import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../config';
import { serve } from '../server';
import { sharedNonces } from '../workers/nonces';
import { sharedSpending } from '../workers/spending';
import { supervise } from '../workers/supervise';

export const serveCommand = new Command('serve')
  .description('serve the APIs; migrates the database first unless ROLLBOOK_MIGRATE=off')
  .option('--workers <n>', 'serve from so many processes behind one port; one for each core is good', workers)
  .action(async ({ workers }: { workers?: number }) => {
    if (cluster.worker)
      await serve(readConfig(), {
        worker: cluster.worker.id,
        nonces: sharedNonces(),
        spending: sharedSpending(),
      });
    else if (workers) await supervise(readConfig(), workers);
    else await serve(readConfig());
  });

function workers(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 99.');
}
