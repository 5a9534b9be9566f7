import type { ClientAuth, Configuration } from 'openid-client';
import { OpenidBeginQuery, OpenidQuery } from '../../../schemas/rollbook/session';
import { memberOf } from '../../clients/client';
import { ClientError } from '../../clients/clients';
import { openSignIn } from '../../clients/sign-in';
import type { Signer } from '../../clients/signer';
import { cookieNamed, setCookie } from '../../http/credentials/token';
import { type Call, type Endpoint, endpoint, type Reply } from '../../http/endpoint';
import { openDistricts } from '../../roster/districts';
import type { OpenId } from '../../service/config';
import type { Dependencies } from '../dependencies';
import { enter } from '../enter';

const NAME = 'rollbook_openid';
const PURPOSE = 'openid';
const PATH = '/sign-in/openid';
/** Seconds for which somebody may take to sign in elsewhere. */
const PATIENCE = 600;

/**
 * Set-Cookie that lets the browser carry the flow, signed, where the callback alone gets it. It comes back by a link of
 * another site, so that SameSite is Lax.
 */
export function flowCookie(signer: Signer, flow: Flow, secure: boolean, prefix: string): string {
  const payload = JSON.stringify({ ...flow, until: Date.now() + PATIENCE * 1_000 });
  const value = signer.sign(PURPOSE, Buffer.from(payload));
  return setCookie({ name: NAME, value, path: prefix + PATH, seconds: PATIENCE, sameSite: 'Lax', secure });
}

/** Set-Cookie that ends it: a flow is good for one answer. */
export const noFlowCookie = (secure: boolean, prefix: string): string =>
  setCookie({ name: NAME, value: '', path: prefix + PATH, seconds: 0, sameSite: 'Lax', secure });

/** The flow that the browser brings back; undefined where there is none that is signed and young enough. */
export function flowOf(signer: Signer, cookies: string | undefined): Flow | undefined {
  const payload = signer.verify(PURPOSE, cookieNamed(NAME, cookies) ?? '');
  if (!payload) return undefined;
  const { until, ...flow } = JSON.parse(payload.toString());
  return Date.now() < until ? flow : undefined;
}

/** What has to survive the way to the provider and back. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
  /** Whether the person said that the device is theirs. */
  readonly ownDevice?: boolean;
}

/** Nobody was signed in: they were not let in, the provider's answer is not to be trusted, or there was none. */
export class ProviderError extends Error {
  constructor(
    readonly reason: 'denied' | 'failed' | 'unavailable',
    cause: unknown,
  ) {
    super(`OpenID provider: ${textOf(cause)}`, { cause });
  }
}

/** Loaded by who has a provider, which most services do not. A module of ECMAScript, which Node can require since 20.19 and 22.12. */
const library = (): typeof import('openid-client') => require('openid-client');

/** The provider, asked for nothing before somebody signs in. Throws ProviderError. */
export function openProvider({ issuer, clientId, clientSecret, timeout }: OpenId) {
  let known: ReturnType<typeof discover> | undefined;

  async function discover() {
    const openid = library();
    // The configuration knows that over plain http it can be nothing but this machine.
    const insecure = issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
    // OpenID Connect Core 1.0, 3.1.3.7, 6: TLS alone MAY vouch for an ID token; here its signature has to, as well.
    const execute = [...insecure, openid.enableNonRepudiationChecks];
    const [basic, post] = [openid.ClientSecretBasic(clientSecret), openid.ClientSecretPost(clientSecret)];
    // OpenID Connect Discovery 1.0, 3: "If omitted, the default is client_secret_basic".
    const authenticate: ClientAuth = (server, ...rest) =>
      ((server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true) ? basic : post)(
        server,
        ...rest,
      );
    const configuration = await openid.discovery(issuer, clientId, undefined, authenticate, { execute, timeout });
    return { openid, configuration };
  }

  /** What was found is kept; what was not, looked for again. */
  function found() {
    known ??= discover().catch((error) => {
      known = undefined;
      throw new ProviderError('unavailable', error);
    });
    return known;
  }

  return {
    /** Where the browser is to go, and what it has to bring back with it. */
    async begin(redirect: string): Promise<{ url: string; flow: Flow }> {
      const { openid, configuration } = await found();
      const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirect,
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, flow: { state, nonce, verifier } };
    },

    /** The email address of who came back to this URL; undefined where the provider has not verified it. */
    async finish(url: URL, { state, nonce, verifier }: Flow): Promise<string | undefined> {
      const { openid, configuration } = await found();
      const expected = {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      };
      try {
        const tokens = await openid.authorizationCodeGrant(configuration, url, expected);
        const claims = tokens.claims()!;
        return verifiedIn([claims, await userInfo(tokens.access_token, claims.sub, configuration)]);
      } catch (error) {
        throw new ProviderError(reasonOf(error), error);
      }
    },
  };

  /** OpenID Connect Core 1.0, 5.4: what the scope email asks for is there, where it is not in the ID token, or as well. */
  async function userInfo(token: string, subject: string, configuration: Configuration) {
    const { openid } = await found();
    return configuration.serverMetadata().userinfo_endpoint ? openid.fetchUserInfo(configuration, token, subject) : {};
  }
}

interface Claims extends Readonly<Record<string, unknown>> {
  readonly email?: unknown;
  readonly email_verified?: unknown;
}

/**
 * The address that the provider has verified. Whoever may type an address in by themselves may type in another's: where
 * anything says that it was not verified, in whatever type, or two are said to be, there is none.
 */
function verifiedIn(claims: readonly Claims[]): string | undefined {
  if (claims.some(({ email_verified }) => email_verified !== undefined && String(email_verified) !== 'true'))
    return undefined;
  const emails = claims.flatMap(({ email, email_verified }) => (email_verified === true ? [email] : []));
  const [email] = emails;
  const isOne = emails.every((other) => other === email);
  return isOne && typeof email === 'string' && email.trim() !== '' ? email : undefined;
}

/** An answer that is not right has a code of OAuth's; without an answer there is none, or that of the time limit. */
function reasonOf(error: unknown): ProviderError['reason'] {
  const { code, error: oauthError } = Object(error);
  if (oauthError === 'access_denied') return 'denied'; // RFC 6749, 4.1.2.1
  return String(code).startsWith('OAUTH_') && code !== 'OAUTH_TIMEOUT' ? 'failed' : 'unavailable';
}

const textOf = (error: unknown): string => {
  const { message, code, error: oauthError, cause } = Object(error);
  return [message, oauthError, code ?? cause?.code].filter(Boolean).join(', ');
};

/** Why somebody who came from the provider is not let in; the page has a sentence for each. */
type Reason =
  | ProviderError['reason']
  | 'insecure'
  | 'expired'
  | 'unverified'
  | 'unknown'
  | 'ambiguous'
  | 'role'
  | 'revoked'
  | 'setup';

class Refusal extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

const CALLBACK = '/sign-in/openid/callback';

/**
 * `/sign-in/openid`: signs people in who have an account at the provider, by their email address (OpenID Connect). There is
 * nothing where there is no provider.
 */
export function openidEndpoints(dependencies: Dependencies): Endpoint[] {
  const { database, clients, signer, openid, prefix } = dependencies;
  if (!openid) return [];
  const provider = openProvider(openid);
  const signIn = openSignIn(database, clients);

  const begin = async ({ link, confidential, secureCookies }: Call, ownDevice: boolean): Promise<Reply<never>> => {
    if (!confidential) throw new Refusal('insecure');
    await districtOf(dependencies, openid);
    const { url, flow } = await provider.begin(link(CALLBACK));
    const cookie = flowCookie(signer, { ...flow, ownDevice }, secureCookies, prefix);
    return { status: 303, headers: { Location: url, 'Set-Cookie': cookie } };
  };

  const finish = async (call: Call): Promise<Reply<never>> => {
    const { link, query, cookie, confidential, secureCookies } = call;
    if (!confidential) throw new Refusal('insecure');
    const flow = flowOf(signer, cookie);
    if (!flow) throw new Refusal('expired');
    const email = await provider.finish(new URL(link(CALLBACK, { ...query })), flow);
    if (email === undefined) throw new Refusal('unverified');
    const client = await clientOf(await districtOf(dependencies, openid), email);
    const { cookie: session } = await enter(dependencies, client, flow.ownDevice ?? false, call);
    return {
      status: 303,
      headers: { Location: `${prefix}/`, 'Set-Cookie': [session, noFlowCookie(secureCookies, prefix)] },
    };
  };

  /** The client of the only person with this address who may sign in: parents often share theirs with a teacher. */
  async function clientOf(district: number, email: string): Promise<number> {
    const people = await signIn.withEmail(district, email);
    const [one, another] = people.filter(memberOf);
    if (!one) throw new Refusal(people.length > 0 ? 'role' : 'unknown');
    if (another) throw new Refusal('ambiguous');
    try {
      return await signIn.admit(district, one.id);
    } catch (error) {
      throw error instanceof ClientError ? new Refusal('revoked') : error;
    }
  }

  /** A browser is here, with somebody before it: what is refused is said by the page. */
  const refused = async (call: Call, work: (call: Call) => Promise<Reply<never>>): Promise<Reply<never>> => {
    try {
      return await work(call);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof ProviderError)) throw error;
      if (error instanceof ProviderError && error.reason !== 'denied') dependencies.onFault(error);
      const headers = {
        Location: `${prefix}/#/refused/${error.reason}`,
        'Set-Cookie': noFlowCookie(call.secureCookies, prefix),
      };
      return { status: 303, headers };
    }
  };

  return [
    endpoint({
      method: 'GET',
      path: '/openid',
      summary: 'Leads to the OpenID provider, where one signs in',
      headers: { 'Set-Cookie': 'What the browser brings along when it comes back.' },
      successes: [303],
      elsewhere: true,
      schemas: { query: OpenidBeginQuery },
      handle: (call) => refused(call, () => begin(call, call.query.own_device === '1')),
    }),
    endpoint({
      method: 'GET',
      path: '/openid/callback',
      summary: 'Signs in who comes back from the OpenID provider',
      headers: { 'Set-Cookie': 'The session, where somebody was signed in.' },
      successes: [303],
      elsewhere: true,
      schemas: { query: OpenidQuery },
      handle: (call) => refused(call, finish),
    }),
  ];
}

async function districtOf({ database, onFault }: Dependencies, { district }: OpenId): Promise<number> {
  const districts = openDistricts(database);
  const found = district === undefined ? await districts.list() : [await districts.find(district)];
  if (found.length === 1 && found[0]) return found[0].id;
  onFault(new Error('OPENID_DISTRICT must be the id or name of the district whose people sign in by OpenID Connect.'));
  throw new Refusal('setup');
}
