import { rmSync } from 'node:fs';
import { dropDatabases, givenServer } from './given-server';

export default async function stop(): Promise<void> {
  const given = givenServer();
  if (given) await dropDatabases(given);
  await globalThis.postgresServer?.stop();
  rmSync(process.env.TEST_DATABASES!, { recursive: true, force: true });
}
