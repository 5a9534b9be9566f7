import type { IncomingMessage } from 'node:http';
import { Problem } from '../lib/problem';
import type { Limits } from './admission/limits';
import { HttpProblem } from './problem';

/** Fields that say one thing: of two of them Node would take one and drop the other. */
const single = ['host', 'authorization', 'content-type', 'origin'];

/** RFC 9110, 7.2: `Host = uri-host [ ":" port ]`, which is a name of RFC 3986, 3.2.2, or an address in brackets; or nothing. */
const HOST = /^(?:\[[\w:.%~-]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;
/** RFC 9112, 3: a request line has a version. Node takes one without as HTTP/0.9. */
const VERSIONS = ['1.0', '1.1'];
const EXPECT = /^(?:100-continue)?$/i;

/**
 * Throws where a field comes twice that can be there once, also where something on the way has made one line of both. RFC
 * 9112, 3.2: "A server MUST respond with a 400 to any HTTP/1.1 request message that lacks a Host header field and to any
 * request message that contains more than one Host header field line or a Host header field with an invalid field value."
 * RFC 9110, 10.1.1: 417 may be answered to an expectation other than 100-continue, which Node has met by then.
 */
function checkFields({ headers, rawHeaders, httpVersion }: IncomingMessage): void {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const twice = single.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) throw new Problem('REQUEST_MALFORMED', `The header ${twice} may come once; it came several times.`);
  const unread = (detail: string) => new HttpProblem('REQUEST_MALFORMED', detail, { Connection: 'close' });
  if (!VERSIONS.includes(httpVersion)) throw unread('The request line has to end in HTTP/1.1 or HTTP/1.0.');
  if (headers.host === undefined && httpVersion === '1.1') throw unread('The header host has to be there.');
  if (!HOST.test(headers.host ?? ''))
    throw new Problem('REQUEST_MALFORMED', 'The header host must be one host, and a port where there is one.');
  if (!EXPECT.test(headers.expect ?? ''))
    // Nobody knows whether the body that is announced will come: what comes next may be of it, or another request.
    throw new HttpProblem('EXPECTATION_FAILED', 'The header expect may be 100-continue alone.', {
      Connection: 'close',
    });
}

/**
 * Throws where the head of a request is wrong, or larger than one may be; one beyond `MAX_HEAD` Node does not read.
 * @param target as it was asked for
 */
export function checkHead(request: IncomingMessage, target: string, { url, headers, parameters }: Limits): void {
  checkFields(request);
  if (target.length > url)
    throw new Problem('URL_TOO_LONG', `A URL may have ${url} characters; this one has ${target.length}.`);
  const fields = request.rawHeaders.length / 2;
  if (fields > headers)
    throw new Problem('HEADERS_TOO_MANY', `A request may have ${headers} headers; this one has ${fields}.`);
  const start = target.indexOf('?');
  const count = start < 0 ? 0 : target.slice(start).split('&').length;
  if (count > parameters)
    throw new Problem('QUERY_INVALID', `A query may have ${parameters} parameters; this one has ${count}.`);
}
