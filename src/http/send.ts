import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { turn } from '../lib/event-loop';
import type { Problem } from '../lib/problem';
import type { Limits } from './admission/limits';
import type { Semaphore, Taker } from './admission/semaphore';
import { type Coding, codingFor, encodedAs, encoder, isWorthCoding } from './coding';
import type { Reply } from './endpoint';
import { etagOf, hashed, knownTag } from './etag';
import { json, jsonBytes } from './formats/json';
import type { Offer } from './media';
import { problemHeaders, statusOf } from './problem';
import { responseCache } from './response-cache';
import type { Check } from './validator';

/** A list that comes bit by bit, in order. */
type Bits<Item = unknown> = AsyncIterable<readonly Item[]>;

/** A property of a streamed body: its value, or how it comes by it. */
type Part<Value> =
  | Value
  | (() => Value | Promise<Value>)
  | (Value extends readonly (infer Item)[] ? Bits<Item> : never);

/**
 * A body that is too large to be held at once: an object whose properties are written in their order. One that is a
 * function is asked when its turn has come.
 */
export class Streamed<Body = unknown> {
  constructor(readonly properties: { readonly [Name in keyof Body]: Part<Body[Name]> }) {}
}

/**
 * One that goes on as long as something happens. It is sent as it comes, in no coding, which would keep it back; who makes it
 * bounds how many there are at the same time, and how long each goes on.
 */
export class Live<Body = unknown> extends Streamed<Body> {}

/** How a format writes an object in parts. */
export interface Parts {
  readonly open: string;
  readonly close: string;
  property(name: string, value: unknown, isFirst: boolean): string;
  /** What begins a list, writes some of its items, and ends it. */
  readonly list: {
    begin(name: string, isFirst: boolean): string;
    items(name: string, items: readonly unknown[], isFirst: boolean): string;
    end(name: string): string;
  };
}

const isBits = (value: unknown): value is Bits =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The text of a streamed body, part after part; before each of them, and of what they are made of, others have their turn. */
export async function* textOf(
  { properties }: Streamed,
  { open, close, property, list }: Parts,
): AsyncGenerator<string> {
  await turn(); // also where this is asked for by the end of another
  yield open;
  let isFirst = true;
  for (const [name, given] of Object.entries(properties)) {
    await turn();
    const value = typeof given === 'function' ? await given() : given;
    if (!isBits(value)) yield property(name, value, isFirst);
    else {
      yield list.begin(name, isFirst);
      let isFirstItem = true;
      for await (const items of value) {
        if (items.length > 0) {
          yield list.items(name, items, isFirstItem);
          isFirstItem = false;
        }
        await turn();
      }
      yield list.end(name);
    }
    isFirst = false;
  }
  yield close;
}

const gone = ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];

/** How long a streamed answer may take, in milliseconds. */
interface Patience {
  /** As a whole. */
  readonly longest: number;
  /** For a part of it, while others wait for its turn. */
  readonly stalledBeforeOthers: number;
  readonly isWanted: () => boolean;
}

/**
 * Sends it no faster than the client takes it, but not for ever: not beyond the longest time, nor to a client that takes
 * nothing while others wait. A client that goes away is no fault of ours.
 */
export async function stream(
  response: Response,
  text: AsyncGenerator<string>,
  { longest, stalledBeforeOthers, isWanted }: Patience,
  coding?: Coding,
): Promise<void> {
  let taken = performance.now();
  async function* watched() {
    for await (const part of text) {
      yield part;
      taken = performance.now(); // it is asked for more
    }
  }
  const cut = new AbortController();
  const watch = setInterval(() => {
    if (performance.now() - taken > stalledBeforeOthers && isWanted()) cut.abort();
  }, stalledBeforeOthers / 4);
  const signal = AbortSignal.any([cut.signal, AbortSignal.timeout(longest)]);
  try {
    const parts = Readable.from(watched(), { highWaterMark: 1 });
    await pipeline([parts, ...(coding ? [encoder(coding)] : []), response], { signal });
  } catch (error) {
    if (!gone.includes(String((error as NodeJS.ErrnoException).code))) throw error;
  } finally {
    clearInterval(watch);
  }
}

/** Puts HTTP on replies. What is `streamed` goes on after the work is done, as fast as the client takes it. */
export function sender(limits: Limits, streams: Semaphore, answers = responseCache()) {
  const coalesce = async (response: Response, text: AsyncGenerator<string>, taker: Taker, coding?: Coding) => {
    const leave = await streams.enter(1, taker);
    const isWanted = () => streams.isWantedFrom(taker);
    return stream(response, text, { ...limits, isWanted }, coding).finally(leave);
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
    const { revision, content } = reply;
    const coding = codingFor(request.headers['accept-encoding']);
    const isKnownAs = (revision: number) =>
      isKnown(request, response, etagOf(epoch, revision, type, { content, coding }));
    const bodyOf = async () => (typeof reply.body === 'function' ? await reply.body() : reply.body);
    const encoded = (body: unknown) => {
      check?.(body);
      if (body === undefined) return undefined;
      // Whatever its media type is called.
      return format.encode === json.encode ? jsonBytes(body) : Buffer.from(format.encode(body));
    };
    const streamed = (body: Streamed) => {
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      if (body instanceof Live) {
        if (request.method === 'HEAD') return void response.end();
        response.flushHeaders();
        return { streamed: stream(response, textOf(body, format.parts), { ...limits, isWanted: () => false }) };
      }
      if (coding) response.setHeader('Content-Encoding', coding);
      // nginx, and what understands it: to be handed on as it comes. Other proxies pass the header on, which does no harm.
      response.setHeader('X-Accel-Buffering', 'no');
      return { streamed: coalesce(response, textOf(body, format.parts), taker, coding) };
    };
    if (revision === undefined) {
      const body = await bodyOf();
      if (body instanceof Streamed) return streamed(body);
      const bytes = encoded(body);
      // What has no revision is known by what is answered: rosters change without one.
      if (bytes && reply.status === 200 && isRead(request) && isKnownAs(hashed(bytes))) return;
      return writeCoded(response, type, await codedFor(bytes, coding));
    }
    if (isKnownAs(revision)) return;
    if (typeof reply.body !== 'function')
      return writeCoded(response, type, await codedFor(encoded(reply.body), coding));
    // Host and scheme are in the links of an answer.
    const asked = `${epoch} ${type} ${request.secure} ${request.headers.host} ${request.originalUrl}`;
    const remembered = coding && answers.get(`${coding} ${asked}`, revision);
    if (remembered) return writeCoded(response, type, { bytes: remembered, coding });
    let bytes = answers.get(asked, revision);
    if (!bytes) {
      const body = await bodyOf();
      if (body instanceof Streamed) return streamed(body);
      bytes = encoded(body);
    }
    const coded = await codedFor(bytes, coding);
    if (coded.bytes) answers.put(coded.coding ? `${coded.coding} ${asked}` : asked, revision, coded.bytes);
    return writeCoded(response, type, coded);
  };
}

/** The bytes of an answer, and the coding that they are in. */
interface Coded {
  readonly bytes?: Buffer | undefined;
  readonly coding?: Coding | undefined;
}

const codedFor = async (bytes: Buffer | undefined, coding: Coding | undefined): Promise<Coded> =>
  bytes && coding && isWorthCoding(bytes) ? { bytes: await encodedAs(coding, bytes), coding } : { bytes };

const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/**
 * Sends the ETag, and says whether the client has what it stands for already: then it is told so, by 304. RFC 9110,
 * 15.4.5: that answers a conditional GET or HEAD; what was written is answered as it is.
 */
function isKnown(request: Request, response: Response, etag: string): boolean {
  const known = isRead(request) ? knownTag(request.headers['if-none-match'], etag) : undefined;
  // RFC 9111, 4.3.4: a cache goes on with the answer that has this very tag.
  response.setHeader('ETag', known ?? etag);
  if (known === undefined) return false;
  response.writeHead(304).end();
  return true;
}

function writeCoded(response: ServerResponse, type: string, { bytes, coding }: Coded): undefined {
  if (coding) response.setHeader('Content-Encoding', coding);
  return write(response, bytes, type);
}

/** An error takes the same road as an answer: in the format that was negotiated. It is short, and sent as it is. */
export function sendProblem(response: ServerResponse, { format, type }: Offer, problem: Problem, body: unknown): void {
  for (const [header, value] of Object.entries(problemHeaders(problem))) response.setHeader(header, value);
  response.statusCode = statusOf(problem);
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
