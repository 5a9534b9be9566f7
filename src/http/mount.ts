import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Epoch } from '../database/epoch';
import { overloaded, Problem, problemFrom } from '../errors';
import { once } from '../once';
import { lengthOf, SMALL } from './body';
import { checkHead } from './bounds';
import { identified, permit } from './caller';
import type { Call, Dialect, Endpoint } from './endpoint';
import { isForNew, revisionsOf } from './etag';
import { isForeign } from './foreign';
import type { Schema } from './formats/format';
import type { Guards } from './guards';
import { mayLag } from './lagging';
import { mediaOf } from './media';
import { type Listener, originOf } from './origin';
import { greeting, refuser } from './refusal';
import { sender } from './send';
import { bodyCheck, queryCheck, replyCheck, schemaNamed } from './validator';

export interface MountOptions {
  readonly listener: Listener;
  readonly guards: Guards;
  readonly epoch: Epoch;
  /** The same dialect on a database that may lag behind, for those who may be answered from it. */
  readonly lagging?: { readonly dialect: Dialect; readonly epoch: Epoch } | undefined;
  /** Replies are held against their schemas: in tests and development. */
  readonly checkReplies: boolean;
  /** True once the process has been told to stop: what is in flight is finished, nothing more is begun. */
  readonly isDraining: () => boolean;
  /** Told of every error that is not the client's. */
  readonly onFault: (error: unknown, request: Request) => void;
}

/** What of the room for all may be in use when a heavy read begins. */
const HEAVY = 0.5;

/** Puts a dialect on the wire. */
export function mount(
  dialect: Dialect,
  { listener, guards, epoch: epochHere, lagging, checkReplies, isDraining, onFault }: MountOptions,
): Router {
  const router = express.Router({ caseSensitive: true });
  const dialectMedia = mediaOf(dialect.formats);
  const [greet, sayNo] = [greeting(dialect), refuser(dialect)];
  const { limits, door, rates, withBody, heavyReads, streams } = guards;
  const send = sender(limits, streams);

  /** The road of a request, one stage a line. */
  const answer = ({ scope, schemas = {}, formats, heavy, handle }: Endpoint, twin: Endpoint | undefined) => {
    const media = formats ? mediaOf(formats) : dialectMedia;
    const checkQuery = schemas.query ? queryCheck(schemas.query) : pass;
    const checkBody = schemas.body ? bodyCheck(schemas.body) : pass;
    const bodySchema = once(() => (schemas.body ? (schemaNamed(schemas.body) as Schema) : undefined));
    const checkReply = schemas.reply && checkReplies ? replyCheck(schemas.reply) : pass;
    return async (request: Request, response: Response) => {
      const offer = media.accepted(request.headers.accept);
      const caller = await identified(dialect, request, scope === undefined);
      response.locals.client = caller.client || undefined; // for the log
      await rates?.request(request, response, caller.client);
      if (scope) permit(caller, scope);
      const query = checkQuery({ ...request.query });
      const lags = twin && mayLag(request.method, caller);
      const [answered, epochOf] = lags ? [twin.handle, lagging!.epoch] : [handle, epochHere];
      const handled = (body?: unknown) =>
        worked(heavy, request, async () => {
          const epoch = await epochOf();
          const reply = await answered({ ...callOf(request, epoch), caller, query, body });
          return send(request, response, offer, reply, epoch, checkReply);
        });
      const decoded = (raw: Buffer) => checkBody(media.decoded(raw, request.headers['content-type'], bodySchema()));
      const rest = await (schemas.body ? withBody(request, response, (raw) => handled(decoded(raw))) : handled());
      await rest?.streamed;
    };
  };

  /** What is large takes its time; what is small is to be done soon, and tells whether it is. */
  const worked = async <T>(heavy: boolean | undefined, request: Request, work: () => Promise<T>): Promise<T> => {
    if (!heavy) return lengthOf(request) > SMALL ? work() : door.inside(work);
    if (door.isFull(HEAVY)) throw overloaded();
    const leave = await heavyReads.enter(1);
    return work().finally(leave);
  };

  const callOf = (request: Request, epoch: string): Omit<Call, 'query' | 'body' | 'caller'> => ({
    params: request.params,
    epoch,
    revisions: revisionsOf(request.headers['if-match'], epoch),
    isForNew: isForNew(request.headers['if-none-match']),
    authorization: request.headers.authorization,
    cookie: request.headers.cookie,
    foreign: isForeign(request.headers),
    secure: request.secure,
    path: request.baseUrl + request.path,
    link: (path, query) =>
      originOf(request, request.secure, listener) + path + (query ? `?${new URLSearchParams(query)}` : ''),
  });

  /** An error takes the same road back. */
  const refuse = async (error: unknown, request: Request, response: Response, next: NextFunction) => {
    const thrown = problemFrom(error);
    if (isFault(thrown)) onFault(error, request);
    if (response.headersSent) return next(error);
    const problem = (await rates?.failure(request, response, thrown)) ?? thrown;
    sayNo(request, response, problem, request.path);
  };

  router.use((request, response, next) => {
    response.locals.request = greet(request, response); // for the log
    if (isDraining())
      throw new Problem('UNAVAILABLE', undefined, { headers: { 'Retry-After': '5', Connection: 'close' } });
    checkHead(request, limits);
    next();
  });
  for (const [index, endpoint] of dialect.endpoints.entries())
    router[verb(endpoint)](endpoint.path, answer(endpoint, lagging?.dialect.endpoints[index]));
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
