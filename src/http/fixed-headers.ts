import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

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

/** The headers of every answer, which are the same for all and so are worked out once; an API may say otherwise after. */
export function fixedHeaders() {
  const headers = { ...headersOf(toBrowsers), 'cache-control': 'no-store' };
  const fixed = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return ({ secure }: Request, response: Response, next: NextFunction): void => {
    for (const [name, value] of fixed) response.setHeader(name, value);
    // RFC 6797, 7.2: a host MUST NOT say so over plain http.
    if (secure) response.setHeader('strict-transport-security', STRICT_TRANSPORT);
    next();
  };
}

/** What helmet says, the same for each request. */
function headersOf(middleware: ReturnType<typeof helmet>) {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  middleware(request, response, () => undefined);
  return response.getHeaders();
}
