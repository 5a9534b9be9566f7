import type { Lab } from '../lab';
import type { Address } from '../processes/rollbook';
import { CONNECTIONS, expectAll, perSecond } from './measure';
import { wire } from './request';

/** Requests a second that the generator reaches where the server does nothing: no row can show more. */
export async function generatorCeiling(lab: Lab): Promise<number> {
  const answer = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n${'x'.repeat(4_096)}`);
  const address = await lab.limit<Uint8Array, Address>('echo').ask(answer);
  const load = { address, connections: CONNECTIONS, requests: [wire({ path: '/', headers: {} })] };
  await expectAll(lab, 200, { ...load, seconds: 0.5 });
  const result = await expectAll(lab, 200, { ...load, seconds: lab.seconds });
  return perSecond(result);
}
