import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../src/database/migrate';
import { openDatabase } from '../../src/database/open';
import { root } from '../../src/lib/root';
import { runFolder } from '../engines/folder';
import { findChromium } from './chromium';

/** Finds a browser, and makes the database that tests take copies of (world.ts). */
export default async function start(): Promise<void> {
  if (!existsSync(join(root, 'dist/web/index.html'))) throw new Error('The pages are not built: npm run build.');
  process.env.CHROMIUM = await findChromium();
  process.env.TEST_DATABASES = runFolder();
  mkdirSync(join(root, 'data/screenshots'), { recursive: true });
  const database = openDatabase(`sqlite:${join(process.env.TEST_DATABASES, 'rollbook.db')}`);
  await migrate(database);
  await database.close();
}
