import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from '../errors';
import { cors } from './cors';
import type { Dialect } from './endpoint';
import { mediaOf } from './media';
import { sendProblem } from './send';

/** Sets the headers that every answer of a dialect has; gives the name of the request where one is sent. */
export function greeting({ requestIdHeader, headers = {}, cors: allowed, endpoints }: Dialect) {
  const fixed = Object.entries({ Vary: 'Accept', 'Cache-Control': 'private, no-cache', ...headers });
  const ofOthers = allowed && cors(allowed, endpoints);
  return ({ method }: IncomingMessage, response: ServerResponse): string | undefined => {
    for (const [header, value] of fixed) response.setHeader(header, value);
    if (ofOthers) for (const [header, value] of Object.entries(ofOthers(method))) response.setHeader(header, value);
    if (!requestIdHeader) return undefined;
    const name = randomUUID();
    response.setHeader(requestIdHeader, name);
    return name;
  };
}

/** Says no in a dialect's words: in the format that was asked for, or the favourite where that is what failed. */
export function refuser({ formats, refuse }: Dialect) {
  const media = mediaOf(formats);
  return ({ headers }: IncomingMessage, response: ServerResponse, problem: Problem, path: string): void =>
    sendProblem(response, media.acceptedOrFavourite(headers.accept), problem, refuse(problem, path));
}
