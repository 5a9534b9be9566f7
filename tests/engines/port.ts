import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Where Linux says which ports it gives out by itself. */
const GIVEN_OUT = '/proc/sys/net/ipv4/ip_local_port_range';
/** The first port that systems give out by themselves, where they do not say (RFC 6335, 6). */
const DYNAMIC = 49_152;
/** Above the ports that `fetch` refuses (https://fetch.spec.whatwg.org/#port-blocking), and where few programs listen. */
const LOWEST = 11_000;

/**
 * A port of the loopback that nobody listens on. It is none of those that the system gives out by itself: the near end of
 * somebody's connection could have such a one while a server that is to have it is not started yet, or is down.
 */
export async function freePort(): Promise<number> {
  const [first] = existsSync(GIVEN_OUT) ? readFileSync(GIVEN_OUT, 'utf8').trim().split(/\s+/).map(Number) : [DYNAMIC];
  for (;;) {
    const port = randomInt(LOWEST, Math.max(first!, LOWEST + 1_000));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  const isListening = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  if (isListening) await once(probe.close(), 'close');
  return isListening;
}
