import { parse } from 'node:querystring';
import { MultigetBody, type MultigetItem, MultigetReply } from '../../../schemas/schoology/multiget';
import { ResourceQuery } from '../../../schemas/schoology/parts';
import type { Read } from '../../audit/read';
import { type Call, type Endpoint, endpoint, type Reply } from '../../http/endpoint';
import { problemFrom, statusOf } from '../../http/problem';
import { withSingleSlashes } from '../../http/target';
import { queryCheck } from '../../http/validator';
import { turn } from '../../lib/event-loop';
import { Problem } from '../../lib/problem';

/** "Multi-GET is enabled for the following API calls", of which those that are here; the rest is not found. */
const enabled = [
  '/courses/:id',
  '/courses/:id/sections',
  '/sections/ext/:code',
  '/sections/:id',
  '/sections/:section/enrollments',
  '/sections/:section/enrollments/:id',
  '/users/ext/:code',
  '/users/:id',
  '/users/:id/sections',
];

/**
 * "Make multiple GET calls with a single POST call and receive each response body in full in a single compiled response."
 * One path after the other, since one client asks for all of them; between two of them others have their turn.
 */
export function multigetEndpoint(endpoints: readonly Endpoint[], refuse: (problem: Problem) => object): Endpoint {
  const calls = endpoints
    .filter(({ method, path }) => method === 'GET' && enabled.includes(path))
    .map((each) => ({
      ...each,
      pattern: patternOf(each.path),
      check: queryCheck(each.schemas?.query ?? ResourceQuery),
    }));

  async function get(call: Call, asked: string, reads: Read[]): Promise<MultigetItem> {
    const target = withSingleSlashes(asked.startsWith('/') ? asked : `/${asked}`);
    const [path = '', ...rest] = target.split('?');
    const below = path.replace(/^\/v1(?=\/)/, '').replace(/(?<=.)\/$/, '');
    const location = call.link(`/v1${below}`) + (rest.length > 0 ? `?${rest.join('?')}` : '');
    try {
      const found = calls.find(({ pattern }) => pattern.test(below));
      if (!found) throw new Problem('NOT_FOUND', `There is no ${below.slice(0, 100)} here that multiget reads.`);
      const params = paramsOf(found.pattern, below);
      const query = found.check({ ...parse(rest.join('?')) });
      const reply = await found.handle({ ...call, params, query, body: undefined, path: `/v1${below}` });
      reads.push(...(reply.reads ?? []));
      return { location, ...(await answered(call, reply, reads)) };
    } catch (error) {
      const problem = problemFrom(error);
      if (statusOf(problem) >= 500) throw error;
      return { location, response_code: statusOf(problem), body: { ...refuse(problem) } };
    }
  }

  /** A call that sends its client elsewhere, as `users/ext/{id}` does, is answered with what is there. */
  async function answered(
    call: Call,
    { status, body, headers }: Reply,
    reads: Read[],
  ): Promise<Omit<MultigetItem, 'location'>> {
    const elsewhere = headers?.Location;
    if (typeof elsewhere === 'string') {
      const { response_code, body } = await get(call, elsewhere.slice(call.link('').length), reads);
      return { response_code, body };
    }
    return { response_code: status, body: body as Readonly<Record<string, unknown>> };
  }

  return endpoint({
    method: 'POST',
    path: '/multiget',
    summary: 'Reads several resources at once',
    scope: 'roster:read',
    heavy: true,
    schemas: { query: ResourceQuery, body: MultigetBody, reply: MultigetReply },
    async handle(call) {
      const response: MultigetItem[] = [];
      const reads: Read[] = [];
      for (const asked of call.body.request) {
        await turn();
        response.push(await get(call, asked, reads));
      }
      return { status: 200, body: { response }, reads };
    },
  });
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);

/** RFC 3986, 2.1: what is percent-encoded; throws URIError where it is not well-formed, which is a 400. */
const paramsOf = (pattern: RegExp, path: string): object =>
  Object.fromEntries(
    Object.entries(pattern.exec(path)?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
