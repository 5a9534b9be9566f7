import express, { type Request, type Response } from 'express';
import { roomFor } from './room';

/** The largest body, in bytes, after decompression. */
export const MAX_BODY = 10 * 1024 * 1024;
/** Bodies that are read and worked on at the same time, in bytes; decoded, they take several times as much. */
const AT_ONCE = 2 * 1024 * 1024;
/** A body of a roll, which never waits for larger ones. */
const SMALL = 64 * 1024;
/** What is assumed of a body that does not say how long it is. */
const UNKNOWN = 1024 * 1024;

const raw = express.raw({ limit: MAX_BODY, type: () => true });
const room = roomFor(AT_ONCE);

/** Works on the bytes of the body; none where there is none, whatever Content-Type says. Large bodies take turns. */
export async function withBody<T>(request: Request, response: Response, work: (raw: Buffer) => Promise<T>): Promise<T> {
  const leave = await room.enter(sizeOf(request));
  try {
    return await work(await read(request, response));
  } finally {
    leave();
  }
}

const read = (request: Request, response: Response): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    raw(request, response, (error) =>
      error ? reject(error) : resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
    );
  });

/** RFC 9110, 8.6 and RFC 9112, 6.1: without Content-Length there is no body, or one in chunks. */
function sizeOf({ headers }: Request): number {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] ? UNKNOWN : 0;
  const size = headers['content-encoding'] ? UNKNOWN : Number(length);
  return size > SMALL ? size : 0;
}
