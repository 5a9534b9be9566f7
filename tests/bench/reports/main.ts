import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { Client } from 'pg';
import { startPostgres } from '../../engines/postgres-server';
import { type Server, serve } from '../processes/rollbook';
import { median } from '../rounds';
import { asker, reportsOf } from './ask';
import { buildDistrict, type District } from './district';
import { watching } from './watch';

interface Options {
  readonly schools: number;
  readonly years: number;
  readonly engine: 'sqlite' | 'postgres';
  readonly scratch: string;
}

new Command('npm run bench:reports --')
  .description('Measures the reports over a district of schools of 1,000 students each.')
  .option('--schools <n>', 'how many schools', Number, 100)
  .option('--years <n>', 'how many school years', Number, 1)
  .option('--engine <engine>', 'sqlite or postgres', 'sqlite')
  .option('--scratch <folder>', 'where the database is put', tmpdir())
  .action(measure)
  .parseAsync();

async function measure({ schools, years, engine, scratch }: Options): Promise<void> {
  const home = mkdtempSync(join(scratch, 'rollbook-reports-'));
  const postgres = engine === 'postgres' ? await startPostgres({ fsync: 'on' }) : undefined;
  try {
    const url = postgres ? await newDatabase(postgres.url) : `sqlite:${join(home, 'district.db')}`;
    console.log(`${engine}, ${schools} schools, ${years} years, load ${loadavg()[0]!.toFixed(1)}`);
    const district = await buildDistrict(url, { schools, years });
    console.log(`built, load ${loadavg()[0]!.toFixed(1)}`);
    const server = await serve(url, []);
    await report(server, district).finally(() => server.stop());
  } finally {
    await postgres?.stop();
    rmSync(home, { recursive: true });
  }
}

async function newDatabase(url: string): Promise<string> {
  const connection = new Client({ connectionString: `${url}postgres` });
  await connection.connect();
  await connection.query('create database district');
  await connection.end();
  return `${url}district`;
}

async function report(server: Server, district: District): Promise<void> {
  const { several, firstCount, whileRollsComeIn } = asker(server, district);
  const reports = reportsOf(district);
  const line = async (name: string, work: () => Promise<number>) => {
    const [taken, { longest, p99, memory }] = await watching(server, work);
    const figures = [taken, longest, p99, memory].map((figure) => figure.toFixed(0).padStart(9));
    console.log(`${name.padEnd(40)}${figures.join('')}`);
  };
  console.log(`${''.padEnd(40)}${['ms', 'blocked', 'p99', 'MB'].map((name) => name.padStart(9)).join('')}`);
  await line('absence by day, the first time', async () => {
    const { seconds } = await firstCount(reports['absence by day']!);
    return seconds * 1_000;
  });
  for (const [name, path] of Object.entries(reports)) await line(name, () => several(path, 5));
  const puts = await whileRollsComeIn(async () => {
    for (const [name, path] of Object.entries(reports))
      await line(`${name}, while rolls are taken`, () => several(path, 5));
  });
  console.log(`${`${puts.length} rolls taken meanwhile, median`.padEnd(40)}${median(puts).toFixed(0).padStart(9)}`);
}
