import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClients } from '../../../src/clients/clients';
import { secretsWith } from '../../../src/clients/secrets';
import { migrate } from '../../../src/database/migrate';
import { openDatabase } from '../../../src/database/open';
import { startWorker, type Worker } from '../../bench/processes/worker';
import type { Job, Usage } from './service';

const SECRET = 'a key that is used in tests alone';
const service = join(__dirname, 'service.js');

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

/** What a request costs the process that answers it. */
export interface Cost {
  readonly status: number;
  /** CPU of all threads, in ms. */
  readonly cpu: number;
  /** What the resident set grew by at most, in MB. */
  readonly memory: number;
}

export type Lab = Awaited<ReturnType<typeof openLab>>;

/** An empty district and a client of it, for services that each answer a few requests. */
export async function openLab() {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-xml-'));
  const url = `sqlite:${join(folder, 'rollbook.db')}`;
  const env = {
    DATABASE_URL: url,
    ROLLBOOK_SECRET_KEY: SECRET,
    ROLLBOOK_MIGRATE: 'off',
    LOG_LEVEL: 'silent',
    PORT: '0',
  };
  const token = await newClient(url);

  /** A service that has read `warmUp` often enough to be as fast as it gets. */
  async function start(warmUp: Request) {
    const worker: Worker<Job, string | Usage> = startWorker(service);
    const address = (await worker.ask({ env })) as string;
    const usage = async () => (await worker.ask('usage')) as Usage;
    const send = async ({ method, path, type, body }: Request): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type, accept: 'text/xml' };
      const response = await fetch(address + path, { method, headers, body });
      await response.arrayBuffer();
      return response.status;
    };
    for (let round = 0; round < 10; round++) await send(warmUp);
    return {
      async cost(request: Request, times = 1): Promise<Cost> {
        const before = await usage();
        let status = 0;
        for (let round = 0; round < times; round++) status = await send(request);
        const { cpu, peak } = await usage();
        return { status, cpu: (cpu - before.cpu) / times, memory: peak - before.peak };
      },
      stop: () => worker.stop(),
    };
  }

  return { start, close: () => rmSync(folder, { recursive: true }) };
}

async function newClient(url: string): Promise<string> {
  const database = openDatabase(url);
  await migrate(database);
  const [{ id: district }] = await database
    .knex('districts')
    .insert({ name: 'Larkspur', time_zone: 'America/Chicago', created_at: new Date().toISOString() })
    .returning('id');
  const clients = openClients(database, secretsWith([SECRET]));
  const { token } = await clients.create({ district, name: 'measure', scopes: ['attendance:write'] });
  await database.close();
  return token;
}
