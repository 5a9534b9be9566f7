import type { JWTPayload } from 'jose';
import { type Launch, launchIn } from './claims';
import { library } from './library';
import { KeysError, type openPlatformKeys } from './platform-keys';
import type { Platform } from './platforms';
import { LaunchRefused } from './refusal';
import { ALGORITHM } from './tool-keys';

/** Seconds by which clocks may differ. */
const TOLERANCE = 60;
/** Seconds: a token is older than what it answers only by mistake. */
const OLDEST = 600;

/**
 * What the ID token of a platform says, once it is one: LTI 1.3 Security Framework, 5.1.3, and OpenID Connect Core 1.0, 3.1.3.7. Throws
 * LaunchRefused, and keeps to itself what was wrong, but for the log.
 */
export function openVerifier(keysOf: ReturnType<typeof openPlatformKeys>) {
  return async (
    token: string,
    { issuer, oauth_client_id, keys_url }: Platform,
    nonce: string,
    isOurs: (link: string) => boolean,
  ): Promise<Launch> => {
    const claims = await claimsOf(token, { issuer, oauth_client_id, keys_url });
    // "If the Client is not listed as an audience, or if it contains additional audiences not trusted by the Client": none other is.
    if ([claims.aud].flat().length !== 1) throw new LaunchRefused('token', {}, 'it has other audiences');
    if (claims.azp !== undefined && claims.azp !== oauth_client_id)
      throw new LaunchRefused('token', {}, 'azp is another client');
    if (claims.nonce !== nonce) throw new LaunchRefused('token', {}, 'nonce is not that of the state');
    const launch = launchIn(claims);
    const isLinking = launch.messageType === 'LtiDeepLinkingRequest' && launch.linking !== undefined;
    if (launch.version !== '1.3.0' || (launch.messageType !== 'LtiResourceLinkRequest' && !isLinking))
      throw new LaunchRefused('message', { message: launch.messageType, version: launch.version });
    // Deep Linking 2.0, 4.4: where a link is asked for, there is no address yet that would be launched.
    if (!(isLinking && launch.targetLink === '') && !isOurs(launch.targetLink))
      throw new LaunchRefused('target', { target: launch.targetLink });
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
      throw new LaunchRefused(error instanceof KeysError ? 'keys' : 'token', {}, error);
    }
  }
}
