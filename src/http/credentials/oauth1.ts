import { createHash } from 'node:crypto';
import type { Clients } from '../../clients/clients';
import { Problem } from '../../errors';
import { type Credential, identityOf, type Presented } from './credential';
import { type Nonces, nonceMemory, type Verdict, WINDOW } from './nonces';
import { type OAuthParameters, oauthParameters } from './oauth1-parameters';
import { bodyHashOf, isSigned, signatureMethods } from './oauth1-signature';

interface Options {
  /** Where nonces are remembered that several processes have to know of; in this process, where it is not said. */
  readonly nonces?: Nonces | undefined;
  readonly publicUrl?: string | undefined;
}

/** OAuth 1.0, two-legged (RFC 5849): a consumer key and a signature with its secret, no token. */
export function oauth1(clients: Clients, { publicUrl, nonces = nonceMemory() }: Options): Credential {
  // Who reads a secret in plain text can sign with it himself: other processes need not know of its nonces.
  const plaintextNonces = nonceMemory();
  const publicOrigins = publicUrl ? [publicUrl, new URL(publicUrl).origin] : [];

  const checkMethod = ({ method }: OAuthParameters, confidential: boolean) => {
    if (!signatureMethods.includes(method))
      throw new Problem('CREDENTIALS_INVALID', `oauth_signature_method must be one of ${signatureMethods.join(', ')}.`);
    if (method === 'PLAINTEXT' && !confidential) throw new Problem('CREDENTIALS_INSECURE');
  };

  return {
    challenge: 'OAuth realm="rollbook"',
    async identify(presented) {
      const oauth = oauthParameters(presented.headers.authorization, presented.target);
      if (!oauth) return undefined;
      checkMethod(oauth, presented.confidential);
      const now = Date.now() / 1_000;
      const client = await clients.byKey(oauth.key);
      // An unknown key costs the same as a wrong signature, and says the same.
      const signed = isSigned(oauth, clients.secretsOf(client), signedRequest(presented, publicOrigins));
      if (!client || !signed)
        throw new Problem('CREDENTIALS_INVALID', 'The consumer key or the signature is not right.');
      const second = secondOf(oauth.timestamp, now);
      const memory = oauth.method === 'PLAINTEXT' ? plaintextNonces : nonces;
      return {
        ...identityOf(client),
        isInQuery: oauth.place === 'query',
        useUp: async () => checkVerdict(await memory.use(client.id, second, usedBy(oauth)), now),
        ...(oauth.bodyHash !== undefined && {
          bodyHash: { algorithm: bodyHashOf(oauth.method), digest: oauth.bodyHash },
        }),
      };
    },
  };
}

/** Stands for timestamp and nonce, however long a nonce a client makes: 128 bits and more. */
const usedBy = ({ timestamp, nonce }: OAuthParameters): string =>
  createHash('sha256').update(`${timestamp} ${nonce}`).digest('base64url').slice(0, 22);

/** The second of a timestamp that is near enough. Clients send fractions of it. */
function secondOf(timestamp: string, now: number): number {
  const seconds = /^\d{1,12}(\.\d{1,12})?$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (Math.abs(seconds - now) <= WINDOW) return Math.floor(seconds);
  throw stale(now);
}

function checkVerdict(verdict: Verdict, now: number): void {
  if (verdict === 'used') throw new Problem('NONCE_REPLAYED');
  if (verdict === 'forgotten') throw stale(now);
}

const stale = (now: number) =>
  new Problem(
    'TIMESTAMP_STALE',
    `Timestamp is out of sequence. Request rejected. It must be within ${WINDOW} seconds of ${Math.floor(now)}.`,
  );

/**
 * The authority is what the client put into its Host header, not where it connected. TLS may have ended in front of
 * us, and an operator's proxy may have changed the Host and taken a prefix off the path.
 */
function signedRequest({ method, target, headers, secure }: Presented, publicOrigins: readonly string[]) {
  const hosts = headers.host ? [`${secure ? 'https' : 'http'}://${headers.host}`, `https://${headers.host}`] : [];
  return { method, target, origins: [...new Set([...hosts, ...publicOrigins])] };
}
