import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type Request, type Response } from 'express';
import { Problem } from '../lib/problem';
import type { Limits } from './admission/limits';
import { semaphore, type Taker } from './admission/semaphore';
import type { BodyHash } from './credentials/credentials';
import { HttpProblem } from './problem';

/** The largest body, in bytes, after decompression. */
export const MAX_BODY = 10 * 1024 * 1024;
/** A body of a roll, which never waits for larger ones. */
export const SMALL = 64 * 1024;
/** What is assumed of a body that does not say how long it is, and what it costs to decode one that is refused. */
const UNKNOWN = 1024 * 1024;

const raw = express.raw({ limit: MAX_BODY, type: () => true });

/** Reads bodies and has them worked on. Larger ones take turns: one for the wire, then one for the work. */
export function bodyReader({ bodiesComing, bodiesLate, patience, bodiesAtOnce, waiting }: Limits) {
  const coming = semaphore(bodiesComing, waiting);
  const late = semaphore(bodiesLate, 0);
  const working = semaphore(bodiesAtOnce, waiting);

  /** A body that has not come in time gives its turn to others; it may go on as long as few do. */
  async function arrived(
    request: Request,
    response: Response,
    size: number,
    taker: Taker,
    reading: Reading,
  ): Promise<Buffer> {
    if (size === 0) return read(request, response, reading);
    let leave = await coming.enter(size, taker);
    const here = new AbortController();
    const overdue = async (): Promise<never> => {
      await wait(patience, undefined, { signal: here.signal });
      leave();
      leave = await late.enter(size, taker).catch(tooSlow);
      return new Promise(() => undefined);
    };
    try {
      return await Promise.race([read(request, response, reading), overdue()]);
    } finally {
      here.abort();
      leave();
    }
  }

  /**
   * Works on the bytes of the body; none where there is none, whatever Content-Type says.
   * @param charge is told how long it was in the end, decoded, before anything is worked on; may throw
   * @param hash of the body that was signed: of another one nothing is decoded
   */
  return async <T>(
    request: Request,
    response: Response,
    taker: Taker,
    work: (raw: Buffer) => Promise<T>,
    charge: (bytes: number) => void,
    hash?: BodyHash,
  ): Promise<T> => {
    const length = lengthOf(request);
    const size = length > SMALL ? length : 0;
    let spent = 0;
    const onRead = (bytes: Buffer) => {
      spent += isEncoded(request) ? UNKNOWN : bytes.length;
    };
    const body = await arrived(request, response, size, taker, { hash, onRead }).catch((error) => {
      // What was read and decoded of it, if only to be refused, was work.
      charge(Math.min(spent, UNKNOWN));
      throw error;
    });
    charge(body.length);
    const leave = await working.enter(size, taker);
    try {
      return await work(body);
    } finally {
      leave();
    }
  };
}

/** RFC 9110, 15.5.9: 408 goes with closing the connection. */
function tooSlow(cause: unknown): never {
  throw new HttpProblem('BODY_SLOW', undefined, { Connection: 'close' }, { cause });
}

/** Content codings of RFC 9110, 8.4.1 and RFC 7932 that a body may have: those, whatever else the runtime knows. */
const ENCODINGS = ['gzip', 'deflate', 'br'];

interface Reading {
  readonly hash: BodyHash | undefined;
  /** Told of the bytes as they come, compressed where they are. */
  readonly onRead: (bytes: Buffer) => void;
}

async function read(request: Request, response: Response, { hash, onRead }: Reading): Promise<Buffer> {
  if (isEncoded(request) && !ENCODINGS.includes(encodingOf(request)))
    throw new HttpProblem(
      'MEDIA_TYPE_UNSUPPORTED',
      `A body may be encoded by ${ENCODINGS.join(', ')}, not otherwise.`,
      {
        // RFC 9110, 15.5.16: it says which would do.
        'Accept-Encoding': ENCODINGS.join(', '),
      },
    );
  request.on('data', onRead);
  // Of the bytes as they come: the entity-body of RFC 2616, 7.2.
  const hashed = hash && createHash(hash.algorithm);
  if (hashed) request.on('data', (bytes) => hashed.update(bytes));
  const body = await decompressed(request, response);
  if (hashed && hashed.digest('base64') !== hash.digest)
    throw new Problem('CREDENTIALS_INVALID', 'oauth_body_hash is not the hash of the body that came.');
  return body;
}

function decompressed(request: Request, response: Response): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    onceBroken(request, reject);
    raw(request, response, (error) => {
      if (!error) resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      else reject(isEncoded(request) && isOfDecoder(error) ? undecodable(request, error) : error);
    });
  });
}

const encodingOf = ({ headers }: IncomingMessage): string => headers['content-encoding']?.toLowerCase() || 'identity';

/** RFC 9110, 8.4.1 and 12.5.3: `identity` is the name for none. */
const isEncoded = (request: IncomingMessage): boolean => encodingOf(request) !== 'identity';

function undecodable(request: IncomingMessage, cause: unknown): Problem {
  const encoding = encodingOf(request);
  return new Problem('BODY_MALFORMED', `The body could not be decompressed: it is not whole, or not ${encoding}.`, {
    cause,
  });
}

/** body-parser names its own errors by a type; what has none came from the stream that decompresses, in its own words. */
const isOfDecoder = ({ type, status }: { type?: string; status?: number }): boolean =>
  type === undefined && status === 400;

/**
 * How long the body is, before it is read: what the request says of it, or what has come of it where all has. RFC 9110,
 * 8.6 and RFC 9112, 6.1: no Content-Length is no body, or chunks.
 */
export function lengthOf(request: IncomingMessage): number {
  const { headers } = request;
  const isThere = headers['content-length'] ?? headers['transfer-encoding'];
  return isEncoded(request) && isThere ? UNKNOWN : (sentLengthOf(request) ?? UNKNOWN);
}

/** How many bytes of it are sent, encoded or not; undefined where that is not known yet. */
export function sentLengthOf({ headers, complete, readableLength }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length);
  if (!headers['transfer-encoding']) return 0;
  return complete ? readableLength : undefined;
}

/** More comes than a roll has. Of a body in chunks that is known once so much of it is here. */
export const isLarge = ({ headers, complete, readableLength }: IncomingMessage): boolean =>
  headers['content-length'] === undefined
    ? !complete && readableLength >= SMALL
    : Number(headers['content-length']) > SMALL;

/** Whether nothing has to be waited for: a body that is not large is here, or is not going to be read, or never comes. */
export const isSmallHere = (request: IncomingMessage): boolean =>
  request.complete ||
  broken.has(request) ||
  request.method === 'GET' ||
  request.method === 'HEAD' ||
  isLarge(request) ||
  lengthOf(request) === 0;

/** Requests whose body cannot be read to its end, and why. */
const broken = new WeakMap<IncomingMessage, Problem>();

/** Says that no more of a body will come than has: who reads it, or comes to read it, is told why. */
export function breakBody(request: IncomingMessage, why: Problem): void {
  broken.set(request, why);
  request.emit('broken', why);
}

function onceBroken(request: IncomingMessage, then: (why: Problem) => void): void {
  const why = broken.get(request);
  if (why) then(why);
  else request.once('broken', then);
}

/**
 * Goes on when that is so. Node keeps so much of a body without being asked (`highWaterMark` of the listener).
 */
export function onceSmallIsHere(request: IncomingMessage, then: () => void): void {
  const look = () => {
    if (!isSmallHere(request)) return;
    request.off('readable', look).off('broken', look);
    then();
  };
  request.on('readable', look).on('broken', look);
}
