import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Address } from '../processes/rollbook';
import { answerJobs } from '../processes/worker';

/** Answers every piece that comes by the same bytes without a look at it: what the load generator can reach at all. */
answerJobs(async (answer: Uint8Array): Promise<Address> => {
  const server = createServer((socket) => socket.setNoDelay().on('data', () => socket.write(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
});
