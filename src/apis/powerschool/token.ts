import type { TokenError } from '../../../schemas/powerschool/errors';
import { TokenBody, TokenQuery, TokenReply } from '../../../schemas/powerschool/token';
import type { Clients } from '../../clients/clients';
import type { Credentials } from '../../http/credentials/credentials';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { statusOf } from '../../http/problem';
import { Problem } from '../../lib/problem';

/** Seconds: 30 days. */
const LIFE = 30 * 24 * 60 * 60;

/**
 * `POST /oauth/access_token` (RFC 6749, 4.4): the client's key and secret for a token, by Basic or in the form. A
 * fresh one each time, since only hashes are kept; those before it live on to their end or the client's revocation.
 */
export const tokenEndpoint = (clients: Clients, { bySecret }: Credentials): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/access_token',
    summary: 'Issues a token for the key and secret of a client',
    errors: ['GRANT_UNSUPPORTED'],
    schemas: { query: TokenQuery, body: TokenBody, reply: TokenReply },
    async handle({ caller, query, body, confidential }) {
      if (query.client_secret !== undefined || query.client_id !== undefined)
        throw new Problem(
          'QUERY_INVALID',
          'client_id and client_secret are not read from the query, where they would be logged: send them by Basic or in the form.',
        );
      const isByBasic = caller.client > 0;
      const { client_id = '', client_secret = '' } = body;
      const { client, scopes } = isByBasic ? caller : await bySecret(client_id, client_secret, confidential);
      // Some clients send the grant in the query, beside an empty body.
      if ((body.grant_type ?? query.grant_type) !== 'client_credentials') throw new Problem('GRANT_UNSUPPORTED');
      const token = await clients.issueToken(client, LIFE);
      return {
        status: 200,
        // "expires_in" is a string here.
        body: {
          access_token: token,
          token_type: 'Bearer' as const,
          expires_in: String(LIFE),
          ...(body.scope !== undefined && { scope: [...scopes].join(' ') }),
        },
        headers: { 'Cache-Control': 'no-store' }, // RFC 6749, 5.1
      };
    },
  });

/** RFC 6749, 5.2. */
export function refuseToken(problem: Problem): TokenError {
  const { code, message } = problem;
  if (code === 'GRANT_UNSUPPORTED') return { error: 'unsupported_grant_type' };
  if (code === 'CREDENTIALS_INVALID') return { error: 'invalid_client' };
  if (statusOf(problem) === 401) return { error: 'invalid_client', error_description: message };
  return { error: statusOf(problem) < 500 ? 'invalid_request' : 'server_error', error_description: message };
}
