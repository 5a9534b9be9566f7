import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Epoch } from '../database/epoch';
import { Problem, problemFrom } from '../errors';
import { once } from '../once';
import { lengthOf, SMALL } from './body';
import { checkHead } from './bounds';
import { challenging, identified, permit } from './caller';
import { isOAuth } from './credentials/oauth1-parameters';
import type { Call, Dialect, Endpoint } from './endpoint';
import { isForNew, revisionsOf } from './etag';
import type { Schema } from './formats/format';
import type { Guards } from './guards';
import { mayLag } from './lagging';
import { mediaOf } from './media';
import { type Listener, originOf } from './origin';
import { greeting, refuser } from './refusal';
import { sender } from './send';
import { type Transport, transportOf } from './transport';
import { turn } from './turn';
import { bodyCheck, queryCheck, replyCheck, schemaNamed } from './validator';

export interface MountOptions {
  readonly listener: Listener;
  readonly guards: Guards;
  readonly epoch: Epoch;
  /** Headers that other APIs heed and that here would be ignored, with whatever they ask for. */
  readonly foreignHeaders: readonly string[];
  /** The same dialect on a database that may lag behind, for those who may be answered from it. */
  readonly lagging?: { readonly dialect: Dialect; readonly epoch: Epoch } | undefined;
  /** Replies are held against their schemas: in tests and development. */
  readonly checkReplies: boolean;
  /** Told of every error that is not the client's. */
  readonly onFault: (error: unknown, request: Request) => void;
}

/** Puts a dialect on the wire. */
export function mount(
  dialect: Dialect,
  { listener, guards, epoch: epochHere, foreignHeaders, lagging, checkReplies, onFault }: MountOptions,
): Router {
  const router = express.Router({ caseSensitive: true });
  const dialectMedia = mediaOf(dialect.formats);
  const [greet, sayNo] = [greeting(dialect), refuser(dialect)];
  const { limits, places, rates, withBody, heavyReads, streams, answers } = guards;
  const send = sender(limits, streams, answers);

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
      const transport = transportOf(request, listener);
      const { method, originalUrl: target, headers } = request;
      const presented = { ...transport, method, target, headers };
      const { caller, useUp, bodyHash, isInQuery } = await identified(dialect, presented, scope === undefined);
      response.locals.client = caller.client || undefined; // for the log
      rates?.request(request, response, caller.client);
      await useUp();
      if (scope) permit(caller, scope);
      const query = checkQuery(isInQuery ? withoutOAuth(request.query) : { ...request.query });
      const lags = twin && mayLag(request.method, caller);
      const [answered, epochOf] = lags ? [twin.handle, lagging!.epoch] : [handle, epochHere];
      // What takes its time takes turns with its like instead, and keeps nobody up who does not.
      if (heavy || elsewhere || lengthOf(request) > SMALL) leave();
      const handled = async (body?: unknown) => {
        const done = heavy ? await heavyReads.enter(1, caller) : nothing;
        if (heavy) await turn(); // one after the other, they would leave no time for what comes
        try {
          const epoch = await epochOf();
          const reply = await answered({ ...callOf(request, epoch), ...transport, caller, query, body });
          return await send(request, response, offer, reply, epoch, caller, checkReply);
        } finally {
          done();
        }
      };
      const charge = (bytes: number) => rates?.body(request, response, caller.client, bytes);
      const decoded = (raw: Buffer) =>
        schemas.body && checkBody(media.decoded(raw, request.headers['content-type'], bodySchema()));
      const rest = await (schemas.body || bodyHash
        ? withBody(request, response, caller, (raw) => handled(decoded(raw)), charge, bodyHash)
        : handled());
      leave();
      await rest?.streamed;
    };
  };

  const callOf = (request: Request, epoch: string): Omit<Call, 'query' | 'body' | 'caller' | keyof Transport> => ({
    params: request.params,
    epoch,
    revisions: revisionsOf(request.headers['if-match'], epoch),
    isForNew: isForNew(request.headers['if-none-match']),
    authorization: request.headers.authorization,
    cookie: request.headers.cookie,
    path: request.baseUrl + request.path,
    link: (path, query) =>
      originOf(request, request.secure, listener) + path + (query ? `?${new URLSearchParams(query)}` : ''),
  });

  /** An error takes the same road back. */
  const refuse = (error: unknown, request: Request, response: Response, next: NextFunction) => {
    const thrown = challenging(problemFrom(error), dialect);
    if (isFault(thrown)) onFault(error, request);
    if (response.headersSent) return next(error);
    const problem = rates?.failure(request, response, thrown) ?? thrown;
    sayNo(request, response, problem, request.path);
  };

  router.use((request, response, next) => {
    response.locals.request = greet(request, response); // for the log
    checkHead(request, limits);
    const ignored = foreignHeaders.find((header) => request.headers[header.toLowerCase()] !== undefined);
    if (ignored)
      throw new Problem(
        'REQUEST_MALFORMED',
        `${ignored} is not heeded by this API: it would answer as if it were not there.`,
      );
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

/** The API's own parameters. */
const withoutOAuth = (query: Request['query']) =>
  Object.fromEntries(Object.entries(query).filter(([name]) => !isOAuth(name)));

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
