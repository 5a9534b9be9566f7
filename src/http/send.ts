import type { Request, Response } from 'express';
import type { Problem } from '../errors';
import type { Reply } from './endpoint';
import { etagOf, isNoneMatch } from './etag';
import type { Offer } from './media';
import type { Check } from './validator';

/** Puts HTTP on a reply. */
export async function send(request: Request, response: Response, { format, type }: Offer, reply: Reply, check?: Check) {
  if (reply.headers) response.set(reply.headers);
  if (reply.revision !== undefined) {
    const etag = etagOf(reply.revision, type);
    response.setHeader('ETag', etag);
    if (isRead(request) && isNoneMatch(request.headers['if-none-match'], etag))
      return void response.writeHead(304).end();
  }
  const body = typeof reply.body === 'function' ? await reply.body() : reply.body;
  check?.(body);
  response.statusCode = reply.status;
  write(response, body, type, format.encode);
}

/** RFC 9110, 15.4.5: 304 answers a conditional GET or HEAD; what was written is answered as it is. */
const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/** An error takes the same road as an answer: in the format that was negotiated. */
export function sendProblem(response: Response, { format, type }: Offer, problem: Problem, body: unknown): void {
  response.set(problem.headers);
  response.statusCode = problem.status;
  const { type: problemType, encode } = format.problem ?? { type, encode: format.encode };
  write(response, body, problemType, encode);
}

function write(response: Response, body: unknown, type: string, encode: (value: unknown) => string): void {
  if (body === undefined) return void response.end();
  const text = encode(body);
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
