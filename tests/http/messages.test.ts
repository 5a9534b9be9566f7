import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { messagesOf } from '../../src/http/messages';

test('requests and responses come with the prototypes that Express would give to them, and do what its own do', async () => {
  const app = express();
  app.get('/', (request, response) => {
    response.json({ ip: request.ip, query: request.query, fresh: request.fresh });
  });
  const met: boolean[] = [];
  const server = createServer(messagesOf(app), (request, response) => {
    met.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
    app(request, response);
    met.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?a=1`);
  expect(await answer.json()).toEqual({ ip: '127.0.0.1', query: { a: '1' }, fresh: false });
  await new Promise((resolve) => server.close(resolve));
  expect(met).toEqual([true, true, true, true]);
});
