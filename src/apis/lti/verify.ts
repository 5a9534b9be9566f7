import type { JWTPayload } from 'jose';
import { type Launch, launchIn } from './claims';
import { library } from './library';
import { KeysError, type openPlatformKeys } from './platform-keys';
import type { Platform } from './platforms';
import { type Finding, LaunchRefused } from './refusal';
import { ALGORITHM } from './tool-keys';

/** Seconds by which clocks may differ. */
const TOLERANCE = 60;
/** Seconds: a token is older than what it answers only by mistake. */
const OLDEST = 600;
/** LTI 1.3 Core, 5.3.2; 5.3.1 and Deep Linking 2.0, 4.4.2. */
const VERSION = '1.3.0';
const MESSAGES = 'LtiResourceLinkRequest or LtiDeepLinkingRequest';

/**
 * What the ID token of a platform says, once it is one: LTI 1.3 Security Framework, 5.1.3, and OpenID Connect Core 1.0, 3.1.3.7. Throws
 * LaunchRefused, which says to the log alone what was wrong.
 */
export function openVerifier(keysOf: ReturnType<typeof openPlatformKeys>) {
  return async (
    token: string,
    { issuer, oauth_client_id, keys_url }: Platform,
    nonce: string,
    isOurs: (link: string) => boolean,
  ): Promise<Launch> => {
    const claims = await claimsOf(token, { issuer, oauth_client_id, keys_url });
    const launch = launchIn(claims);
    const { deployment } = launch;
    const refused = (check: string, expected: string, got: unknown) =>
      new LaunchRefused('token', {}, { check, expected, got: shown(got), deployment });
    // "If the Client is not listed as an audience, or if it contains additional audiences not trusted by the Client": none other is.
    if ([claims.aud].flat().length !== 1) throw refused('aud', oauth_client_id, claims.aud);
    if (claims.azp !== undefined && claims.azp !== oauth_client_id) throw refused('azp', oauth_client_id, claims.azp);
    if (claims.nonce !== nonce) throw refused('nonce', 'that of the state', 'another');
    const isLinking = launch.messageType === 'LtiDeepLinkingRequest' && launch.linking !== undefined;
    const message = { message: launch.messageType, version: launch.version };
    if (launch.version !== VERSION)
      throw new LaunchRefused('message', message, { check: 'version', expected: VERSION, deployment });
    if (launch.messageType !== 'LtiResourceLinkRequest' && !isLinking)
      throw new LaunchRefused('message', message, { check: 'message_type', expected: MESSAGES, deployment });
    // Deep Linking 2.0, 4.4: where a link is asked for, there is no address yet that would be launched.
    if (!(isLinking && launch.targetLink === '') && !isOurs(launch.targetLink))
      throw new LaunchRefused('target', { target: launch.targetLink }, { check: 'target_link_uri', deployment });
    return isLinking ? launch : { ...launch, linking: undefined };
  };

  async function claimsOf(
    token: string,
    { issuer, oauth_client_id, keys_url }: Pick<Platform, 'issuer' | 'oauth_client_id' | 'keys_url'>,
  ): Promise<JWTPayload> {
    try {
      const { payload } = await library().jwtVerify(token, keysOf(keys_url), {
        // Security Framework, 5.1.3, 5: RS256 and nothing else; neither `none` nor what is signed with the public key as a secret.
        algorithms: [ALGORITHM],
        issuer,
        audience: oauth_client_id,
        clockTolerance: TOLERANCE,
        maxTokenAge: OLDEST,
        requiredClaims: ['exp', 'iat', 'nonce'],
      });
      return payload;
    } catch (error) {
      if (error instanceof KeysError) throw new LaunchRefused('keys', {}, { check: 'keys', got: error.message });
      throw new LaunchRefused('token', {}, findingOf(error, token, { iss: issuer, aud: oauth_client_id }));
    }
  }
}

/** Which check of a token has failed, with what it says of itself there; nobody has signed for that. */
function findingOf(error: unknown, token: string, expected: Readonly<Record<string, string>>): Finding {
  const { errors } = library();
  const { header, claims } = unprovedIn(token);
  const of = { deployment: launchIn(claims).deployment };
  const now = `now is ${Math.floor(Date.now() / 1_000)}`;
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
    const { claim } = error;
    return {
      ...of,
      check: claim,
      expected: expected[claim] ?? (claim === 'nonce' ? 'one' : now),
      got: shown(claims[claim]),
    };
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return { ...of, check: 'alg', expected: ALGORITHM, got: shown(header.alg) };
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return { ...of, check: 'kid', expected: 'that of a key at keys_url', got: shown(header.kid) };
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return { ...of, check: 'signature', expected: 'by the key of this kid', got: shown(header.kid) };
  return { ...of, check: 'id_token', expected: 'a signed JWT', got: error instanceof Error ? error.name : 'another' };
}

/** What a token says, whoever has signed it: for the log. */
function unprovedIn(token: string): { header: Readonly<Record<string, unknown>>; claims: JWTPayload } {
  const { decodeJwt, decodeProtectedHeader } = library();
  try {
    return { header: { ...decodeProtectedHeader(token) }, claims: decodeJwt(token) };
  } catch {
    return { header: {}, claims: {} };
  }
}

const shown = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
