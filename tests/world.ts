import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Database, openDatabase } from '../src/database/database';
import { migrate } from '../src/database/migrate';

/** An empty, migrated database of its own on the engine in $ENGINE. `close` leaves nothing behind. */
export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  close(): Promise<void>;
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const { url, drop } = await (process.env.ENGINE === 'postgres' ? postgresUrl() : sqliteUrl());
  const database = openDatabase(url);
  await migrate(database);
  return {
    database,
    url,
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

async function sqliteUrl() {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-test-'));
  return { url: `sqlite:${join(folder, 'rollbook.db')}`, drop: async () => rmSync(folder, { recursive: true }) };
}

async function postgresUrl() {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(`create database ${name}`);
  return { url: process.env.TEST_POSTGRES_URL + name, drop: () => administer(`drop database ${name} with (force)`) };
}

async function administer(sql: string): Promise<void> {
  const client = new Client(`${process.env.TEST_POSTGRES_URL}postgres`);
  await client.connect();
  await client.query(sql);
  await client.end();
}
