import express, { type Request, type Response } from 'express';

/** The largest body, in bytes, after decompression. */
export const MAX_BODY = 10 * 1024 * 1024;

const raw = express.raw({ limit: MAX_BODY, type: () => true });

/** The bytes of the body; none where there is none, whatever Content-Type says. */
export const readBody = (request: Request, response: Response): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    raw(request, response, (error) =>
      error ? reject(error) : resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
    );
  });
