import { setImmediate as turn } from 'node:timers/promises';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { Problem, problemFrom } from '../errors';
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
  /** The same dialect on a database that may lag behind, for those who may be answered from it. */
  readonly lagging?: Dialect | undefined;
  /** Replies are held against their schemas: in tests and development. */
  readonly checkReplies: boolean;
  /** Told of every error that is not the client's. */
  readonly onFault: (error: unknown, request: Request) => void;
}

/** Puts a dialect on the wire. */
export function mount(dialect: Dialect, { listener, guards, lagging, checkReplies, onFault }: MountOptions): Router {
  const router = express.Router({ caseSensitive: true });
  const dialectMedia = mediaOf(dialect.formats);
  const [greet, sayNo] = [greeting(dialect), refuser(dialect)];
  const { limits, places, rates, withBody, heavyReads, streams } = guards;
  const send = sender(limits, streams);

  /** The road of a request, one stage a line. */
  const answer = ({ scope, schemas = {}, formats, heavy, elsewhere, handle }: Endpoint, twin: Endpoint | undefined) => {
    const media = formats ? mediaOf(formats) : dialectMedia;
    const checkQuery = schemas.query ? queryCheck(schemas.query) : pass;
    const checkBody = schemas.body ? bodyCheck(schemas.body) : pass;
    const bodySchema = once(() => (schemas.body ? (schemaNamed(schemas.body) as Schema) : undefined));
    const checkReply = schemas.reply && checkReplies ? replyCheck(schemas.reply) : pass;
    return async (request: Request, response: Response) => {
      const leave = places.get(response) ?? nothing;
      const offer = media.accepted(request.headers.accept);
      const caller = await identified(dialect, request, scope === undefined);
      response.locals.client = caller.client || undefined; // for the log
      await rates?.request(request, response, caller.client);
      if (scope) permit(caller, scope);
      const query = checkQuery({ ...request.query });
      const answered = twin && mayLag(request.method, caller) ? twin.handle : handle;
      // What takes its time takes turns with its like instead, and keeps nobody up who does not.
      if (heavy || elsewhere || lengthOf(request) > SMALL) leave();
      const handled = async (body?: unknown) => {
        const done = heavy ? await heavyReads.enter(1, caller) : nothing;
        if (heavy) await turn(); // one after the other, they would leave no time for what comes
        try {
          const reply = await answered({ ...callOf(request), caller, query, body });
          return await send(request, response, offer, reply, caller, checkReply);
        } finally {
          done();
        }
      };
      const decoded = (raw: Buffer) => checkBody(media.decoded(raw, request.headers['content-type'], bodySchema()));
      const rest = await (schemas.body
        ? withBody(request, response, caller, (raw) => handled(decoded(raw)))
        : handled());
      leave();
      await rest?.streamed;
    };
  };

  const callOf = (request: Request): Omit<Call, 'query' | 'body' | 'caller'> => ({
    params: request.params,
    revisions: revisionsOf(request.headers['if-match']),
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
    checkHead(request, limits);
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

const nothing = () => undefined;

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
