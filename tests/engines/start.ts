import { type PostgresServer, startPostgres } from './postgres-server';

declare global {
  var postgresServer: PostgresServer | undefined;
}

/** One PostgreSQL a run; each test file takes a database of its own from it (world.ts). */
export default async function start(): Promise<void> {
  globalThis.postgresServer = await startPostgres();
  process.env.TEST_POSTGRES_URL = globalThis.postgresServer.url;
}
