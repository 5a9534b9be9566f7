import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { messagesOf } from '../../../src/http/messages';
import type { Address } from '../processes/rollbook';
import { answerJobs } from '../processes/worker';

/** What is answered, whatever is asked. */
export interface Constant {
  readonly type: string;
  readonly body: Uint8Array;
  /** Fast Express: requests and responses are made with the prototypes that Express would give to them. */
  readonly isFast?: boolean;
}

/** Express 5 and nothing else: GET answers the bytes, PUT parses a JSON body first. */
export async function expressOf({ type, body, isFast = false }: Constant): Promise<Server> {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const answer = (_request: Request, response: Response) => {
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Length', body.length);
    response.end(body);
  };
  const path = '/v1/sections/:section/attendance';
  app.get(path, answer);
  app.put(path, express.json({ limit: '10mb' }), answer);
  const server = isFast ? createServer(messagesOf(app), app) : createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

if (require.main === module)
  answerJobs(async (constant: Constant): Promise<Address> => {
    const server = await expressOf(constant);
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  });
