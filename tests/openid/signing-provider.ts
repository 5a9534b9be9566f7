import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenId } from '../../src/service/config';

/** A provider that says and signs what a test has it say, also what a real one never would. */
export interface SigningProvider {
  readonly openid: OpenId;
  /** Signs in without asking, as whoever these claims say. */
  says(told: Told): void;
  stop(): Promise<void>;
}

export interface Told {
  /** Claims beside those of the protocol. */
  readonly idToken?: object;
  readonly userInfo?: object;
  /** With the key that it publishes, with another one, or not at all. */
  readonly signature?: 'right' | 'forged' | 'altered' | 'none';
}

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const rs256 = (text: string, key: KeyObject) => createSign('sha256').update(text).sign(key).toString('base64url');

function signed(claims: object, signature: Told['signature'], right: KeyObject, other: KeyObject): string {
  if (signature === 'none') return `${base64({ alg: 'none' })}.${base64(claims)}.`;
  const text = `${base64({ alg: 'RS256', kid: 'one' })}.${base64(claims)}`;
  if (signature === 'forged') return `${text}.${rs256(text, other)}`;
  const made = rs256(text, right);
  return signature === 'altered'
    ? `${text.split('.')[0]}.${base64({ ...claims, more: 1 })}.${made}`
    : `${text}.${made}`;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const piece of request) text += piece;
  return new URLSearchParams(text);
}

export async function startSigningProvider(): Promise<SigningProvider> {
  const [right, other] = [rsa(), rsa()];
  const nonces = new Map<string, string>();
  let told: Told = {};
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, issuer);
    const json = (value: object) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
    const now = Math.floor(Date.now() / 1_000);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          userinfo_endpoint: `${issuer}/userinfo`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case '/authorize': {
        const [code, back] = [randomUUID(), new URL(url.searchParams.get('redirect_uri')!)];
        nonces.set(code, url.searchParams.get('nonce')!);
        back.searchParams.set('code', code);
        back.searchParams.set('state', url.searchParams.get('state')!);
        return response.writeHead(302, { Location: back.href }).end();
      }
      case '/token': {
        const nonce = nonces.get((await bodyOf(request)).get('code')!);
        const claims = { iss: issuer, aud: 'rollbook', sub: 'emmy', iat: now, exp: now + 60, nonce, ...told.idToken };
        const id_token = signed(claims, told.signature, right.privateKey, other.privateKey);
        return json({ access_token: 'x', token_type: 'Bearer', id_token });
      }
      case '/jwks':
        return json({
          keys: [{ ...right.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
        });
      case '/userinfo':
        return json({ sub: 'emmy', ...told.userInfo });
      default:
        return response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    openid: {
      issuer: new URL(issuer),
      clientId: 'rollbook',
      clientSecret: 'a secret shared',
      name: 'Larkspur ID',
      district: 'Larkspur',
      timeout: 5,
    },
    says: (next) => {
      told = next;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
