/*
 * `src/http/`: What HTTP is, and no API in particular: a request comes in, is read, checked and answered. This file has
 * the road of a request, one stage a line; an API is a value of `endpoint.ts`.
 */
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Read } from '../audit/read';
import type { Caller } from '../clients/client';
import type { Epoch } from '../database/epoch';
import { turn } from '../lib/event-loop';
import { lazy } from '../lib/lazy';
import { Problem } from '../lib/problem';
import type { Guards } from './admission/guards';
import { lengthOf, SMALL } from './body';
import { challenging, identified, permit } from './credentials/credentials';
import { isOAuth } from './credentials/oauth1';
import { type Api, type Call, type Endpoint, patternOf } from './endpoint';
import { isForNew, revisionsOf } from './etag';
import { checkHead } from './head';
import { allowFrames, commonHeaders } from './headers';
import { mediaOf } from './media';
import { HttpProblem, problemFrom, statusOf } from './problem';
import { type OnRefusal, refuser } from './refusal';
import { sender } from './send';
import { answerCheck } from './statuses';
import { isThroughProxy, type Listener, originOf, type Transport, transportOf } from './transport';
import { bodyReading, checkNames, queryCheck, replyCheck } from './validator';

/**
 * Whether what is answered may be a little old, as replicas are: where something is read for a client that may write
 * nothing. Whoever may write reads what stands, and so its own writes, through whichever process either of them goes.
 */
export const mayReadReplica = (method: string, { scopes }: Pick<Caller, 'scopes'>): boolean =>
  (method === 'GET' || method === 'HEAD') && !scopes.has('attendance:write') && !scopes.has('roster:write');

export interface MountOptions {
  readonly listener: Listener;
  readonly guards: Guards;
  readonly epoch: Epoch;
  /** Headers that other APIs heed and that here would be ignored, with whatever they ask for. */
  readonly foreignHeaders: readonly string[];
  /** The same API on a database that may lag behind, for those who may be answered from it. */
  readonly replica?: { readonly api: Api; readonly epoch: Epoch } | undefined;
  /** Replies are held against their schemas: in tests and development. */
  readonly checkReplies: boolean;
  /** Told of every error that is not the client's. */
  readonly onFault: (error: unknown, request: Request) => void;
  readonly onRefusal?: OnRefusal | undefined;
  /** Told of each read of records of people that was answered. */
  readonly onRead?: ((reader: Caller, endpoint: string, read: Read) => void) | undefined;
}

/** Puts an API on the wire. */
export function mount(
  api: Api,
  {
    listener,
    guards,
    epoch: epochHere,
    foreignHeaders,
    replica,
    checkReplies,
    onFault,
    onRefusal,
    onRead,
  }: MountOptions,
): Router {
  const router = express.Router({ caseSensitive: true });
  const inAnyCase = express.Router({ caseSensitive: false });
  const apiMedia = mediaOf(api.formats);
  const [setCommonHeaders, sendRefusal] = [commonHeaders(api), refuser(api)];
  const { limits, places, rates, withBody, heavyReads, streams, answers } = guards;
  const send = sender(limits, streams, answers);

  /** The road of a request, one stage a line. */
  const answer = (endpoint: Endpoint, onReplica: Endpoint | undefined) => {
    const { scope, schemas = {}, formats, framed, heavy, elsewhere, current, perAddress, handle } = endpoint;
    const media = formats ? mediaOf(formats) : apiMedia;
    const name = `${endpoint.method} ${patternOf(api.base, endpoint.path)}`;
    const checkQuery = schemas.query ? queryCheck(schemas.query) : pass;
    const readBody = schemas.body && bodyReading(media, schemas.body);
    const checkReply = schemas.reply && checkReplies ? replyCheck(schemas.reply) : pass;
    const checkAnswer = checkReplies ? answerCheck(api, endpoint) : nothing;
    const spend = perAddress && guards.budgetOf(name, perAddress);
    const serve = async (request: Request, response: Response) => {
      const leave = places.get(response) ?? nothing;
      if (framed) allowFrames(response);
      const offer = media.accepted(request.headers.accept);
      const transport = transportOf(request, listener);
      const { method, originalUrl: target, headers } = request;
      const presented = { ...transport, at: Date.now(), method, target, headers };
      const { caller, useUp, bodyHash, isInQuery } = await identified(api, presented, scope === undefined);
      response.locals.client = caller.client || undefined; // for the log
      rates?.request(request, response, caller.client);
      spend?.(request, response);
      await useUp();
      if (scope) permit(caller, scope);
      const again = async () => {
        const { caller } = await identified(api, presented, scope === undefined);
        if (scope) permit(caller, scope);
        return caller;
      };
      const sent = isInQuery ? withoutOAuth(request.query) : { ...request.query };
      if (api.refusesUnknown) checkNames(sent, schemas.query);
      const query = checkQuery(sent);
      const lags = onReplica && !current && mayReadReplica(request.method, caller);
      const [answered, epochOf] = lags ? [onReplica.handle, replica!.epoch] : [handle, epochHere];
      // What takes its time takes turns with its like instead, and keeps nobody up who does not.
      if (heavy || elsewhere || lengthOf(request) > SMALL) leave();
      const handled = async (body?: unknown) => {
        const done = heavy ? await heavyReads.enter(1, caller) : nothing;
        if (heavy) await turn(); // one after the other, they would leave no time for what comes
        try {
          const epoch = await epochOf();
          const of = { ...callOf(request, epoch), gone: lazy(() => goneOf(response)), type: offer.type };
          const reply = await answered({ ...of, ...transport, caller, again, query, body });
          checkAnswer(reply);
          const sent = await send(request, response, offer, reply, epoch, caller, checkReply);
          if (onRead && reply.reads) for (const read of reply.reads) onRead(caller, name, read);
          return sent;
        } finally {
          done();
        }
      };
      const charge = (bytes: number) => rates?.body(request, response, caller.client, bytes);
      const decoded = (raw: Buffer) => readBody?.(raw, request.headers['content-type']);
      const rest = await (readBody || bodyHash
        ? withBody(request, response, caller, (raw) => handled(decoded(raw)), charge, bodyHash)
        : handled());
      leave();
      await rest?.streamed;
    };
    const failed = (error: unknown) => {
      checkAnswer(error);
      throw error;
    };
    return checkReplies ? (request: Request, response: Response) => serve(request, response).catch(failed) : serve;
  };

  const callOf = (
    request: Request,
    epoch: string,
  ): Omit<Call, 'query' | 'body' | 'caller' | 'again' | 'gone' | 'type' | keyof Transport> => {
    const origin = lazy(() => originOf(request, request.secure, listener)); // a page has a hundred links
    return {
      params: request.params,
      epoch,
      revisions: revisionsOf(request.headers['if-match'], epoch, isThroughProxy(request)),
      isForNew: isForNew(request.headers['if-none-match']),
      cookie: request.headers.cookie,
      lastEventId: request.headers['last-event-id'] as string | undefined,
      path: request.baseUrl + request.path,
      link: (path, query) => origin() + path + (query ? `?${new URLSearchParams(query)}` : ''),
    };
  };

  /** An error takes the same road back. */
  const refuse = (error: unknown, request: Request, response: Response, next: NextFunction) => {
    const thrown = challenging(problemFrom(error), api);
    if (isFault(thrown)) onFault(error, request);
    if (response.headersSent) return next(error);
    const problem = rates?.failure(request, response, thrown) ?? thrown;
    onRefusal?.(problem);
    sendRefusal(request, response, problem, request.path);
  };

  router.use((request, response, next) => {
    response.locals.request = setCommonHeaders(request, response); // for the log
    checkHead(request, request.originalUrl, limits);
    const ignored = foreignHeaders.find((header) => request.headers[header.toLowerCase()] !== undefined);
    if (ignored)
      throw new Problem(
        'REQUEST_MALFORMED',
        `${ignored} is not heeded by this API: it would answer as if it were not there.`,
      );
    next();
  });
  const routerOf = ({ anyCase }: Pick<Endpoint, 'anyCase'>) => (anyCase ? inAnyCase : router);
  const paths = [...new Set(api.endpoints.map((endpoint) => endpoint.path))].sort(wordsFirst);
  for (const path of paths) {
    const endpoints = api.endpoints.filter((endpoint) => endpoint.path === path);
    const routes = routerOf(endpoints[0]!);
    for (const endpoint of endpoints)
      routes[verb(endpoint)](path, answer(endpoint, replica?.api.endpoints[api.endpoints.indexOf(endpoint)]));
    routes.all(path, otherMethods(endpoints));
  }
  router.use(inAnyCase);
  router.use(() => {
    throw new Problem('NOT_FOUND');
  });
  router.use(refuse);
  return router;
}

/** What the operator should hear of: not a refusal of ours for a while. */
const isFault = (problem: Problem): boolean =>
  problem.code === 'INTERNAL' || (statusOf(problem) >= 500 && problem.cause !== undefined);

/** The API's own parameters. */
const withoutOAuth = (query: Request['query']) =>
  Object.fromEntries(Object.entries(query).filter(([name]) => !isOAuth(name)));

function goneOf(response: Response): AbortSignal {
  const gone = new AbortController();
  if (response.closed) gone.abort();
  response.once('close', () => gone.abort());
  return gone.signal;
}

const nothing = (_?: unknown) => undefined;

const pass = <T>(value: T): T => value;

const verb = ({ method }: Endpoint) => method.toLowerCase() as Lowercase<Endpoint['method']>;

/** `/webhooks/disabled` before `/webhooks/:id`, whichever methods they have: a word that is a path is nobody's id. */
const wordsFirst = (one: string, other: string): number => (placeOf(one) < placeOf(other) ? -1 : 1);
const placeOf = (path: string): string => path.replace(/:\w+/g, '\uffff');

/** RFC 9110, 15.5.6 and 9.3.7: a known path without the method names those it has; so does OPTIONS. */
function otherMethods(endpoints: readonly Endpoint[]) {
  const methods = endpoints.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const headers = { Allow: [...methods, 'OPTIONS'].join(', ') };
  return ({ method }: Request, response: Response) => {
    if (method !== 'OPTIONS')
      throw new HttpProblem('METHOD_NOT_ALLOWED', `There is no ${method} here, only ${headers.Allow}.`, headers);
    response.set(headers).status(204).end();
  };
}
