import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { Client } from 'pg';
import { startPostgres } from '../engines/postgres-server';
import { follow } from './follow';

interface Options {
  readonly seconds: number;
  readonly seed: number;
}

new Command('npm run test:follow --')
  .description(
    'Fills a second rollbook from the first by snapshot and feed, while clients write and the first is killed.',
  )
  .option('--seconds <n>', 'for how long, on each engine', Number, 120)
  .option('--seed <n>', 'the choices of an earlier run', Number, Date.now() % 1_000_000_000)
  .action(async ({ seconds, seed }: Options) => {
    console.log(`seed ${seed}`);
    const folder = mkdtempSync(join(tmpdir(), 'rollbook-follow-'));
    const postgres = await startPostgres({ fsync: 'on' });
    try {
      await told('SQLite', { url: `sqlite:${join(folder, 'rollbook.db')}`, folder, seconds, seed });
      const client = new Client(`${postgres.url}postgres`);
      await client.connect();
      await client.query('create database follow');
      await client.end();
      await told('PostgreSQL', { url: `${postgres.url}follow`, folder, seconds, seed });
    } finally {
      await postgres.stop();
      rmSync(folder, { recursive: true });
    }
    process.exit(); // whatever a fault has left open
  })
  .parseAsync();

async function told(engine: string, options: Parameters<typeof follow>[0]): Promise<void> {
  const { changes, kills, rows, faults } = await follow(options);
  const found = faults.length === 0 ? `both have the same ${rows} rows` : 'FAILED:';
  console.log(`${engine}: ${changes} changes followed over ${kills} kills: ${found}`);
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) process.exitCode = 1;
}
