import type { Request, Response } from 'express';
import type { Problem } from '../errors';
import type { Reply } from './endpoint';
import { etagOf, isNoneMatch } from './etag';
import type { Offer } from './media';
import { rememberedAnswers } from './remembered';
import { Streamed, stream, textOf } from './streamed';
import type { Check } from './validator';

/** Puts HTTP on replies. */
export function sender(answers = rememberedAnswers()) {
  return async (request: Request, response: Response, { format, type }: Offer, reply: Reply, check?: Check) => {
    if (reply.headers) response.set(reply.headers);
    response.statusCode = reply.status;
    const { revision } = reply;
    const bodyOf = async () => (typeof reply.body === 'function' ? await reply.body() : reply.body);
    const encoded = (body: unknown) => {
      check?.(body);
      return body === undefined ? undefined : Buffer.from(format.encode(body));
    };
    const respond = (body: unknown): Promise<void> | void => {
      if (!(body instanceof Streamed)) return write(response, encoded(body), type);
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      return stream(response, textOf(body, format.parts));
    };
    if (revision === undefined) return respond(await bodyOf());
    const etag = etagOf(revision, type);
    response.setHeader('ETag', etag);
    if (isRead(request) && isNoneMatch(request.headers['if-none-match'], etag))
      return void response.writeHead(304).end();
    if (typeof reply.body !== 'function') return write(response, encoded(reply.body), type);
    // Host and scheme are in the links of an answer.
    const asked = `${type} ${request.secure} ${request.headers.host} ${request.originalUrl}`;
    const remembered = answers.get(asked, revision);
    if (remembered) return write(response, remembered, type);
    const body = await bodyOf();
    if (body instanceof Streamed) return respond(body);
    const bytes = encoded(body);
    if (bytes) answers.put(asked, revision, bytes);
    write(response, bytes, type);
  };
}

/** RFC 9110, 15.4.5: 304 answers a conditional GET or HEAD; what was written is answered as it is. */
const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/** An error takes the same road as an answer: in the format that was negotiated. */
export function sendProblem(response: Response, { format, type }: Offer, problem: Problem, body: unknown): void {
  response.set(problem.headers);
  response.statusCode = problem.status;
  const { type: problemType, encode } = format.problem ?? { type, encode: format.encode };
  write(response, body === undefined ? undefined : Buffer.from(encode(body)), problemType);
}

function write(response: Response, bytes: Buffer | undefined, type: string): void {
  if (bytes === undefined) return void response.end();
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}
