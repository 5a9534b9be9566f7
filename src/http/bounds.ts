import type { Request } from 'express';
import { Problem } from '../errors';
import type { Limits } from './limits';

/** Throws where the head of a request is larger than one may be; Node itself answers 431 to one beyond 16 KiB. */
export function checkHead({ originalUrl, rawHeaders }: Request, { url, headers, parameters }: Limits): void {
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
