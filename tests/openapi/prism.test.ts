import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, openApi } from '../api';
import { openProxy } from './prism';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** `npm run test:openapi` has clients call through the proxy; here it is seen to find what is wrong. */
let api: Api;
let service: Server;
/** What the service answers where a roll is asked for; everything else is as it is. */
let roll: object | undefined;
beforeAll(async () => {
  api = await openApi();
  service = createServer(async ({ url, headers }, response) => {
    const answer = await fetch(api.url + url, { headers: { authorization: headers.authorization ?? '' } });
    const isRoll = roll && url!.startsWith('/rolls/');
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type')! });
    response.end(isRoll ? JSON.stringify(roll) : await answer.text());
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
});
afterAll(async () => {
  service.close();
  service.closeAllConnections();
  await api.close();
});

async function asked(path: string): Promise<void> {
  const proxy = await openProxy();
  proxy.serve(`http://127.0.0.1:${(service.address() as AddressInfo).port}`);
  const { status } = await fetch(proxy.url + path, { headers: { Authorization: `Bearer ${api.token}` } });
  expect(status).toBe(200);
  await proxy.close();
}

test('Prism finds an answer that the document does not have, and nothing in one that it has', async () => {
  const path = `/rolls/${api.world.sections.algebra}/2025-10-06`;
  await asked(path);
  roll = { section_id: 'algebra' };
  await expect(asked(path)).rejects.toThrow(/200: body.* must be integer/);
});
