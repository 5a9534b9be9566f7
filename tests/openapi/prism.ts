import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import pino from 'pino';
import { withSingleSlashes } from '../../src/http/target';
import { documentsOf } from './documents';

declare const loadOnce: NodeRequire; // engines/environment.js
const { createInstance, getHttpOperationsFromSpec } = loadOnce(
  '@stoplight/prism-http',
) as typeof import('@stoplight/prism-http');

type Operations = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>;
type Instance = ReturnType<typeof createInstance>;

/** The operations of the documents, which are the same for every service of a file of tests. */
let known: Promise<Operations> | undefined;

async function operationsAt(url: string): Promise<Operations> {
  const documents = await documentsOf({ url });
  const all = await Promise.all(documents.map(({ servers, ...document }) => getHttpOperationsFromSpec(document)));
  return all.flat();
}

/** A proxy before a service, by which clients reach it. */
export interface Proxy {
  readonly url: string;
  /** Where requests go from now on. */
  serve(service: string): void;
  /** Throws where an exchange was not as the documents have it. */
  close(): Promise<void>;
}

/**
 * Hands on requests and answers byte by byte, so that signatures and transcripts stay what they are, and has Prism hold each exchange
 * against the documents: as its own proxy does, but for what it would change on the way.
 */
export async function openProxy(): Promise<Proxy> {
  const violations: string[] = [];
  const checks: Promise<void>[] = [];
  let service = '';
  // Prism holds up everything in this process for seconds, at first. No connection may end meanwhile on which a client then asks.
  const server = createServer({ keepAliveTimeout: 0 }, async (incoming, outgoing) => {
    const { method, url, rawHeaders } = incoming;
    const sent = await buffer(incoming);
    const { hostname, port } = new URL(service);
    const headers = rawHeaders as never;
    const call = request({ hostname, port, method, path: url, setHost: false, headers, agent: false });
    call.end(sent);
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    const body = await buffer(answer);
    outgoing.writeHead(answer.statusCode!, answer.rawHeaders).end(body);
    checks.push(
      violationsOf(service, incoming, sent, answer, body).then((found) => {
        violations.push(...found.map((each) => `${method} ${url} ${answer.statusCode}: ${each}`));
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(url) {
      service = url;
    },
    async close() {
      await Promise.all(checks); // before the service goes, which has the documents
      server.close();
      server.closeAllConnections();
      if (violations.length > 0) throw new Error(`Prism finds violations:\n${violations.join('\n')}`);
    },
  };
}

/** What Prism finds wrong with an answer, and with a request that was answered well: others are wrong on purpose. */
async function violationsOf(
  service: string,
  asked: IncomingMessage,
  sent: Buffer,
  answer: IncomingMessage,
  body: Buffer,
): Promise<string[]> {
  known ??= operationsAt(service);
  const operations = await known;
  // The service takes several slashes for one.
  const { pathname, searchParams } = new URL(withSingleSlashes(asked.url!), service);
  const method = (asked.method === 'HEAD' ? 'get' : asked.method!.toLowerCase()) as 'get';
  if (!['get', 'put', 'post', 'patch', 'delete'].includes(method)) return [];
  const query = Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const [value, ...more] = searchParams.getAll(name);
      return [name, more.length > 0 ? [value, ...more] : value];
    }),
  );
  // A body is not read where there is no use for it.
  const isRead = !['get', 'delete'].includes(method);
  const { 'content-length': _, ...head } = flat(asked.headers);
  const input = {
    method,
    url: { path: pathname.replace(/(?<=.)\/$/, ''), query: query as never },
    headers: isRead ? flat(asked.headers) : head,
    body: isRead ? bodyOf(sent, asked) : undefined,
  };
  const output = {
    statusCode: answer.statusCode!,
    headers: flat(answer.headers),
    body: asked.method === 'HEAD' ? undefined : bodyOf(body, answer),
  };
  const prism: Instance = createInstance(
    {
      isProxy: true,
      upstream: new URL(service),
      mock: { dynamic: false },
      checkSecurity: false, // it does not know OAuth 1.0a
      validateRequest: true,
      validateResponse: true,
      errors: false,
      upstreamProxy: undefined,
    },
    {
      logger: pino({ level: 'silent' }) as never,
      forward: (() => () => async () => ({ _tag: 'Right', right: output })) as never,
    },
  );
  const held = await prism.request(input, operations)();
  if (held._tag === 'Left') return [String(held.left)];
  const { validations } = held.right;
  const isRefused = output.statusCode >= 400;
  const found = [
    ...validations.output.filter(isSaidOf(answer)),
    ...(isRefused ? [] : validations.input.filter(isSaidOf(asked))),
  ];
  return found.map(({ path = [], message }) => `${path.join('.')} ${message}`);
}

/** Of XML and of pages Prism is told no body, so that it misses one. */
const isSaidOf =
  ({ headers }: IncomingMessage) =>
  ({ path: [part] = [], message }: { path?: readonly (string | number)[]; message: string }): boolean =>
    isHeld(headers) || !(part === 'body' || message === 'Body parameter is required');

const isHeld = (headers: IncomingMessage['headers']): boolean =>
  /json|urlencoded/.test(headers['content-type'] ?? 'json');

const flat = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** JSON and forms, as Prism reads them. */
function bodyOf(bytes: Buffer, { headers }: IncomingMessage): unknown {
  const type = headers['content-type'] ?? '';
  if (bytes.length === 0 || !isHeld(headers)) return undefined;
  const coding = headers['content-encoding'];
  const text = (
    coding === 'gzip' ? gunzipSync(bytes) : coding === 'br' ? brotliDecompressSync(bytes) : bytes
  ).toString();
  return /urlencoded/.test(type) ? text : parsed(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
