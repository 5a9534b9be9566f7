import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { Problem, problemFrom } from '../errors';
import { json } from './formats/json';
import { jsonProblem, problemDetails } from './problem-details';
import { sendProblem } from './send';

/** Answers what no dialect did: an unknown path, or an error before a dialect was found. */
export function lastHandler(
  onFault: (error: unknown, request: Request) => void,
): [RequestHandler, ErrorRequestHandler] {
  const refuse = (error: unknown, request: Request, response: Response) => {
    const problem = problemFrom(error);
    if (response.headersSent) return void response.destroy(); // it has been logged
    if (problem.status >= 500) onFault(error, request);
    sendProblem(
      response,
      { format: { ...json, problem: jsonProblem }, type: 'application/json' },
      problem,
      problemDetails(problem),
    );
  };
  return [
    (request, response) => refuse(new Problem('NOT_FOUND'), request, response),
    (error, request, response, _next) => refuse(error, request, response),
  ];
}
