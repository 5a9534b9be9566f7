import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type Request, type Response } from 'express';
import { Problem } from '../errors';
import type { BodyHash } from './credentials/credential';
import type { Limits } from './limits';
import { roomFor } from './room';

/** The largest body, in bytes, after decompression. */
export const MAX_BODY = 10 * 1024 * 1024;
/** A body of a roll, which never waits for larger ones. */
export const SMALL = 64 * 1024;
/** What is assumed of a body that does not say how long it is. */
const UNKNOWN = 1024 * 1024;

const raw = express.raw({ limit: MAX_BODY, type: () => true });

/** Reads bodies and has them worked on. Larger ones take turns: one for the wire, then one for the work. */
export function bodyReader({ bodiesComing, bodiesLate, patience, bodiesAtOnce, waiting }: Limits) {
  const coming = roomFor(bodiesComing, waiting);
  const late = roomFor(bodiesLate, 0);
  const working = roomFor(bodiesAtOnce, waiting);

  /** A body that has not come in time gives its turn to others; it may go on as long as few do. */
  async function arrived(request: Request, response: Response, size: number, hash?: BodyHash): Promise<Buffer> {
    if (size === 0) return read(request, response, hash);
    let leave = await coming.enter(size);
    const here = new AbortController();
    const overdue = async (): Promise<never> => {
      await wait(patience, undefined, { signal: here.signal });
      leave();
      leave = await late.enter(size).catch(tooSlow);
      return new Promise(() => undefined);
    };
    try {
      return await Promise.race([read(request, response, hash), overdue()]);
    } finally {
      here.abort();
      leave();
    }
  }

  /**
   * Works on the bytes of the body; none where there is none, whatever Content-Type says.
   * @param hash of the body that was signed: of another one nothing is decoded
   */
  return async <T>(
    request: Request,
    response: Response,
    work: (raw: Buffer) => Promise<T>,
    hash?: BodyHash,
  ): Promise<T> => {
    const length = lengthOf(request);
    const size = length > SMALL ? length : 0;
    const body = await arrived(request, response, size, hash);
    const leave = await working.enter(size);
    try {
      return await work(body);
    } finally {
      leave();
    }
  };
}

/** RFC 9110, 15.5.9: 408 goes with closing the connection. */
function tooSlow(cause: unknown): never {
  throw new Problem('BODY_SLOW', undefined, { headers: { Connection: 'close' }, cause });
}

async function read(request: Request, response: Response, hash?: BodyHash): Promise<Buffer> {
  // Of the bytes as they come, compressed where they are: the entity-body of RFC 2616, 7.2.
  const hashed = hash && createHash(hash.algorithm);
  if (hashed) request.on('data', (bytes) => hashed.update(bytes));
  await new Promise<void>((resolve, reject) => {
    raw(request, response, (error) => (error ? reject(error) : resolve()));
  });
  if (hashed && hashed.digest('base64') !== hash.digest)
    throw new Problem('CREDENTIALS_INVALID', 'oauth_body_hash is not the hash of the body that came.');
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** What the request says of its body's length. RFC 9110, 8.6 and RFC 9112, 6.1: no Content-Length is no body, or chunks. */
export function lengthOf({ headers }: IncomingMessage): number {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] ? UNKNOWN : 0;
  return headers['content-encoding'] ? UNKNOWN : Number(length);
}
