import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { openRegistration } from './registration';
import { openCourseServices } from './services';

export const LTI = 'https://purl.imsglobal.org/spec/lti/claim/';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
export const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
export const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';

/** Who registers it: the operator, by a command. */
export const BY = { api: 'lti platform add', client: null, person: null };

/** What a login initiation leads to: the request that the tool makes of the platform (Security Framework, 5.1.1.2). */
export interface Authorization {
  readonly redirect_uri: string;
  readonly state: string;
  readonly nonce: string;
  readonly client_id: string;
  readonly login_hint: string;
}

/** LTI Client Side postMessages 1.0: a page that keeps what a tool in its frame tells it. */
const KEEPING = `<script>
  const kept = new Map();
  addEventListener('message', ({ data: { subject, message_id, key, value }, source, origin }) => {
    if (subject === 'lti.put_data') kept.set(origin + key, value);
    else if (subject !== 'lti.get_data') return;
    source.postMessage({ subject: subject + '.response', message_id, key, value: kept.get(origin + key) }, origin);
  });
</script>`;

/** How a token is to be wrong. */
export interface Forged {
  readonly claims?: JWTPayload;
  readonly alg?: string;
  readonly kid?: string | undefined;
  /** In the place of the platform's own. */
  readonly key?: CryptoKey | Uint8Array;
}

export type Platform = Awaited<ReturnType<typeof startPlatform>>;

/**
 * An LMS that launches tools by LTI 1.3: it publishes keys, and signs for whoever asks as the standard has it. It refuses what a tool
 * asks in another way.
 */
export async function startPlatform({ clientId = 'rollbook-at-the-lms', deployment = 'deployment-1' } = {}) {
  const make = async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const kid = randomUUID();
    return { ...pair, kid, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' } };
  };
  let current = await make();
  const asked = { keys: 0 };
  let answer: (keys: object) => { status: number; body: string } = (keys) => ({
    status: 200,
    body: JSON.stringify(keys),
  });
  /** What its course shows in a frame, and what it says of whoever opens it; nothing before a tool is put into it. */
  let course: { readonly tool: string; readonly said: JWTPayload; readonly keeps: boolean } | undefined;
  /** What a browser has brought to the address for links. */
  let linked: string | undefined;
  const page = (body: string) => `<!doctype html><title>The LMS</title>${body}`;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://lms');
    const html = (body: string) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(page(body));
    if (pathname === '/jwks') {
      asked.keys++;
      const { status, body } = answer({ keys: [current.jwk] });
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
    } else if (course && pathname === '/course') {
      const storage: Record<string, string> = course.keeps ? { lti_storage_target: '_parent' } : {};
      const source = `${course.tool}/lti/login?${platform.initiation(course.tool, storage)}`.replaceAll('&', '&amp;');
      html(`${course.keeps ? KEEPING : ''}<iframe name="tool" src="${source}" width="1000" height="700"></iframe>`);
    } else if (course && pathname === '/authorize') {
      // OAuth 2.0 Form Post Response Mode: the browser carries the answer.
      const { redirect_uri, state, nonce } = platform.authorized(`${url}/authorize?${searchParams}`);
      const id_token = await platform.token({ nonce }, course.said);
      html(`<form method="post" action="${redirect_uri}"><input name="state" value="${state}">
        <input name="id_token" value="${id_token}"></form><script>document.forms[0].submit()</script>`);
    } else if (course && pathname === '/links') {
      let form = '';
      for await (const chunk of request) form += chunk;
      linked = new URLSearchParams(form).get('JWT') ?? undefined;
      html('<p>The link is in the course.</p>');
    } else if (!(await registration.answer(request, response))) await services.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = openCourseServices(() => url, clientId);
  const registration = openRegistration(() => url, { clientId, deployment });

  const platform = {
    url,
    clientId,
    deployment,
    asked,
    services,
    registration,
    get publicKey() {
      return current.publicKey;
    },
    get kid() {
      return current.kid;
    },
    /** Signs with another key from now on. */
    exchangeKey: async () => {
      current = await make();
    },
    answerKeys: (by: typeof answer) => {
      answer = by;
    },

    /** How an operator registers it. */
    request: {
      ...{ issuer: url, oauth_client_id: clientId, authorization_url: `${url}/authorize`, token_url: `${url}/token` },
      ...{ keys_url: `${url}/jwks`, frame_origins: [url], trusts_email: false },
    },

    /** What the platform has the browser ask of the tool. */
    initiation: (tool: string, more: Record<string, string> = {}) =>
      new URLSearchParams({
        ...{ iss: url, client_id: clientId, login_hint: 'somebody', lti_message_hint: 'a message' },
        ...{ target_link_uri: `${tool}/lti/launch`, lti_deployment_id: deployment, ...more },
      }),

    /** What the tool asks for, where it asks as it is to. */
    authorized(location: string): Authorization {
      const asked = new URL(location);
      const { redirect_uri, state, nonce, client_id, login_hint, ...rest } = Object.fromEntries(asked.searchParams);
      const right = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };
      const { lti_message_hint: _hint, lti_deployment_id: _deployment, ...fixed } = rest;
      if (
        asked.origin !== url ||
        asked.pathname !== '/authorize' ||
        JSON.stringify(Object.entries(fixed).sort()) !== JSON.stringify(Object.entries(right).sort())
      )
        throw new Error(`It is not asked as by Security Framework 5.1.1.2: ${location}`);
      if (client_id !== clientId || !redirect_uri || !state || !nonce || login_hint !== 'somebody')
        throw new Error(`Something is missing: ${location}`);
      return { redirect_uri, state, nonce, client_id, login_hint };
    },

    /** An ID token that answers it. */
    async token({ nonce }: Pick<Authorization, 'nonce'>, said: JWTPayload = {}, forged: Forged = {}): Promise<string> {
      const now = Math.floor(Date.now() / 1_000);
      const claims = {
        ...{ iss: url, aud: clientId, sub: 'user-1', nonce, iat: now, exp: now + 300 },
        [`${LTI}message_type`]: 'LtiResourceLinkRequest',
        [`${LTI}version`]: '1.3.0',
        [`${LTI}deployment_id`]: deployment,
        [`${LTI}resource_link`]: { id: 'link-1' },
        ...said,
        ...forged.claims,
      };
      const header = { alg: forged.alg ?? 'RS256', kid: 'kid' in forged ? forged.kid : current.kid };
      return new SignJWT(claims).setProtectedHeader(header as { alg: string }).sign(forged.key ?? current.privateKey);
    },

    /** What a launch says that asks for a link (Deep Linking 2.0, 4.4). */
    linkingClaims: (more: object = {}): JWTPayload => ({
      [`${LTI}message_type`]: 'LtiDeepLinkingRequest',
      [`${LTI}resource_link`]: undefined,
      [`${DL}deep_linking_settings`]: {
        ...{ deep_link_return_url: `${url}/links`, accept_types: ['link', 'ltiResourceLink'], data: 'of the platform' },
        ...{ accept_presentation_document_targets: ['iframe', 'window'], ...more },
      },
    }),

    /** The answer about links that a browser has brought. */
    get brought() {
      return linked;
    },

    /** The links that a tool answers, where it answers as it is to (4.5). */
    async linked(jwt: string, keys: JSONWebKeySet): Promise<Record<string, unknown>[]> {
      const { payload } = await jwtVerify(jwt, createLocalJWKSet(keys), {
        ...{ algorithms: ['RS256'], issuer: clientId, audience: url, maxTokenAge: 300 },
        requiredClaims: ['exp', 'iat', 'nonce'],
      });
      const right = {
        [`${LTI}message_type`]: 'LtiDeepLinkingResponse',
        [`${LTI}version`]: '1.3.0',
        [`${LTI}deployment_id`]: deployment,
        [`${DL}data`]: 'of the platform',
      };
      for (const [name, value] of Object.entries(right))
        if (payload[name] !== value) throw new Error(`${name} is to be ${value}, not ${payload[name]}`);
      return payload[`${DL}content_items`] as Record<string, unknown>[];
    },

    /** Puts a tool into its course, at `/course`, for somebody of whom it says this; whether its page keeps something for the tool. */
    show: (tool: string, said: JWTPayload, { keeps = false } = {}) => {
      course = { tool, said, keeps };
    },

    stop: () => new Promise((resolve) => server.close(resolve)),
  };
  return platform;
}
