import type { Request, Response } from 'express';
import type { Problem } from '../errors';
import type { Reply } from './endpoint';
import { etagOf, hashed, isNoneMatch } from './etag';
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
    if (revision === undefined) {
      const bytes = encoded(await bodyOf());
      // What has no revision is known by what is answered: rosters change without one.
      if (bytes && reply.status === 200 && isRead(request) && isKnown(request, response, etagOf(hashed(bytes), type)))
        return;
      return write(response, bytes, type);
    }
    if (isKnown(request, response, etagOf(revision, type))) return;
    if (typeof reply.body !== 'function') return write(response, encoded(reply.body), type);
    // Host and scheme are in the links of an answer.
    const asked = `${type} ${request.secure} ${request.headers.host} ${request.originalUrl}`;
    const remembered = answers.get(asked, revision);
    if (remembered) return write(response, remembered, type);
    const body = await bodyOf();
    if (body instanceof Streamed) {
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      return stream(response, textOf(body, format.parts));
    }
    const bytes = encoded(body);
    if (bytes) answers.put(asked, revision, bytes);
    write(response, bytes, type);
  };
}

const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/**
 * Sends the ETag, and says whether the client has what it stands for already: then it is told so, by 304. RFC 9110,
 * 15.4.5: that answers a conditional GET or HEAD; what was written is answered as it is.
 */
function isKnown(request: Request, response: Response, etag: string): boolean {
  response.setHeader('ETag', etag);
  if (!isRead(request) || !isNoneMatch(request.headers['if-none-match'], etag)) return false;
  response.writeHead(304).end();
  return true;
}

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
