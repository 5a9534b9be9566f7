import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { freePort } from './port';

test('a free port can be listened on, and is none that the system gives to somebody else meanwhile', async () => {
  const range = process.platform === 'linux' ? readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8') : '49152';
  const port = await freePort();
  expect(port).toBeLessThan(Math.max(Number.parseInt(range, 10), 12_000));
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
});
