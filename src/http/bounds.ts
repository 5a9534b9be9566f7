import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { Problem } from '../errors';
import type { Limits } from './limits';

/** Fields that say one thing: of two of them Node would take one and drop the other. */
const single = ['host', 'authorization', 'content-type', 'origin'];

/**
 * Throws where a field comes twice that can be there once. RFC 9112, 3.2: "A server MUST respond with a 400 to any request
 * message that contains more than one Host header field line."
 */
export function checkSingle({ rawHeaders }: IncomingMessage): void {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const twice = single.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) throw new Problem('REQUEST_MALFORMED', `The header ${twice} may come once; it came several times.`);
}

/** Throws where the head of a request is larger than one may be; Node itself answers 431 to one beyond 16 KiB. */
export function checkHead(request: Request, { url, headers, parameters }: Limits): void {
  const { originalUrl, rawHeaders } = request;
  checkSingle(request);
  if (originalUrl.length > url)
    throw new Problem('URL_TOO_LONG', `A URL may have ${url} characters; this one has ${originalUrl.length}.`);
  const fields = rawHeaders.length / 2;
  if (fields > headers)
    throw new Problem('HEADERS_TOO_MANY', `A request may have ${headers} headers; this one has ${fields}.`);
  const start = originalUrl.indexOf('?');
  const count = start < 0 ? 0 : originalUrl.slice(start).split('&').length;
  if (count > parameters)
    throw new Problem('QUERY_INVALID', `A query may have ${parameters} parameters; this one has ${count}.`);
}
