import type { ClientAuth, Configuration } from 'openid-client';
import type { OpenId } from '../../../openid';

/** What has to survive the way to the provider and back. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
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

/** Loaded by who has a provider, which most services do not. A module of ECMAScript, which Node can require since 20.19. */
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
function verifiedIn(said: readonly Claims[]): string | undefined {
  if (said.some(({ email_verified }) => email_verified !== undefined && String(email_verified) !== 'true'))
    return undefined;
  const emails = said.flatMap(({ email, email_verified }) => (email_verified === true ? [email] : []));
  const [email] = emails;
  const isOne = emails.every((other) => other === email);
  return isOne && typeof email === 'string' && email.trim() !== '' ? email : undefined;
}

/** An answer that is not right has a code of OAuth's; without an answer there is none, or that of the time limit. */
function reasonOf(error: unknown): ProviderError['reason'] {
  const { code, error: said } = Object(error);
  if (said === 'access_denied') return 'denied'; // RFC 6749, 4.1.2.1
  return String(code).startsWith('OAUTH_') && code !== 'OAUTH_TIMEOUT' ? 'failed' : 'unavailable';
}

const textOf = (error: unknown): string => {
  const { message, code, error: said, cause } = Object(error);
  return [message, said, code ?? cause?.code].filter(Boolean).join(', ');
};
