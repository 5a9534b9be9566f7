import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What goes wrong with a request. `unanswered`: the service does it, and the connection is cut before the answer. */
export type Fault =
  | 'hang'
  | 'cut'
  | 'unanswered'
  | { readonly status: number; readonly headers?: Record<string, string> };

/** The network between browser and service, on an address of its own, which a test can break. */
export interface Wire {
  readonly url: string;
  /** What has come through to the service, in order: `PUT /v1/sections/1/attendance`. */
  readonly passed: string[];
  /** Each request of the method fails so from now on; without a fault none does. */
  fail(method: string, fault?: Fault): void;
  /** Which paths' answers lose the cookies that they set, as in a browser that refuses them; none where it is not said. */
  refused: RegExp | undefined;
  /** Nobody listens any more, and what is under way is cut. */
  kill(): Promise<void>;
  revive(): Promise<void>;
}

/** @param host the name of this machine by which a browser goes there */
export async function openWire(target: string, port: number, host: string): Promise<Wire> {
  const faults = new Map<string, Fault>();
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const fault = faults.get(incoming.method!);
    if (fault === 'hang') return;
    if (fault === 'cut') return void incoming.socket.destroy();
    if (typeof fault === 'object') return answer(outgoing, fault);
    passed.push(`${incoming.method} ${incoming.url}`);
    forward(target, incoming, outgoing, {
      isCut: fault === 'unanswered',
      keepsCookies: !wire.refused?.test(incoming.url!),
    });
  });
  const listen = async (port: number) => once(server.listen(port, '127.0.0.1'), 'listening');
  await listen(port);
  const wire: Wire = {
    url: `http://${host}:${port}`,
    passed,
    refused: undefined,
    fail: (method, fault) => void (fault ? faults.set(method, fault) : faults.delete(method)),
    async kill() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    revive: async () => void (await listen(port)),
  };
  return wire;
}

function answer(outgoing: ServerResponse, { status, headers }: Exclude<Fault, string>): void {
  outgoing.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
  outgoing.end(JSON.stringify({ title: 'A fault of the test.', status, code: 'FAULT' }));
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { isCut, keepsCookies }: { isCut: boolean; keepsCookies: boolean },
): void {
  const { method, url, headers } = incoming;
  const onward = request(target + url, { method, headers }, (found) => {
    if (isCut) return void found.resume().on('end', () => incoming.socket.destroy());
    const { 'set-cookie': cookies, ...others } = found.headers;
    outgoing.writeHead(found.statusCode!, keepsCookies && cookies ? { ...others, 'set-cookie': cookies } : others);
    found.pipe(outgoing);
  });
  onward.on('error', () => incoming.socket.destroy());
  incoming.pipe(onward);
}
