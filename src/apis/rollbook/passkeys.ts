import {
  PasskeyBody,
  PasskeyCreationReply,
  PasskeyReply,
  PasskeyRequestReply,
  PasskeySignInBody,
  PasskeysReply,
} from '../../../schemas/rollbook/passkeys';
import { SessionReply } from '../../../schemas/rollbook/session';
import { ClientError } from '../../clients/clients';
import { openPasskeys, personOf, relyingPartyOf } from '../../clients/passkeys';
import { openSignIn } from '../../clients/sign-in';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import { refusal, signedIn } from './session';

/** How often an address of the network may sign in by passkeys in so many seconds: a school is behind one, and comes at eight. */
const TRIED = { points: 600, window: 600 };

const passkeysOf = ({ database, signer, publicUrl }: Dependencies) => {
  const party = relyingPartyOf(publicUrl);
  return party && openPasskeys(database, signer, party);
};

/** `/sign-in/passkey`: signs in by a passkey. There is nothing where PUBLIC_URL is no address for which browsers make them. */
export function passkeySignInEndpoints(dependencies: Dependencies): Endpoint[] {
  const passkeys = passkeysOf(dependencies);
  if (!passkeys) return [];
  const { database, clients } = dependencies;
  const signIn = openSignIn(database, clients);

  const ask = endpoint({
    method: 'POST',
    path: '/passkey/options',
    summary: 'Says what a passkey is asked for, to sign in by it',
    errors: ['ORIGIN_FORBIDDEN'],
    schemas: { reply: PasskeyRequestReply },
    async handle({ foreign }) {
      if (foreign) throw new Problem('ORIGIN_FORBIDDEN');
      return { status: 200, body: { options: { ...(await passkeys.toSignIn()) } }, headers: UNKEPT };
    },
  });
  const enter = endpoint({
    method: 'POST',
    path: '/passkey',
    summary: 'Signs in, by a passkey',
    successes: [201],
    errors: ['CREDENTIALS_INVALID', 'CREDENTIALS_INSECURE', 'ORIGIN_FORBIDDEN'],
    headers: { 'Set-Cookie': 'The session; see the security scheme `session`.' },
    perAddress: TRIED,
    schemas: { body: PasskeySignInBody, reply: SessionReply },
    handle: (call) =>
      signedIn(dependencies, call, async ({ response }) => {
        const known = await passkeys.accept(response);
        if (!known) throw refusal('The passkey is not known here, or its answer came too late.');
        try {
          return await signIn.admit(known.district, known.person);
        } catch (error) {
          throw error instanceof ClientError ? refusal('Whose passkey it is may not sign in any more.') : error;
        }
      }),
  });
  return [ask, enter];
}

/** `/session/passkeys`: the passkeys of who is signed in. */
export function passkeyEndpoints(dependencies: Dependencies): Endpoint[] {
  const passkeys = passkeysOf(dependencies);
  if (!passkeys) return [];
  const { clients } = dependencies;
  const common = { scope: 'attendance:read', current: true } as const;
  return [
    endpoint({
      ...common,
      method: 'GET',
      path: '/passkeys',
      summary: 'Lists the passkeys of who is signed in',
      errors: ['PERSON_FORBIDDEN'],
      schemas: { reply: PasskeysReply },
      async handle({ caller }) {
        return { status: 200, body: { passkeys: await passkeys.list(personOf(caller)) } };
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/passkeys/options',
      summary: 'Says what a passkey is to be made of',
      errors: ['PERSON_FORBIDDEN'],
      schemas: { reply: PasskeyCreationReply },
      async handle({ caller }) {
        const options = await passkeys.toMake(personOf(caller), await clients.nameOf(caller));
        return { status: 200, body: { options: { ...options } }, headers: UNKEPT };
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/passkeys',
      summary: 'Keeps a passkey that the browser has made: it signs in from now on',
      successes: [201],
      errors: ['PERSON_FORBIDDEN'],
      schemas: { body: PasskeyBody, reply: PasskeyReply },
      async handle({ caller, body: { response, name } }) {
        return { status: 201, body: await passkeys.keep(personOf(caller), response, name.trim() || name) };
      },
    }),
    endpoint({
      ...common,
      method: 'DELETE',
      path: '/passkeys/:passkey',
      summary: 'Removes a passkey: it signs nobody in any more',
      successes: [204],
      errors: ['PERSON_FORBIDDEN'],
      async handle({ caller, params }) {
        await passkeys.remove(personOf(caller), idOf(params.passkey));
        return { status: 204 };
      },
    }),
  ];
}

const UNKEPT = { 'Cache-Control': 'no-store' };

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('NOT_FOUND', `There is no passkey ${text.slice(0, 60)} here.`);
  return Number(text);
}
