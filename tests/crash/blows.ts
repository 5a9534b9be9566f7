import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/database/database';
import type { PostgresServer } from '../engines/postgres-server';
import type { Service } from './service';

/** Whether the service is to be started again, or to recover by itself. */
export type Left = 'gone' | 'recovers';

/** A way to hit the service while it works. */
export interface Blow {
  readonly name: string;
  readonly workers: number;
  strike(target: Target): Promise<Left>;
}

export interface Target {
  readonly service: Service;
  readonly database: () => Database;
  readonly postgres: PostgresServer | undefined;
  /** How long to wait between two blows, in milliseconds. */
  readonly between: number;
}

const killed = (pid: number) => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself just now
  }
};

const server: Blow = {
  name: 'the process',
  workers: 1,
  async strike({ service }) {
    await service.kill();
    return 'gone';
  },
};

const workerThenAll: Blow = {
  name: 'one of two workers, then all',
  workers: 2,
  async strike({ service, between }) {
    killed(service.workers().at(-1)!);
    await pause(between);
    for (const pid of service.workers()) killed(pid);
    await service.kill();
    return 'gone';
  },
};

const worker: Blow = {
  name: 'one of two workers',
  workers: 2,
  async strike({ service }) {
    killed(service.workers()[0]!);
    return 'recovers';
  },
};

const supervisor: Blow = {
  name: 'what supervises two workers',
  workers: 2,
  async strike({ service }) {
    await service.kill();
    return 'gone';
  },
};

const backend: Blow = {
  name: 'a process of PostgreSQL',
  workers: 1,
  async strike({ database }) {
    const opened = database();
    const { rows } = await opened.knex.raw(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and backend_type = 'client backend' order by state`,
    );
    if (rows[0]) killed(rows[0].pid); // PostgreSQL then ends all others and recovers
    await opened.close();
    return 'recovers';
  },
};

const postgres: Blow = {
  name: 'PostgreSQL',
  workers: 1,
  async strike({ postgres }) {
    await postgres!.crash();
    return 'recovers';
  },
};

export const blows: Readonly<Record<'sqlite' | 'postgres', readonly Blow[]>> = {
  sqlite: [server, server, server, worker, workerThenAll, supervisor],
  postgres: [server, server, worker, workerThenAll, backend, postgres],
};
