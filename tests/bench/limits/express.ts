import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import type { Address } from '../processes/rollbook';
import { answerJobs } from '../processes/worker';

/** What is answered, whatever is asked. */
export interface Constant {
  readonly type: string;
  readonly body: Uint8Array;
}

/** Express 5 and nothing else: GET answers the bytes, PUT parses a JSON body first. */
answerJobs(async ({ type, body }: Constant): Promise<Address> => {
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
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
});
