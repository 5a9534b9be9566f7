import { connect } from 'node:net';
import type { School } from '../../apis/powerschool/school';
import { check } from '../check';
import { fingerprintOf } from './fingerprint';
import { almostHttp } from './raw';

/** Within which a connection is over once the client has said all it says, in milliseconds. */
const BOUND = 20_000;

/**
 * Says the bytes, and gives all that is answered before the connection is over: when the server ends it, or where the
 * client hangs up once it has said them all.
 */
export const said = (url: string, bytes: Buffer, { hangUp = false } = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const parts: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => (hangUp ? socket.end(bytes) : socket.write(bytes)));
    socket.setTimeout(BOUND, () => socket.destroy(new Error(`the connection was not over within ${BOUND} ms`)));
    socket.on('data', (part) => parts.push(part));
    // What is refused early is cut off: the rest of it finds nobody.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
  });

/** The statuses of the answers on a connection. */
export const statusesIn = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z][\w '-]*\r\n/g)].map(([, status]) => Number(status));

/**
 * Makes up so many connections of a client that may only read. Each is to end without a fault, nothing is to be
 * written, and the next is to be served.
 */
export async function runConnections(school: School, numRuns: number, seed?: number): Promise<void> {
  const { token } = await school.as({ scopes: ['attendance:read'] });
  const fingerprint = fingerprintOf(school.world.database);
  const hold = async (bytes: Buffer) => {
    const before = await fingerprint();
    const statuses = statusesIn(await said(school.url, bytes, { hangUp: true }));
    const shown = JSON.stringify(bytes.toString('latin1').slice(0, 2_000));
    if (statuses.some((status) => status >= 500)) throw new Error(`answered ${statuses} to ${shown}`);
    if ((await fingerprint()) !== before) throw new Error(`written, and said ${statuses} to ${shown}`);
    const alive = await school.get('/healthz');
    if (alive.status !== 200) throw new Error(`${alive.status} after ${shown}`);
  };
  return check(almostHttp(token), hold, { numRuns, seed });
}
