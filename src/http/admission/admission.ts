/*
 * `src/http/admission/`: Which requests are begun, in which order, and which are refused: one queue before everything, shares of
 * what is heavy, rates, and limits. docs/admission.md says why.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { overloaded, type Problem } from '../../lib/problem';
import { isLarge, isSmallHere, lengthOf, onceSmallIsHere, SMALL } from '../body';
import type { Api, Endpoint } from '../endpoint';
import { checkHead } from '../head';
import { HttpProblem } from '../problem';
import { type OnRefusal, plainRefuser, quickRefuser } from '../refusal';
import { withSingleSlashes } from '../target';
import type { Guards } from './guards';
import type { Priority, Waiting } from './queue';

/** What admission needs to know of an API, or of the pages that are none. */
interface Spoken {
  readonly base: string;
  priorityOf(method: string, path: string): Priority;
  refuse(request: IncomingMessage, response: ServerResponse, problem: Problem, path: string): void;
}

interface AdmissionOptions {
  readonly apis: readonly Api[];
  /** Of every path, as clients see it. */
  readonly prefix: string;
  readonly guards: Pick<Guards, 'limits' | 'queue' | 'places'>;
  /** True once the process has been told to stop: what has come is finished, nothing more is let in. */
  readonly isDraining: () => boolean;
  /** Told how many were refused in a second, because there was too much to do. */
  readonly onRefused: (count: number) => void;
  /** Told of each that is refused here. */
  readonly onRefusal?: OnRefusal | undefined;
}

/** How often it is said that requests are refused, in milliseconds. */
const OFTEN = 1_000;
/** Those by which others learn whether the process lives and can work; they never wait. */
const PROBES = ['/healthz', '/readyz'];
/** What a request takes beside its body, roughly: its head, and what Node makes of it. */
const HEAD = 4 * 1024;

/**
 * Has requests wait for their turn, and refuses those that would wait too long: before anything of them is looked up,
 * decoded or logged, since a refusal has to cost a fraction of an answer.
 */
export function admission(app: RequestListener, options: AdmissionOptions): RequestListener {
  const { apis, prefix, guards, isDraining, onRefused, onRefusal } = options;
  const { queue, places, limits } = guards;
  const spoken = apis.map(spokenBy);
  const pages = pagesBelow(prefix);
  const draining = new HttpProblem('UNAVAILABLE', undefined, { Connection: 'close' }, { retryAfter: 5 });
  const full = overloaded();
  const counted = counting(onRefused);
  const known = new WeakSet<Socket>();

  /** Whether it will be refused for its head: then nobody waits for its body, which may never come (RFC 9110, 10.1.1). */
  const isRefused = (request: IncomingMessage): boolean => {
    try {
      checkHead(request, request.url!, limits);
      return false;
    } catch {
      return true;
    }
  };

  return (request, response) => {
    const path = pathOf(request);
    if (PROBES.includes(path)) return app(request, response);
    const { base, priorityOf, refuse } = spoken.find(({ base }) => isBelow(path, base)) ?? pages;
    const below = path.slice(base.length) || '/';
    const refused = (problem: Problem) => {
      onRefusal?.(problem);
      if (isLarge(request)) response.setHeader('Connection', 'close'); // rather than read it to its end
      refuse(request, response, problem, below);
    };
    if (isDraining()) return refused(draining);
    if (limits.wait === Number.POSITIVE_INFINITY) return app(request, response);
    const refuseFull = () => {
      counted();
      refused(full);
    };
    if (!known.has(request.socket)) {
      known.add(request.socket);
      queue.accepted();
    }
    const priority = isLarge(request) ? 'bulk' : priorityOf(request.method!, below);
    if (queue.isFullFor(priority)) return refuseFull();
    const waiting: Waiting = {
      priority,
      size: HEAD + Math.min(SMALL, lengthOf(request)),
      isGone: () => request.socket.destroyed,
      begin: (leave) => {
        if (!isSmallHere(request) && !isRefused(request)) {
          // It keeps nobody waiting who could be doing something else.
          leave();
          onceSmallIsHere(request, () => queue.enter(waiting));
          return;
        }
        places.set(response, leave);
        response.on('close', leave);
        app(request, response);
      },
      refuse: refuseFull,
    };
    queue.enter(waiting);
  };
}

/** As it is routed. */
export const pathOf = ({ url = '' }: IncomingMessage): string => withSingleSlashes(url).split('?', 1)[0]!;

export const isBelow = (path: string, base: string): boolean =>
  path.startsWith(base) && (path.length === base.length || path[base.length] === '/');

const spokenBy = (api: Api): Spoken => ({
  base: api.base,
  priorityOf: priorityBy(api.endpoints),
  refuse: quickRefuser(api),
});

/** What no API answers: the files of the pages, which a person waits for. */
function pagesBelow(prefix: string): Spoken {
  const refusePlainly = plainRefuser(prefix);
  return {
    base: '',
    priorityOf: () => 'read',
    refuse: (_request, response, problem) => refusePlainly(response, problem),
  };
}

/** As the endpoints say; some APIs read by POST. What is none of them is soon answered, and counts as a read. */
function priorityBy(endpoints: readonly Endpoint[]): Spoken['priorityOf'] {
  const bulk = patternOf(endpoints.filter(({ heavy }) => heavy));
  const writes = patternOf(endpoints.filter(({ method, scope, heavy }) => !heavy && isWrite(method, scope)));
  return (method, path) => {
    const asked = `${method === 'HEAD' ? 'GET' : method} ${path}`;
    if (bulk.test(asked)) return 'bulk';
    return writes.test(asked) ? 'roll' : 'read';
  };
}

const isWrite = (method: Endpoint['method'], scope: Endpoint['scope']): boolean =>
  method !== 'GET' && !scope?.endsWith(':read');

/** True of `PUT /sections/1/attendance` where one of them is `PUT /sections/:section/attendance`. */
function patternOf(endpoints: readonly Endpoint[]): RegExp {
  const each = endpoints.map(({ method, path }) => {
    const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
    return `${method} ${escaped.replace(/\/$/, '')}/?`;
  });
  // In any case, as some endpoints are found; those that are not are soon answered, however they are called.
  return each.length > 0 ? new RegExp(`^(?:${each.join('|')})$`, 'i') : /^$/;
}

/** Says once a second how many there were, where there were any. */
function counting(say: (count: number) => void): () => void {
  let count = 0;
  return () => {
    if (count++ > 0) return;
    setTimeout(() => {
      say(count);
      count = 0;
    }, OFTEN).unref();
  };
}
