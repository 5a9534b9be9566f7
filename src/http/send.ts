import type { ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Problem } from '../errors';
import type { Reply } from './endpoint';
import { etagOf, hashed, isNoneMatch } from './etag';
import type { Limits } from './limits';
import type { Offer } from './media';
import { rememberedAnswers } from './remembered';
import type { Semaphore, Taker } from './semaphore';
import { Streamed, stream, textOf } from './streamed';
import type { Check } from './validator';

/** Puts HTTP on replies. What is `streamed` goes on after the work is done, as fast as the client takes it. */
export function sender(limits: Limits, streams: Semaphore, answers = rememberedAnswers()) {
  const inTurn = async (response: Response, text: AsyncGenerator<string>, taker: Taker) => {
    const leave = await streams.enter(1, taker);
    const isWanted = () => streams.isWantedFrom(taker);
    return stream(response, text, { ...limits, isWanted }).finally(leave);
  };
  return async (
    request: Request,
    response: Response,
    { format, type }: Offer,
    reply: Reply,
    epoch: string,
    taker: Taker,
    check?: Check,
  ): Promise<{ streamed: Promise<void> } | undefined> => {
    if (reply.headers) response.set(reply.headers);
    response.setTimeout(limits.stalled); // from now on; a client that takes nothing in that time is let go
    response.statusCode = reply.status;
    const { revision } = reply;
    const bodyOf = async () => (typeof reply.body === 'function' ? await reply.body() : reply.body);
    const encoded = (body: unknown) => {
      check?.(body);
      return body === undefined ? undefined : Buffer.from(format.encode(body));
    };
    const streamed = (body: Streamed) => {
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      return { streamed: inTurn(response, textOf(body, format.parts), taker) };
    };
    if (revision === undefined) {
      const body = await bodyOf();
      if (body instanceof Streamed) return streamed(body);
      const bytes = encoded(body);
      // What has no revision is known by what is answered: rosters change without one.
      if (bytes && reply.status === 200 && isRead(request)) {
        if (isKnown(request, response, etagOf(epoch, hashed(bytes), type))) return;
      }
      return write(response, bytes, type);
    }
    if (isKnown(request, response, etagOf(epoch, revision, type))) return;
    if (typeof reply.body !== 'function') return write(response, encoded(reply.body), type);
    // Host and scheme are in the links of an answer.
    const asked = `${epoch} ${type} ${request.secure} ${request.headers.host} ${request.originalUrl}`;
    const remembered = answers.get(asked, revision);
    if (remembered) return write(response, remembered, type);
    const body = await bodyOf();
    if (body instanceof Streamed) return streamed(body);
    const bytes = encoded(body);
    if (bytes) answers.put(asked, revision, bytes);
    return write(response, bytes, type);
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
export function sendProblem(response: ServerResponse, { format, type }: Offer, problem: Problem, body: unknown): void {
  for (const [header, value] of Object.entries(problem.headers)) response.setHeader(header, value);
  response.statusCode = problem.status;
  const { type: problemType, encode } = format.problem ?? { type, encode: format.encode };
  write(response, body === undefined ? undefined : encode(body), problemType);
}

/** A text goes with the headers in one piece. */
function write(response: ServerResponse, bytes?: Buffer | string, type?: string): undefined {
  if (bytes !== undefined) {
    response.setHeader('Content-Type', `${type}; charset=utf-8`);
    response.setHeader('Content-Length', Buffer.byteLength(bytes));
  }
  response.end(bytes);
}
