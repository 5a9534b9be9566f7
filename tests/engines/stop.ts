import { rmSync } from 'node:fs';

export default async function stop(): Promise<void> {
  await globalThis.postgresServer?.stop();
  rmSync(process.env.TEST_DATABASES!, { recursive: true, force: true });
}
