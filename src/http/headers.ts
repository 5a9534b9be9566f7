import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { lazy } from '../lib/lazy';
import type { Api, Endpoint } from './endpoint';

/* Headers that are the same for many answers: of all of them, of those of an API, and of those that other origins may read. */

/** What answers say to browsers: they are data, no pages; they load nothing, are framed nowhere and guessed at by none. */
const toBrowsers = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false, // said below
  // Of documents with scripts, downloads and plug-ins, of which there are none.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** Seconds: a year. */
const STRICT_TRANSPORT = `max-age=${365 * 24 * 60 * 60}`;

const fixed = lazy(() => {
  const headers = { ...headersSaidBy(toBrowsers), 'cache-control': 'no-store' };
  return Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
});

/** The headers of every answer, which are the same for all and so are worked out once; an API may say otherwise after. */
export function setFixedHeaders(response: ServerResponse): void {
  for (const [name, value] of fixed()) response.setHeader(name, value);
}

export function fixedHeaders({ secure }: Request, response: Response, next: NextFunction): void {
  setFixedHeaders(response);
  // RFC 6797, 7.2: a host MUST NOT say so over plain http.
  if (secure) response.setHeader('strict-transport-security', STRICT_TRANSPORT);
  next();
}

/** What helmet says, the same for each request. */
function headersSaidBy(middleware: ReturnType<typeof helmet>) {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  middleware(request, response, () => undefined);
  return response.getHeaders();
}

/** Lets pages of other origins show an answer in a frame, of which X-Frame-Options (RFC 7034) has no word. */
export function allowFrames(response: ServerResponse): void {
  response.removeHeader('x-frame-options');
  response.setHeader('content-security-policy', "default-src 'none'");
  response.setHeader('cross-origin-resource-policy', 'cross-origin');
}

/** Which headers web pages of other origins may send and read, beyond those that every page may. */
export interface Cors {
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
}

/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE = '7200';

/**
 * Fetch standard, 3.3 (CORS protocol). Any origin may call: what counts is a token that a page has to know, never a
 * cookie that a browser adds. The preflight itself is the OPTIONS that every path answers.
 */
export function cors({ requestHeaders, responseHeaders }: Cors, endpoints: readonly Endpoint[]) {
  const every = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': responseHeaders.join(', '),
  };
  const preflight = {
    'Access-Control-Allow-Methods': [...new Set(endpoints.map(({ method }) => method))].join(', '),
    'Access-Control-Allow-Headers': requestHeaders.join(', '),
    'Access-Control-Max-Age': MAX_AGE,
  };
  return (method: string | undefined) => (method === 'OPTIONS' ? { ...every, ...preflight } : every);
}

type Headers = readonly (readonly [name: string, value: string])[];

/** The headers that every answer of an API has. */
export function headersOf({ headers = {}, cors: allowed, endpoints }: Api): (method: string | undefined) => Headers {
  // RFC 9110, 12.5.5, of all answers alike: also of a 304, and of what is too small to be compressed.
  const vary = 'Accept, Accept-Encoding';
  const fixed = Object.entries({ Vary: vary, 'Cache-Control': 'private, no-cache', ...headers });
  const ofOthers = allowed && cors(allowed, endpoints);
  const [asked, others] = ['OPTIONS', 'GET'].map((method) => [...fixed, ...Object.entries(ofOthers?.(method) ?? {})]);
  return (method) => (method === 'OPTIONS' ? asked! : others!);
}

/** Sets them; gives the name of the request where one is sent. */
export function commonHeaders(api: Api) {
  const headers = headersOf(api);
  const { requestIdHeader } = api;
  return ({ method }: IncomingMessage, response: ServerResponse): string | undefined => {
    for (const [header, value] of headers(method)) response.setHeader(header, value);
    if (!requestIdHeader) return undefined;
    const name = randomUUID();
    response.setHeader(requestIdHeader, name);
    return name;
  };
}
