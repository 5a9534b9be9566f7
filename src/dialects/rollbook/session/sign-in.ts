import { openSignIn, type SignIn } from '../../../clients/sign-in';
import { Problem } from '../../../errors';
import { identityOf } from '../../../http/credentials/credential';
import { SESSION_CHALLENGE } from '../../../http/credentials/session';
import type { Call, Endpoint } from '../../../http/endpoint';
import type { House } from '../../house';
import { enter } from './enter';
import { openidEndpoints } from './openid';
import { who } from './who';

const CHALLENGE = { 'WWW-Authenticate': SESSION_CHALLENGE };

interface Proof {
  readonly key?: string;
  readonly secret?: string;
  readonly invitation?: string;
}

/** `/sign-in`: the key and secret of a client, an invitation, or an account elsewhere, for a session in a cookie. */
export function signInEndpoints(house: House): Endpoint[] {
  const { database, clients, openid } = house;
  const signIn = openSignIn(database, clients);
  const byProof: Endpoint<Call<object, object, Proof>> = {
    method: 'POST',
    path: '/',
    schemas: { body: 'rollbook/sign-in.body', reply: 'rollbook/session.reply' },
    async handle(call) {
      const { body, caller } = call;
      if (call.foreign) throw new Problem('ORIGIN_FORBIDDEN'); // nobody is signed in as somebody else unawares
      if (!call.confidential) throw new Problem('CREDENTIALS_INSECURE', undefined, { headers: CHALLENGE });
      const { token, cookie } = await enter(house, await clientBy(house, signIn, body), call);
      const client = await clients.byToken(token);
      if (!client) throw refusal('The client was revoked.'); // just now
      return {
        status: 201,
        body: await who(house, { ...identityOf(client), api: caller.api }),
        headers: { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' },
      };
    },
  };
  const ways: Endpoint = {
    method: 'GET',
    path: '/ways',
    schemas: { reply: 'rollbook/ways.reply' },
    handle: async () => ({
      status: 200,
      body: { openid: openid ? { name: openid.name, url: '/sign-in/openid' } : null },
    }),
  };
  return [byProof, ways, ...(openid ? openidEndpoints(house, openid) : [])];
}

/** The id of the client that is proven. */
async function clientBy({ credentials }: House, signIn: SignIn, proof: Proof): Promise<number> {
  const { key, secret, invitation } = proof;
  if (invitation === undefined) {
    if (!key || !secret) throw incomplete(proof);
    return (await credentials.bySecret(key, secret, true, SESSION_CHALLENGE)).client;
  }
  const client = await signIn.accept(invitation);
  if (client !== undefined) return client;
  throw refusal('The invitation is not known, was used, or has expired.');
}

function incomplete(proof: Proof): Problem {
  const fields = (['key', 'secret'] as const).filter((field) => proof[field] === undefined);
  const violations = fields.map((field) => ({ field, message: 'is missing', rule: 'required' }));
  return new Problem('BODY_INVALID', `${fields.join(' and ')} missing; an invitation would do too.`, { violations });
}

const refusal = (detail: string) => new Problem('CREDENTIALS_INVALID', detail, { headers: CHALLENGE });
