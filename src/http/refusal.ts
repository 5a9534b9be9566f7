import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { ProblemDetails } from '../../schemas/problem';
import { Problem, problems } from '../lib/problem';
import type { Api } from './endpoint';
import type { Schema } from './formats/format';
import { json } from './formats/json';
import { writeXml } from './formats/xml';
import { headersOf } from './headers';
import { mediaOf } from './media';
import { problemFrom, problemHeaders, statusOf } from './problem';
import { sendProblem } from './send';

/**
 * An error in the form of RFC 9457. `code` is the stable name of it (docs/errors.md lists them), `errors` says field by
 * field what is wrong. `type` leads to what is said of the code, on this host: "when relative URIs are used, they include
 * the full path" (3.1.1). So it is the same by whichever name the host is called.
 * @param prefix of every path, as clients see it; see `prefixOf`
 */
export const problemDetails =
  (prefix: string) =>
  (problem: Problem): ProblemDetails => ({
    type: `${prefix}${ERRORS}#${problem.code}`,
    title: problems[problem.code],
    status: statusOf(problem),
    detail: problem.message,
    code: problem.code,
    ...(problem.violations.length > 0 && {
      errors: problem.violations.map(({ field, message }) => ({ field, message })),
    }),
  });

/** Told why a request is refused, or has failed. */
export type OnRefusal = (problem: Problem) => void;

/** Where the errors are explained, each at its code. */
export const ERRORS = '/errors';

/** RFC 9457, 3. */
export const jsonProblem = { type: 'application/problem+json', encode: JSON.stringify };

const XMLNS = 'urn:ietf:rfc:7807';

export const xmlProblem = {
  type: 'application/problem+xml',
  // RFC 9457, appendix B: the root is `problem` in this namespace; the items of a list are `i` elements.
  encode: (value: unknown) => writeXml('problem', value, { xmlns: XMLNS, item: 'i' }),
  describe: (schema: Schema, described: (schema: Schema) => object) => ({
    ...described(schema),
    xml: { name: 'problem', namespace: XMLNS },
  }),
};

/** Says no in an API's words: in the format that was asked for, or the favourite where that is what failed. */
export function refuser({ formats, refuse }: Api) {
  const media = mediaOf(formats);
  return ({ headers }: IncomingMessage, response: ServerResponse, problem: Problem, path: string): void =>
    sendProblem(response, media.acceptedOrFavourite(headers.accept), problem, refuse(problem, path));
}

/** The same, with all headers, where nothing was set yet: in one piece, since it is for when much has to be refused. */
export function quickRefuser(api: Api) {
  const media = mediaOf(api.formats);
  const headersFor = headersOf(api);
  const { requestIdHeader, refuse } = api;
  return ({ method, headers }: IncomingMessage, response: ServerResponse, problem: Problem, path: string): void => {
    const offer = media.acceptedOrFavourite(headers.accept);
    const { type, encode } = offer.format.problem ?? { type: offer.type, encode: offer.format.encode };
    const body = encode(refuse(problem, path));
    const all = [...headersFor(method), ...Object.entries(problemHeaders(problem))].flat();
    if (requestIdHeader) all.push(requestIdHeader, randomUUID());
    all.push('Content-Type', `${type}; charset=utf-8`, 'Content-Length', String(Buffer.byteLength(body)));
    response.writeHead(statusOf(problem), all).end(body);
  };
}

/** Says no where no API does. */
export function plainRefuser(prefix: string) {
  const details = problemDetails(prefix);
  const offer = { format: { ...json, problem: jsonProblem }, type: 'application/json' };
  return (response: ServerResponse, problem: Problem): void => sendProblem(response, offer, problem, details(problem));
}

/** Answers what no API did: an unknown path, or an error before an API was found. */
export function lastHandler(
  prefix: string,
  onFault: (error: unknown, request: Request) => void,
  onRefusal?: OnRefusal,
): [RequestHandler, ErrorRequestHandler] {
  const refusePlainly = plainRefuser(prefix);
  const refuse = (error: unknown, request: Request, response: Response) => {
    const problem = problemFrom(error);
    onRefusal?.(problem);
    if (response.headersSent) return void response.destroy(); // it has been logged
    if (statusOf(problem) >= 500) onFault(error, request);
    refusePlainly(response, problem);
  };
  return [
    (request, response) => refuse(new Problem('NOT_FOUND'), request, response),
    (error, request, response, _next) => refuse(error, request, response),
  ];
}
