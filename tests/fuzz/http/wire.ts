import { Agent, request } from 'node:http';
import type { Answer, Sent } from './sent';

/** Within which every answer comes, in milliseconds: far more than any takes, on however busy a machine. */
const BOUND = 20_000;

/** Sends requests one after the other on a connection that is kept. Rejects where there is no answer. */
export function wireTo(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname: host, port } = new URL(url);
  return {
    send: ({ method, target: path, headers, body }: Sent): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const call = request({ agent, host, port, method, path, headers, timeout: BOUND });
        call.on('timeout', () => call.destroy(new Error(`no answer within ${BOUND} ms`)));
        call.on('error', reject);
        call.on('response', (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode = 0, headers } = response;
            resolve({ status: statusCode, headers, body: Buffer.concat(parts) });
          });
        });
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}
