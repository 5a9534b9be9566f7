import { CodeBody, EmailBody, EmailReply, SessionReply } from '../../../schemas/rollbook/session';
import { linkOf } from '../../clients/invitations';
import { MINUTES, newRequest, openMailedSignIn } from '../../clients/mailed-sign-in';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { overloaded, Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import { signInLetter } from './letters';
import { refusal, signedIn } from './session';

/** How many addresses are looked up at the same time, beside the requests that have asked. */
const AT_ONCE = 20;
/** How often an address of the network may ask for a mail, and try a code, in so many seconds. */
const ASKED = { points: 60, window: 600 };
const TRIED = { points: 60, window: 3_600 };

/**
 * `/sign-in/email` and `/sign-in/code`: a link and a code by email. There is nothing where no mail can be sent. Whoever asks is
 * answered the same, as fast, whether or not anybody has the address.
 */
export function mailedSignInEndpoints(dependencies: Dependencies): Endpoint[] {
  const { database, clients, mailer, onFault } = dependencies;
  if (!mailer) return [];
  const mailed = openMailedSignIn(database, clients);
  let running = 0;

  async function send(email: string, request: string, origin: string): Promise<void> {
    for (const { token, code, until, ...of } of await mailed.links(email, request))
      mailer!.send({ ...signInLetter({ ...of, code, link: linkOf(origin, token) }), until });
  }

  const ask = endpoint({
    method: 'POST',
    path: '/email',
    summary: 'Has a link and a code sent to an email address of the roster',
    successes: [202],
    errors: ['ORIGIN_FORBIDDEN'],
    perAddress: ASKED,
    schemas: { body: EmailBody, reply: EmailReply },
    async handle({ body, foreign, link }) {
      if (foreign) throw new Problem('ORIGIN_FORBIDDEN');
      if (running >= AT_ONCE) throw overloaded();
      running++;
      const request = newRequest();
      void send(body.email.trim(), request, link(''))
        .catch(onFault)
        .finally(() => {
          running--;
        });
      const expires_at = new Date(Date.now() + MINUTES * 60_000).toISOString();
      return { status: 202, body: { request, expires_at }, headers: { 'Cache-Control': 'no-store' } };
    },
  });

  const byCode = endpoint({
    method: 'POST',
    path: '/code',
    summary: 'Signs in, by the code of an email',
    successes: [201],
    errors: ['CREDENTIALS_INVALID', 'CREDENTIALS_INSECURE', 'ORIGIN_FORBIDDEN'],
    headers: { 'Set-Cookie': 'The session; see the security scheme `session`.' },
    perAddress: TRIED,
    schemas: { body: CodeBody, reply: SessionReply },
    handle: (call) =>
      signedIn(dependencies, call, async ({ request, code }) => {
        const client = await mailed.accept(request, code.replace(/\s/g, ''));
        if (client !== undefined) return client;
        throw refusal('The code is not right, was used, or has expired; or it was tried too often.');
      }),
  });
  return [ask, byCode];
}
