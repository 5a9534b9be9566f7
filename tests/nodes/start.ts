import { join } from 'node:path';
import { runFolder } from '../engines/folder';
import { migrated } from '../engines/start';

/** An empty, migrated database on SQLite, that tests take copies of (world.ts). */
export default async function start(): Promise<void> {
  process.env.TEST_DATABASES = runFolder();
  await migrated(`sqlite:${join(process.env.TEST_DATABASES, 'rollbook.db')}`);
}
