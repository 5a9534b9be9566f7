import type { TSchema } from '@sinclair/typebox';
import fc from 'fast-check';
import type { Api } from '../../../src/http/endpoint';
import { anyBody, bodiesFor, type SentBody } from './bodies';
import { headersFor, type Tokens } from './headers';
import type { Sent } from './sent';
import { type Target, targetsOf } from './targets';
import { seldom } from './values';

const otherMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH'];

/** Requests to every endpoint of the APIs, whatever these are: good ones, and ones that went wrong anywhere. */
export function requestsTo(apis: readonly Api[], tokens: Tokens): fc.Arbitrary<Sent> {
  const known = new Map<TSchema, fc.Arbitrary<SentBody>>();
  const bodies = ({ endpoint: { schemas } }: Target) => {
    if (!schemas?.body) return anyBody;
    if (!known.has(schemas.body)) known.set(schemas.body, bodiesFor(schemas.body));
    return known.get(schemas.body)!;
  };
  return targetsOf(apis)
    .chain((target) =>
      fc.record({
        target: fc.constant(target),
        method: seldom(fc.constantFrom(...otherMethods)),
        headers: headersFor(tokens),
        body: bodies(target),
        chunked: seldom(fc.constant(true)),
      }),
    )
    .map(({ target: { endpoint, target }, method = endpoint.method, headers, body, chunked }) => ({
      method,
      target,
      headers: { ...headers, ...body.headers, ...framing(body.bytes, chunked) },
      body: body.bytes,
    }));
}

/** RFC 9112, 6: how long the body is, or that it comes in chunks. */
const framing = (bytes: Buffer, chunked = false): Record<string, string> =>
  chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(bytes.length) };
