import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';

const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope/';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const LINE_ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const LINE_ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
const SCORE = 'application/vnd.ims.lis.v1.score+json';
const MEMBERS = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

export interface Score {
  readonly userId: string;
  readonly scoreGiven?: number;
  readonly timestamp: string;
  readonly comment: string;
  readonly activityProgress: string;
  readonly gradingProgress: string;
}
export interface Column {
  readonly label: string;
  readonly scoreMaximum: number;
  readonly tag?: string;
  readonly resourceId?: string;
  /** The latest of each user. */
  readonly scores: Map<string, Score>;
}
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly type: string;
  readonly accept: string;
  readonly body: string;
  readonly token: string;
}
type Answered = { status: number; body?: unknown; type?: string; headers?: Record<string, string> };

/** What a test has gone wrong: the answer in the place of the right one, or nothing. */
export type Trouble = (asked: { readonly method: string; readonly path: string }) => Omit<Answered, 'body'> | undefined;

export type CourseServices = ReturnType<typeof openCourseServices>;

/**
 * The services of an LMS for its courses: access tokens for a signed assertion (Security Framework 1.0, 4.1), Names and Roles 2.0, and
 * Assignment and Grade Services 2.0. It refuses what breaks their rules, and says which.
 */
export function openCourseServices(at: () => string, clientId: string) {
  let keysOfTool: () => Promise<JSONWebKeySet> = () => Promise.reject(new Error('no tool'));
  let trouble: Trouble = () => undefined;
  const assertions = new Set<string>();
  const tokens = new Map<string, ReadonlySet<string>>();
  const columns = new Map<string, Column>();
  let [members, pageSize]: [readonly object[], number] = [[], 100];
  const calls: string[] = [];
  const refused = (status: number, why: string): Answered => ({ status, body: { error: why } });

  async function token({ body }: Asked): Promise<Answered> {
    const form = Object.fromEntries(new URLSearchParams(body));
    if (
      form.grant_type !== 'client_credentials' ||
      form.client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    )
      return refused(400, 'unsupported_grant_type');
    try {
      const { payload } = await jwtVerify(form.client_assertion!, createLocalJWKSet(await keysOfTool()), {
        ...{ algorithms: ['RS256'], issuer: clientId, subject: clientId, audience: `${at()}/token`, maxTokenAge: 300 },
        requiredClaims: ['exp', 'iat', 'jti'],
      });
      if (assertions.has(payload.jti!)) return refused(400, 'invalid_client: this assertion was used before');
      assertions.add(payload.jti!);
    } catch (error) {
      return refused(401, `invalid_client: ${error}`);
    }
    const scopes = form.scope!.split(' ');
    if (!scopes.every((scope) => scope === NRPS || scope.startsWith(AGS))) return refused(400, 'invalid_scope');
    const access_token = randomUUID();
    tokens.set(access_token, new Set(scopes));
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: 3_600, scope: form.scope } };
  }

  const lineItem = (id: string, { scores: _scores, ...column }: Column) => ({
    id: `${at()}/course/line-items/${id}?type=grades`,
    ...column,
  });

  function listed({ query, accept }: Asked): Answered {
    if (!accept.includes(LINE_ITEMS)) return refused(406, `it is ${LINE_ITEMS}`);
    const fits = ({ tag, resourceId }: Column) =>
      (!query.has('tag') || query.get('tag') === tag) &&
      (!query.has('resource_id') || query.get('resource_id') === resourceId);
    const items = [...columns].filter(([, column]) => fits(column)).map(([id, column]) => lineItem(id, column));
    return { status: 200, type: LINE_ITEMS, body: items };
  }

  function made({ type, body }: Asked): Answered {
    const { label, scoreMaximum, tag, resourceId } = JSON.parse(body);
    if (!type.includes(LINE_ITEM)) return refused(415, `it is ${LINE_ITEM}`);
    if (typeof label !== 'string' || !(scoreMaximum > 0)) return refused(400, 'label and scoreMaximum are required');
    const id = randomUUID();
    columns.set(id, { label, scoreMaximum, tag, resourceId, scores: new Map() });
    return { status: 201, type: LINE_ITEM, body: lineItem(id, columns.get(id)!) };
  }

  /** 3.4: "timestamp" is later than that of the score before, of the same user. */
  function scored({ scores }: Column, { type, body }: Asked): Answered {
    const score = JSON.parse(body) as Score & { scoreMaximum?: number };
    if (!type.includes(SCORE)) return refused(415, `it is ${SCORE}`);
    for (const name of ['userId', 'timestamp', 'activityProgress', 'gradingProgress'] as const)
      if (typeof score[name] !== 'string') return refused(400, `${name} is required`);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)$/.test(score.timestamp))
      return refused(400, 'timestamp is to have fractions of a second');
    if (score.scoreGiven !== undefined && !(score.scoreGiven >= 0 && Number(score.scoreMaximum) > 0))
      return refused(400, 'scoreGiven is positive, and needs scoreMaximum');
    const isLearner = (member: object) =>
      'user_id' in member && member.user_id === score.userId && JSON.stringify(member).includes('#Learner');
    if (!members.some(isLearner)) return refused(422, 'it is of no student of the course');
    if (Date.parse(scores.get(score.userId)?.timestamp ?? '0000') >= Date.parse(score.timestamp))
      return refused(409, 'a later score is here');
    scores.set(score.userId, score);
    return { status: 200, body: {} };
  }

  function memberships({ query, accept }: Asked): Answered {
    if (!accept.includes(MEMBERS)) return refused(406, `it is ${MEMBERS}`);
    const from = Number(query.get('from') ?? 0);
    const next = from + pageSize;
    const url = `${at()}/course/members?from=${next}`;
    return {
      status: 200,
      type: MEMBERS,
      body: { id: `${at()}/course/members`, context: { id: 'course-1' }, members: members.slice(from, next) },
      headers:
        next < members.length ? { Link: `<${at()}/course/members>; rel="differences", <${url}>; rel="next"` } : {},
    };
  }

  /** 401 where the token is not known, 403 where it does not have the scope (RFC 6750, 3.1). */
  function withScope({ token }: Asked, scopes: readonly string[], answer: () => Answered): Answered {
    const granted = tokens.get(token);
    if (!granted) return refused(401, 'invalid_token');
    return scopes.some((scope) => granted.has(scope)) ? answer() : refused(403, 'insufficient_scope');
  }

  async function answerTo(asked: Asked): Promise<Answered> {
    const { method, path } = asked;
    if (path === '/token' && method === 'POST') return token(asked);
    if (path === '/course/members') return withScope(asked, [NRPS], () => memberships(asked));
    const writing = withScope.bind(undefined, asked, [`${AGS}lineitem`]);
    const reading = withScope.bind(undefined, asked, [`${AGS}lineitem`, `${AGS}lineitem.readonly`]);
    if (path === '/course/line-items' && method === 'POST') return writing(() => made(asked));
    if (path === '/course/line-items') return reading(() => listed(asked));
    const [, id, isScores] = /^\/course\/line-items\/([\w-]+)(\/scores)?$/.exec(path) ?? [];
    const column = id && columns.get(id);
    if (!column) return refused(404, 'there is nothing here');
    if (isScores) return withScope(asked, [`${AGS}score`], () => scored(column, asked));
    return reading(() => ({ status: 200, type: LINE_ITEM, body: lineItem(id, column) }));
  }

  return {
    /** What a launch says of them. */
    claims: () => ({
      'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
        scope: ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map((name) => AGS + name),
        lineitems: `${at()}/course/line-items`,
      },
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
        context_memberships_url: `${at()}/course/members`,
        service_versions: ['2.0'],
      },
    }),

    /** The tool that may use them, by where it publishes its keys. */
    trust: (keys: typeof keysOfTool) => {
      keysOfTool = keys;
    },
    enroll: (all: readonly object[], onPage = 100) => {
      [members, pageSize] = [all, onPage];
    },
    break: (by: Trouble) => {
      trouble = by;
    },
    columns,
    /** The tokens that it gave are none any more. */
    endTokens: () => tokens.clear(),
    /** What was asked of it, `POST /token` and so on; the list is emptied. */
    calls: () => calls.splice(0),

    async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const { pathname: path, searchParams: query } = new URL(request.url!, at());
      const method = request.method!;
      let body = '';
      for await (const chunk of request) body += chunk;
      const { 'content-type': type = '', accept = '', authorization = '' } = request.headers;
      calls.push(`${method} ${path.replace(/[\w-]{36}/, ':id')}`);
      const asked = { method, path, query, type, accept, body, token: authorization.replace('Bearer ', '') };
      const answered: Answered = trouble({ method, path }) ?? (await answerTo(asked));
      const headers = { 'Content-Type': answered.type ?? 'application/json', ...answered.headers };
      response.writeHead(answered.status, headers).end(JSON.stringify(answered.body ?? {}));
    },
  };
}
