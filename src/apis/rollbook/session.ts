import {
  type SignIn as Proof,
  type Session,
  SessionReply,
  SignInBody,
  WaysReply,
} from '../../../schemas/rollbook/session';
import type { Caller } from '../../clients/client';
import { relyingPartyOf } from '../../clients/passkeys';
import { openSessions } from '../../clients/sessions';
import { openSignIn, type SignIn } from '../../clients/sign-in';
import { today } from '../../days';
import { identityOf, renewedCookie, SESSION_CHALLENGE, sessionToken } from '../../http/credentials/token';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { HttpProblem } from '../../http/problem';
import { Problem } from '../../lib/problem';
import { calledName } from '../../roster/names';
import type { Dependencies } from '../dependencies';
import { enter } from '../enter';

/** Who is signed in, as the pages have to know it. */
export async function who({ roster, clients }: Dependencies, caller: Caller): Promise<Session> {
  const [{ sis_takes_attendance, ...district }, name] = await Promise.all([
    roster.district(caller),
    clients.nameOf(caller),
  ]);
  const person = caller.person === null ? null : await roster.one('person', caller, String(caller.person));
  return {
    district: { ...district, sis_attendance_app: sis_takes_attendance },
    today: today(district.time_zone),
    person: person && { id: person.id, name: calledName(person) },
    user: caller.member?.person ?? null,
    client: { id: caller.client, name },
    school: caller.member?.school || null,
    role: caller.member?.role ?? null,
    scopes: [...caller.scopes],
  };
}

const CHALLENGE = { 'WWW-Authenticate': SESSION_CHALLENGE };

/** Signs in whoever proves which client is theirs. */
export async function signedIn<Body extends { readonly own_device?: boolean }>(
  dependencies: Dependencies,
  call: Call<object, object, Body>,
  prove: (body: Body) => Promise<number>,
) {
  const { body, caller } = call;
  if (call.foreign) throw new Problem('ORIGIN_FORBIDDEN'); // nobody is signed in as somebody else unawares
  if (!call.confidential) throw new HttpProblem('CREDENTIALS_INSECURE', undefined, CHALLENGE);
  const { token, cookie } = await enter(dependencies, await prove(body), body.own_device ?? false, call);
  const client = await dependencies.clients.byToken(token);
  if (!client) throw refusal('The client was revoked.'); // just now
  return {
    status: 201,
    body: await who(dependencies, { ...identityOf(client), api: caller.api }),
    headers: { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' },
  };
}

/** `/sign-in`: the key and secret of a client, or an invitation, for a session in a cookie; and which other ways there are. */
export function signInEndpoints(dependencies: Dependencies): Endpoint[] {
  const { database, clients, openid, mailer, prefix, publicUrl } = dependencies;
  const signIn = openSignIn(database, clients);
  const byProof = endpoint({
    method: 'POST',
    path: '/',
    summary: 'Signs in, by the key of a client or by an invitation',
    successes: [201],
    errors: ['CREDENTIALS_INVALID', 'CREDENTIALS_INSECURE', 'ORIGIN_FORBIDDEN'],
    headers: { 'Set-Cookie': 'The session; see the security scheme `session`.' },
    schemas: { body: SignInBody, reply: SessionReply },
    handle: (call) => signedIn(dependencies, call, (proof) => clientBy(dependencies, signIn, proof)),
  });
  const ways = endpoint({
    method: 'GET',
    path: '/ways',
    summary: 'Says in which other ways one can sign in',
    schemas: { reply: WaysReply },
    handle: async () => ({
      status: 200,
      body: {
        email: mailer !== undefined,
        passkeys: relyingPartyOf(publicUrl) !== undefined,
        openid: openid ? { name: openid.name, url: `${prefix}/sign-in/openid` } : null,
      },
    }),
  });
  return [byProof, ways];
}

/** The id of the client that is proven. */
async function clientBy({ credentials }: Dependencies, signIn: SignIn, proof: Proof): Promise<number> {
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

/** Of what was to prove who somebody is. */
export const refusal = (detail: string) => new HttpProblem('CREDENTIALS_INVALID', detail, CHALLENGE);

/** `/session`: who is signed in, and signing out. */
export function sessionEndpoints(dependencies: Dependencies): Endpoint[] {
  const sessions = openSessions(dependencies.database);
  return [
    endpoint({
      method: 'GET',
      path: '/',
      summary: 'Says who is signed in, and renews the session',
      headers: { 'Set-Cookie': 'The session for as long again, where it was not used within the hour.' },
      scope: 'attendance:read',
      current: true,
      schemas: { reply: SessionReply },
      async handle({ caller, cookie, secureCookies }) {
        const body = await who(dependencies, caller);
        const token = sessionToken(cookie);
        const seconds = token && (await sessions.renew(token));
        if (!seconds) return { status: 200, body };
        const renewed = renewedCookie(cookie, token, seconds, secureCookies, dependencies.prefix);
        return { status: 200, body, headers: { 'Set-Cookie': renewed } };
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/',
      summary: 'Signs out',
      headers: { 'Set-Cookie': 'Takes the cookie of the session away.' },
      successes: [204],
      scope: 'attendance:read',
      async handle({ cookie, secureCookies }) {
        const token = sessionToken(cookie);
        if (token) await dependencies.clients.endToken(token);
        return {
          status: 204,
          headers: { 'Set-Cookie': renewedCookie(cookie, '', 0, secureCookies, dependencies.prefix) },
        };
      },
    }),
  ];
}
