import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../src/database/migrate';
import { openDatabase } from '../../src/database/open';
import { runFolder } from './folder';
import { dropDatabases, givenServer } from './given-server';
import { type PostgresServer, startPostgres } from './postgres-server';

declare global {
  var postgresServer: PostgresServer | undefined;
}

/** One PostgreSQL a run, or the one that is given, and on each engine an empty, migrated database that tests take copies of (world.ts). */
export default async function start(): Promise<void> {
  process.env.TEST_DATABASES = runFolder();
  process.env.TMPDIR = process.env.TEST_DATABASES; // for whatever tests and what they start make
  const given = givenServer();
  if (given) await dropDatabases(given);
  process.env.TEST_POSTGRES_URL = given ?? (await startOwn());
  const client = new Client(`${process.env.TEST_POSTGRES_URL}postgres`);
  await client.connect();
  await client.query('create database template_rollbook');
  await client.end();
  await migrated(`${process.env.TEST_POSTGRES_URL}template_rollbook`);
  await migrated(`sqlite:${join(process.env.TEST_DATABASES, 'rollbook.db')}`);
}

async function startOwn(): Promise<string> {
  globalThis.postgresServer = await startPostgres({ max_wal_size: '128MB' }); // of memory
  process.env.TEST_POSTGRES_BINARIES = globalThis.postgresServer.binaries;
  return globalThis.postgresServer.url;
}

/** Makes an empty database of the file, or in the database, at this address. */
export async function migrated(url: string): Promise<void> {
  const database = openDatabase(url);
  await migrate(database);
  await database.close();
}
