import { randomUUID } from 'node:crypto';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { Problem, problemFrom } from '../errors';
import { withBody } from './body';
import { identified, permit } from './caller';
import { cors } from './cors';
import type { Call, Dialect, Endpoint } from './endpoint';
import { revisionsOf } from './etag';
import { isForeign } from './foreign';
import type { Schema } from './formats/format';
import { mayLag } from './lagging';
import { mediaOf } from './media';
import { type Listener, originOf } from './origin';
import { sender, sendProblem } from './send';
import { bodyCheck, queryCheck, replyCheck, schemaNamed } from './validator';

export interface MountOptions {
  readonly listener: Listener;
  /** The same dialect on a database that may lag behind, for those who may be answered from it. */
  readonly lagging?: Dialect | undefined;
  /** Replies are held against their schemas: in tests and development. */
  readonly checkReplies: boolean;
  /** True once the process has been told to stop: what is in flight is finished, nothing more is begun. */
  readonly isDraining: () => boolean;
  /** Told of every error that is not the client's. */
  readonly onFault: (error: unknown, request: Request) => void;
}

/** Puts a dialect on the wire. */
export function mount(
  dialect: Dialect,
  { listener, lagging, checkReplies, isDraining, onFault }: MountOptions,
): Router {
  const router = express.Router({ caseSensitive: true });
  const dialectMedia = mediaOf(dialect.formats);
  const send = sender();

  /** The road of a request, one stage a line. */
  const answer = ({ scope, schemas = {}, formats, handle }: Endpoint, twin: Endpoint | undefined) => {
    const media = formats ? mediaOf(formats) : dialectMedia;
    const checkQuery = schemas.query ? queryCheck(schemas.query) : pass;
    const checkBody = schemas.body ? bodyCheck(schemas.body) : pass;
    const bodySchema: Schema | undefined = schemas.body ? (schemaNamed(schemas.body) as Schema) : undefined;
    const checkReply = schemas.reply && checkReplies ? replyCheck(schemas.reply) : pass;
    return async (request: Request, response: Response) => {
      const offer = media.accepted(request.headers.accept);
      const caller = await identified(dialect, request, scope === undefined);
      response.locals.client = caller.client; // for the log
      if (scope) permit(caller, scope);
      const query = checkQuery({ ...request.query });
      const answered = twin && mayLag(request.method, caller) ? twin.handle : handle;
      const handled = (body?: unknown) => answered({ ...callOf(request), caller, query, body });
      const decoded = (raw: Buffer) => checkBody(media.decoded(raw, request.headers['content-type'], bodySchema));
      const reply = schemas.body ? await withBody(request, response, (raw) => handled(decoded(raw))) : await handled();
      await send(request, response, offer, reply, checkReply);
    };
  };

  const callOf = (
    request: Request,
  ): Pick<Call, 'params' | 'revisions' | 'authorization' | 'cookie' | 'foreign' | 'secure' | 'path' | 'link'> => ({
    params: request.params,
    revisions: revisionsOf(request.headers['if-match']),
    authorization: request.headers.authorization,
    cookie: request.headers.cookie,
    foreign: isForeign(request.headers),
    secure: request.secure,
    path: request.baseUrl + request.path,
    link: (path, query) =>
      originOf(request, request.secure, listener) + path + (query ? `?${new URLSearchParams(query)}` : ''),
  });

  /** An error takes the same road back; where that is what failed, the favourite format. */
  const refuse = (error: unknown, request: Request, response: Response, next: NextFunction) => {
    const problem = problemFrom(error);
    if (isFault(problem)) onFault(error, request);
    if (response.headersSent) return next(error);
    const offer = dialectMedia.acceptedOrFavourite(request.headers.accept);
    sendProblem(response, offer, problem, dialect.refuse(problem, request.path));
  };

  if (dialect.cors) router.use(cors(dialect.cors, dialect.endpoints));
  router.use((_request, response, next) => {
    response.setHeader('Vary', 'Accept');
    response.setHeader('Cache-Control', 'private, no-cache');
    if (dialect.requestIdHeader) response.setHeader(dialect.requestIdHeader, name(response));
    if (dialect.headers) response.set(dialect.headers);
    if (isDraining())
      throw new Problem('UNAVAILABLE', undefined, { headers: { 'Retry-After': '5', Connection: 'close' } });
    next();
  });
  for (const [index, endpoint] of dialect.endpoints.entries())
    router[verb(endpoint)](endpoint.path, answer(endpoint, lagging?.endpoints[index]));
  for (const path of new Set(dialect.endpoints.map((endpoint) => endpoint.path)))
    router.all(path, otherMethods(dialect.endpoints.filter((endpoint) => endpoint.path === path)));
  router.use(() => {
    throw new Problem('NOT_FOUND');
  });
  router.use(refuse);
  return router;
}

/** What the operator should hear of: not a refusal of ours for a while. */
const isFault = ({ code, status, cause }: Problem): boolean =>
  code === 'INTERNAL' || (status >= 500 && cause !== undefined);

/** A name for the request, which the log has too. */
function name({ locals }: Response): string {
  locals.request = randomUUID();
  return locals.request;
}

const pass = <T>(value: T): T => value;

const verb = ({ method }: Endpoint) => method.toLowerCase() as Lowercase<Endpoint['method']>;

/** RFC 9110, 15.5.6 and 9.3.7: a known path without the method names those it has; so does OPTIONS. */
function otherMethods(endpoints: readonly Endpoint[]) {
  const methods = endpoints.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const headers = { Allow: [...methods, 'OPTIONS'].join(', ') };
  return ({ method }: Request, response: Response) => {
    if (method !== 'OPTIONS')
      throw new Problem('METHOD_NOT_ALLOWED', `There is no ${method} here, only ${headers.Allow}.`, { headers });
    response.set(headers).status(204).end();
  };
}
