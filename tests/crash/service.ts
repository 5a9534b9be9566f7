import { setTimeout as pause } from 'node:timers/promises';
import { type RunningServer, startServer } from '../cli/process';
import { SECRET } from './school';
import { LONGEST } from './within';

export type Service = Awaited<ReturnType<typeof startService>>;

/** The built service, from one process or from several. */
export async function startService(databaseUrl: string, workers: number) {
  const options = workers > 1 ? ['--workers', String(workers)] : [];
  const env = { DATABASE_URL: databaseUrl, ROLLBOOK_SECRET_KEY: SECRET };
  const server: RunningServer = await startServer(env, ...options);
  for (const end = Date.now() + LONGEST; pidsOf(server).length < workers; await pause(20))
    if (Date.now() > end) throw new Error(`Of ${workers} workers ${pidsOf(server).length} listen.`);
  return {
    url: server.url,
    processes: workers,
    workers: () => pidsOf(server),
    /** Kills the process that was started, and waits until nothing of it is left: workers end with it. */
    kill: () => server.stop('SIGKILL'),
    stop: () => server.stop('SIGTERM'),
    log: server.log,
  };
}

/** The processes that listen, in the order they began to. */
const pidsOf = ({ log }: RunningServer): number[] =>
  [...log().matchAll(/"pid":(\d+)[^\n]*"msg":"listening"/g)].map(([, pid]) => Number(pid));
