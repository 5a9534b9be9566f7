import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { attendanceOf, clientOf, envOf } from '../cli/many';
import { startServer } from '../cli/process';
import { freePort } from '../engines/port';
import { openWorld, type World } from '../world';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** Of a span, as OTLP has it in JSON. */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

let world: World;
let collector: Server;
let received: string[];
beforeEach(async () => {
  world = await openWorld();
  received = [];
  // A collector of OTLP over HTTP, in JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp
  collector = createServer(async (request, response) => {
    expect([request.method, request.url, request.headers['content-type']]).toEqual([
      'POST',
      '/v1/traces',
      'application/json',
    ]);
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push(body);
    response.setHeader('Content-Type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
});
afterEach(async () => {
  collector.closeAllConnections();
  collector.close();
  await world.close();
});

const endpoint = () => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
const env = (more: NodeJS.ProcessEnv = {}) => ({
  ...envOf(world),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
  OTEL_BSP_SCHEDULE_DELAY: '100',
  ...more,
});
const spansOf = (bodies: readonly string[]): Span[] =>
  bodies.flatMap((body) =>
    JSON.parse(body).resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: Span[] }[] }) =>
      scopeSpans.flatMap(({ spans }) => spans),
    ),
  );

test('a request and its statements are spans of the trace that it came with, and have no ids and no names', async () => {
  const { token } = await clientOf(world);
  const server = await startServer(env());
  const [traceId, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const { put, get } = attendanceOf(server.url, world, token);
  await put([world.enrollments.ada, '2025-10-07', 2]);
  const tracestates = ['congo=t61rcWkgMzE,rojo=1', `congo=${'x'.repeat(600)}`, 'congo=1,Lovelace'];
  for (const tracestate of tracestates) {
    const answer = await fetch(`${server.url}/v1/sections/${world.sections.algebra}/attendance?start=2025-10-07`, {
      headers: { authorization: `Bearer ${token}`, traceparent: `00-${traceId}-${parent}-01`, tracestate },
    });
    expect(answer.status).toBe(200);
  }
  await (await get()).text();
  expect(await server.stop('SIGTERM')).toBe(0);

  const spans = spansOf(received);
  const requests = spans.filter(({ name }) => name.includes(' '));
  expect(requests.map(({ name }) => name).sort()).toEqual([
    ...Array.from({ length: 4 }, () => 'GET /v1/sections/:section/attendance'),
    'PUT /v1/sections/:section/attendance',
  ]);
  const mine = requests.filter((span) => span.traceId === traceId);
  expect(mine.map(({ parentSpanId, traceState }) => [parentSpanId, traceState])).toEqual([
    [parent, tracestates[0]],
    [parent, undefined],
    [parent, undefined],
  ]);
  // Each statement is of the request that sent it, also where writes of several share a transaction.
  const statements = spans.filter(({ name }) => !name.includes(' '));
  expect(statements.length).toBeGreaterThan(5);
  for (const { traceId, parentSpanId } of statements)
    expect(requests.filter((span) => span.traceId === traceId && span.spanId === parentSpanId)).toHaveLength(1);
  const writes = requests.find(({ name }) => name.startsWith('PUT'))!;
  expect(
    statements.filter(({ name, traceId }) => name === 'insert' && traceId === writes.traceId).length,
  ).toBeGreaterThan(0);
  expect(new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)))).toEqual(
    new Set([
      'http.request.method',
      'http.route',
      'http.response.status_code',
      'db.system.name',
      'db.operation.name',
      'db.query.text',
    ]),
  );
  const text = received.join();
  expect(text).not.toMatch(/Lovelace|Larkspur|2025-10-07/);
  expect(text).not.toContain(`sections/${world.sections.algebra}`);
  expect(text).not.toContain(token);
  // By it the lines of the log are found.
  expect(server.log()).toContain(`"trace":"${traceId}"`);
});

test('a collector that is away, or that never answers, neither slows nor ends the service', async () => {
  const { token } = await clientOf(world);
  collector.removeAllListeners('request').on('request', () => undefined);
  for (const address of [endpoint(), `http://127.0.0.1:${await freePort()}`]) {
    const server = await startServer(env({ OTEL_EXPORTER_OTLP_ENDPOINT: address }));
    const { put } = attendanceOf(server.url, world, token);
    for (let round = 0; round < 5; round++) {
      expect((await put([world.enrollments.ada, '2025-10-07', 2 + (round % 2)])).status).toBe(200);
      await wait(50);
    }
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(server.errors()).toBe('');
  }
});

test('without an address nothing of OpenTelemetry is loaded, nor of Prometheus without a port', async () => {
  const loadedBy = async (more: NodeJS.ProcessEnv) => {
    const server = await startServer({
      ...envOf(world),
      ...more,
      NODE_OPTIONS: `--require ${join(__dirname, 'loaded.cjs')}`,
    });
    await server.stop('SIGTERM');
    const loaded: string[] = JSON.parse(server.errors());
    return ['express', 'prom-client', '@opentelemetry/sdk-trace-node'].filter((name) => loaded.includes(name));
  };
  expect(await loadedBy({})).toEqual(['express']);
  expect(await loadedBy({ METRICS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint() })).toEqual([
    'express',
    'prom-client',
    '@opentelemetry/sdk-trace-node',
  ]);
});
