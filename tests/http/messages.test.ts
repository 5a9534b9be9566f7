import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { messagesOf } from '../../src/http/messages';

/** What a server makes requests and responses of, and what Express makes of them, on a line of Node. */
async function prototypesOn(node: string) {
  const app = express();
  app.get('/', (request, response) => {
    response.json({ ip: request.ip, query: request.query, fresh: request.fresh });
  });
  const met: boolean[] = [];
  const server = createServer(messagesOf(app, node), (request, response) => {
    met.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
    app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?a=1`);
  const body = await answer.json();
  await new Promise((resolve) => server.close(resolve));
  return { met, status: answer.status, body };
}

const body = { ip: '127.0.0.1', query: { a: '1' }, fresh: false };

test.each(['20.19.0', '22.12.0'])(
  'on Node %s requests and responses come with the prototypes of Express',
  async (node) => {
    expect(await prototypesOn(node)).toEqual({ met: [true, true], status: 200, body });
  },
);

test.each(['24.0.0', '26.1.0'])('on Node %s Express gives them its prototypes, as it does by itself', async (node) => {
  expect(await prototypesOn(node)).toEqual({ met: [false, false], status: 200, body });
});
