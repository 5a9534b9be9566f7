import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from '../errors';
import { cors } from './cors';
import type { Dialect } from './endpoint';
import { mediaOf } from './media';
import { sendProblem } from './send';

type Headers = readonly (readonly [name: string, value: string])[];

/** The headers that every answer of a dialect has. */
function headersOf({ headers = {}, cors: allowed, endpoints }: Dialect): (method: string | undefined) => Headers {
  const fixed = Object.entries({ Vary: 'Accept', 'Cache-Control': 'private, no-cache', ...headers });
  const ofOthers = allowed && cors(allowed, endpoints);
  const [asked, others] = ['OPTIONS', 'GET'].map((method) => [...fixed, ...Object.entries(ofOthers?.(method) ?? {})]);
  return (method) => (method === 'OPTIONS' ? asked! : others!);
}

/** Sets them; gives the name of the request where one is sent. */
export function greeting(dialect: Dialect) {
  const headers = headersOf(dialect);
  const { requestIdHeader } = dialect;
  return ({ method }: IncomingMessage, response: ServerResponse): string | undefined => {
    for (const [header, value] of headers(method)) response.setHeader(header, value);
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

/** The same, with all headers, where nothing was set yet: in one piece, since it is for when much has to be refused. */
export function quickRefuser(dialect: Dialect) {
  const media = mediaOf(dialect.formats);
  const greetings = headersOf(dialect);
  const { requestIdHeader, refuse } = dialect;
  return ({ method, headers }: IncomingMessage, response: ServerResponse, problem: Problem, path: string): void => {
    const offer = media.acceptedOrFavourite(headers.accept);
    const { type, encode } = offer.format.problem ?? { type: offer.type, encode: offer.format.encode };
    const body = encode(refuse(problem, path));
    const all = [...greetings(method), ...Object.entries(problem.headers)].flat();
    if (requestIdHeader) all.push(requestIdHeader, randomUUID());
    all.push('Content-Type', `${type}; charset=utf-8`, 'Content-Length', String(Buffer.byteLength(body)));
    response.writeHead(problem.status, all).end(body);
  };
}
