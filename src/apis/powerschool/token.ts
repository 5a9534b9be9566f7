import type { Clients } from '../../clients/clients';
import type { Credentials } from '../../http/credentials/credentials';
import type { Call, Endpoint } from '../../http/endpoint';
import { statusOf } from '../../http/problem';
import { Problem } from '../../lib/problem';

/** Seconds: 30 days. */
const LIFE = 30 * 24 * 60 * 60;

interface Grant {
  readonly grant_type?: unknown;
  readonly client_id?: unknown;
  readonly client_secret?: unknown;
}

type TokenCall = Call<object, Grant, Grant | undefined>;

/**
 * `POST /oauth/access_token` (RFC 6749, 4.4): the client's key and secret for a token, by Basic or in the form. A
 * fresh one each time, since only hashes are kept; those before it live on to their end or the client's revocation.
 */
export function tokenEndpoint(clients: Clients, { bySecret }: Credentials): Endpoint {
  const endpoint: Endpoint<TokenCall> = {
    method: 'POST',
    path: '/access_token',
    schemas: { body: 'powerschool/token.post.body', reply: 'powerschool/token.post.reply' },
    async handle({ authorization, query, body = {}, confidential }) {
      if (query.client_secret !== undefined || query.client_id !== undefined)
        throw new Problem(
          'QUERY_INVALID',
          'client_id and client_secret are not read from the query, where they would be logged: send them by Basic or in the form.',
        );
      const [key, secret] = basic(authorization) ?? [body.client_id, body.client_secret];
      const { client } = await bySecret(String(key ?? ''), String(secret ?? ''), confidential);
      // Some clients send the grant in the query, beside an empty body.
      if ((body.grant_type ?? query.grant_type) !== 'client_credentials') throw new Problem('GRANT_UNSUPPORTED');
      const token = await clients.issueToken(client, LIFE);
      // "expires_in" is a string here.
      const answer = { access_token: token, token_type: 'Bearer', expires_in: String(LIFE) };
      return { status: 200, body: answer, headers: { 'Cache-Control': 'no-store' } }; // RFC 6749, 5.1
    },
  };
  return endpoint;
}

/** RFC 7617, 2: key and secret, joined by the first colon, in base64. */
function basic(authorization = ''): [key: string, secret: string] | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]{1,1000})\s*$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** RFC 6749, 5.2. */
export function refuseToken(problem: Problem): object {
  const { code, message } = problem;
  if (code === 'GRANT_UNSUPPORTED') return { error: 'unsupported_grant_type' };
  if (code === 'CREDENTIALS_INVALID') return { error: 'invalid_client' };
  if (statusOf(problem) === 401) return { error: 'invalid_client', error_description: message };
  return { error: statusOf(problem) < 500 ? 'invalid_request' : 'server_error', error_description: message };
}
