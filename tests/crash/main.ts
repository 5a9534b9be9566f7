import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { Client } from 'pg';
import { startPostgres } from '../engines/postgres-server';
import { crashRounds, type Outcome } from './rounds';

interface Options {
  readonly sqlite: number;
  readonly postgres: number;
  readonly seed: number;
}

new Command('npm run test:crash --')
  .description('Kills the service again and again while clients write, and checks what stands after each new start.')
  .option('--sqlite <rounds>', 'how many rounds on SQLite', Number, 200)
  .option('--postgres <rounds>', 'how many rounds on PostgreSQL', Number, 50)
  .option('--seed <n>', 'the choices of an earlier run', Number, Date.now() % 1_000_000_000)
  .action(async ({ sqlite, postgres, seed }: Options) => {
    console.log(`seed ${seed}`);
    if (sqlite > 0) await told('SQLite', () => onSqlite(sqlite, seed));
    if (postgres > 0) await told('PostgreSQL', () => onPostgres(postgres, seed));
    process.exit(); // whatever a failed round has left open
  })
  .parseAsync();

function onRound(round: number, what: string): void {
  if (process.stderr.isTTY || round % 25 === 0)
    process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : '\n'}round ${round}: ${what}`);
}

async function told(engine: string, run: () => Promise<Outcome>): Promise<void> {
  const started = Date.now();
  const { rounds, acknowledged, faults } = await run();
  const seconds = Math.round((Date.now() - started) / 1_000);
  const found = faults.length === 0 ? 'nothing lost, nothing half done' : `FAILED in round ${rounds}:`;
  console.log(`${engine}: ${rounds} rounds, ${acknowledged} requests acknowledged, ${seconds} s: ${found}`);
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) process.exitCode = 1;
}

async function onSqlite(rounds: number, seed: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-crash-'));
  try {
    return await crashRounds({ url: `sqlite:${join(folder, 'rollbook.db')}`, rounds, seed, onRound });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function onPostgres(rounds: number, seed: number): Promise<Outcome> {
  const postgres = await startPostgres({ fsync: 'on' });
  try {
    const client = new Client(`${postgres.url}postgres`);
    await client.connect();
    await client.query('create database crash');
    await client.end();
    return await crashRounds({ url: `${postgres.url}crash`, rounds, seed, postgres, onRound });
  } finally {
    await postgres.stop();
  }
}
