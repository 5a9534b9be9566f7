import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/** A message that arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: {
      readonly section: number;
      readonly after: string;
      readonly changes: readonly Record<string, unknown>[];
    };
  };
  readonly at: number;
}

/** Whom messages are sent to, on a loopback port. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** How it answers; 204 unless it is told otherwise. */
  answer: (message: Received, response: ServerResponse) => void;
  /** Waits for so many messages altogether. */
  has(count: number): Promise<readonly Received[]>;
  close(): void;
}

/** A file of `certificates/`, whose `make` says what each of them is. */
export const certificate = (file: string): string => join(__dirname, 'certificates', file);

/** @param secured by which certificate, at `localhost`; without one it speaks plain http */
export async function openReceiver(secured?: 'server' | 'elsewhere' | 'expired' | 'untrusted'): Promise<Receiver> {
  const listen: RequestListener = async (request, response) => {
    const text = (await buffer(request)).toString();
    const { url: path = '', headers } = request;
    const message = { path, headers, text, body: JSON.parse(text), at: performance.now() };
    receiver.received.push(message);
    receiver.answer(message, response);
  };
  const server = secured
    ? createSecureServer(
        { cert: readFileSync(certificate(`${secured}.pem`)), key: readFileSync(certificate('server.key')) },
        listen,
      )
    : createServer(listen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: secured ? `https://localhost:${port}/` : `http://127.0.0.1:${port}/`,
    port,
    received: [],
    answer: (_message, response) => void response.writeHead(204).end(),
    has: async (count) => {
      await until(() => receiver.received.length >= count);
      return receiver.received;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 5_000; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not come to that within fifty seconds.');
}
