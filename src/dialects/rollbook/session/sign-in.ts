import { openSignIn, SESSION, type SignIn } from '../../../clients/sign-in';
import { Problem } from '../../../errors';
import { sessionCookie } from '../../../http/credentials/cookie';
import { identityOf } from '../../../http/credentials/credential';
import { SESSION_CHALLENGE } from '../../../http/credentials/session';
import type { Call, Endpoint } from '../../../http/endpoint';
import type { House } from '../../house';
import { who } from './who';

interface Proof {
  readonly key?: string;
  readonly secret?: string;
  readonly invitation?: string;
}

/** `/sign-in`: the key and secret of a client, or an invitation, for a session in a cookie. */
export function signInEndpoints(house: House): Endpoint[] {
  const { database, clients } = house;
  const signIn = openSignIn(database, clients);
  const enter: Endpoint<Call<object, object, Proof>> = {
    method: 'POST',
    path: '/',
    schemas: { body: 'rollbook/sign-in.body', reply: 'rollbook/session.reply' },
    async handle({ body, foreign, secure, caller }) {
      if (foreign) throw new Problem('ORIGIN_FORBIDDEN'); // nobody is signed in as somebody else unawares
      const client = await clientBy(house, signIn, body, secure);
      const token = await clients.issueToken(client, SESSION);
      const identity = identityOf((await clients.byToken(token))!);
      return {
        status: 201,
        body: await who(house, { ...identity, api: caller.api }),
        headers: { 'Set-Cookie': sessionCookie(token, SESSION, secure), 'Cache-Control': 'no-store' },
      };
    },
  };
  return [enter];
}

/** The id of the client that is proven. */
async function clientBy({ credentials }: House, signIn: SignIn, proof: Proof, secure: boolean): Promise<number> {
  const { key = '', secret = '', invitation } = proof;
  if (invitation === undefined) return (await credentials.bySecret(key, secret, secure, SESSION_CHALLENGE)).client;
  const client = await signIn.accept(invitation);
  if (client !== undefined) return client;
  throw new Problem('CREDENTIALS_INVALID', 'The invitation is not known, was used, or has expired.', {
    headers: { 'WWW-Authenticate': SESSION_CHALLENGE },
  });
}
