import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { patternOf } from './endpoint';

/** The pattern of a request's path, as far as it has one: no ids and no names. */
export const routeOf = ({ baseUrl, route }: Request): string => patternOf(baseUrl, route?.path ?? '');

/**
 * One line for each answer. The pattern of the path rather than the path, and no query: neither names nor tokens
 * get into the log.
 */
export const requestLog = (log: Logger) => (request: Request, response: Response, next: NextFunction) => {
  const started = performance.now();
  response.on('finish', () => {
    log.info({
      method: request.method,
      route: routeOf(request),
      status: response.statusCode,
      ms: Math.round((performance.now() - started) * 10) / 10,
      client: response.locals.client,
      request: response.locals.request,
      trace: response.locals.trace,
    });
  });
  next();
};
