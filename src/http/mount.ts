/*
 * `src/http/`: What HTTP is, and no API in particular: a request comes in, is read, checked and answered. This file has
 * the road of a request, one stage a line; an API is a value of `endpoint.ts`.
 */
import type { IncomingMessage } from 'node:http';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Read } from '../audit/read';
import type { Caller } from '../clients/client';
import type { Epoch } from '../database/epoch';
import { turn } from '../lib/event-loop';
import { lazy } from '../lib/lazy';
import { Problem } from '../lib/problem';
import type { Guards } from './admission/guards';
import type { Limits } from './admission/limits';
import { lengthOf, SMALL } from './body';
import { challenging, identified, permit } from './credentials/credentials';
import { isOAuth } from './credentials/oauth1';
import { type Api, type Call, type Endpoint, patternOf } from './endpoint';
import { isForNew, revisionsOf } from './etag';
import type { Schema } from './formats/format';
import { allowFrames, commonHeaders } from './headers';
import { mediaOf } from './media';
import { HttpProblem, problemFrom, statusOf } from './problem';
import { type OnRefusal, refuser } from './refusal';
import { sender } from './send';
import { answerCheck } from './statuses';
import { isThroughProxy, type Listener, originOf, type Transport, transportOf } from './transport';
import { bodyCheck, queryCheck, replyCheck } from './validator';

/**
 * Whether what is answered may be a little old, as replicas are: where something is read for a client that may write
 * nothing. Whoever may write reads what stands, and so its own writes, through whichever process either of them goes.
 */
export const mayReadReplica = (method: string, { scopes }: Pick<Caller, 'scopes'>): boolean =>
  (method === 'GET' || method === 'HEAD') && !scopes.has('attendance:write') && !scopes.has('roster:write');

/** Fields that say one thing: of two of them Node would take one and drop the other. */
const single = ['host', 'authorization', 'content-type', 'origin'];

/** RFC 9110, 7.2: `Host = uri-host [ ":" port ]`, which is a name of RFC 3986, 3.2.2, or an address in brackets; or nothing. */
const HOST = /^(?:\[[\w:.%~-]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;
/** RFC 9112, 3: a request line has a version. Node takes one without as HTTP/0.9. */
const VERSIONS = ['1.0', '1.1'];
const EXPECT = /^(?:100-continue)?$/i;

/**
 * Throws where a field comes twice that can be there once, also where something on the way has made one line of both. RFC
 * 9112, 3.2: "A server MUST respond with a 400 to any HTTP/1.1 request message that lacks a Host header field and to any
 * request message that contains more than one Host header field line or a Host header field with an invalid field value."
 * RFC 9110, 10.1.1: 417 may be answered to an expectation other than 100-continue, which Node has met by then.
 */
export function checkFields({ headers, rawHeaders, httpVersion }: IncomingMessage): void {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const twice = single.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) throw new Problem('REQUEST_MALFORMED', `The header ${twice} may come once; it came several times.`);
  const unread = (detail: string) => new HttpProblem('REQUEST_MALFORMED', detail, { Connection: 'close' });
  if (!VERSIONS.includes(httpVersion)) throw unread('The request line has to end in HTTP/1.1 or HTTP/1.0.');
  if (headers.host === undefined && httpVersion === '1.1') throw unread('The header host has to be there.');
  if (!HOST.test(headers.host ?? ''))
    throw new Problem('REQUEST_MALFORMED', 'The header host must be one host, and a port where there is one.');
  if (!EXPECT.test(headers.expect ?? ''))
    throw new Problem('EXPECTATION_FAILED', 'The header expect may be 100-continue alone.');
}

/** Throws where the head of a request is larger than one may be; one beyond `MAX_HEAD` Node does not read. */
export function checkHead(request: Request, { url, headers, parameters }: Limits): void {
  const { originalUrl, rawHeaders } = request;
  checkFields(request);
  if (originalUrl.length > url)
    throw new Problem('URL_TOO_LONG', `A URL may have ${url} characters; this one has ${originalUrl.length}.`);
  const fields = rawHeaders.length / 2;
  if (fields > headers)
    throw new Problem('HEADERS_TOO_MANY', `A request may have ${headers} headers; this one has ${fields}.`);
  const start = originalUrl.indexOf('?');
  const count = start < 0 ? 0 : originalUrl.slice(start).split('&').length;
  if (count > parameters)
    throw new Problem('QUERY_INVALID', `A query may have ${parameters} parameters; this one has ${count}.`);
}

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
    const { scope, schemas = {}, formats, framed, heavy, elsewhere, current, handle } = endpoint;
    const media = formats ? mediaOf(formats) : apiMedia;
    const name = `${endpoint.method} ${patternOf(api.base, endpoint.path)}`;
    const checkQuery = schemas.query ? queryCheck(schemas.query) : pass;
    const checkBody = schemas.body ? bodyCheck(schemas.body) : pass;
    const absent = schemas.body?.default; // what a body that is not there stands for, where the schema says so
    const checkReply = schemas.reply && checkReplies ? replyCheck(schemas.reply) : pass;
    const checkAnswer = checkReplies ? answerCheck(api, endpoint) : nothing;
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
      await useUp();
      if (scope) permit(caller, scope);
      const again = async () => {
        const { caller } = await identified(api, presented, scope === undefined);
        if (scope) permit(caller, scope);
        return caller;
      };
      const query = checkQuery(isInQuery ? withoutOAuth(request.query) : { ...request.query });
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
      const decoded = (raw: Buffer) =>
        schemas.body &&
        checkBody(
          raw.length === 0 && absent !== undefined
            ? absent
            : media.decoded(raw, request.headers['content-type'], schemas.body as Schema),
        );
      const rest = await (schemas.body || bodyHash
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
    checkHead(request, limits);
    const ignored = foreignHeaders.find((header) => request.headers[header.toLowerCase()] !== undefined);
    if (ignored)
      throw new Problem(
        'REQUEST_MALFORMED',
        `${ignored} is not heeded by this API: it would answer as if it were not there.`,
      );
    next();
  });
  const routerOf = ({ anyCase }: Pick<Endpoint, 'anyCase'>) => (anyCase ? inAnyCase : router);
  for (const [index, endpoint] of api.endpoints.entries())
    routerOf(endpoint)[verb(endpoint)](endpoint.path, answer(endpoint, replica?.api.endpoints[index]));
  for (const path of new Set(api.endpoints.map((endpoint) => endpoint.path))) {
    const endpoints = api.endpoints.filter((endpoint) => endpoint.path === path);
    routerOf(endpoints[0]!).all(path, otherMethods(endpoints));
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
