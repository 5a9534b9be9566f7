import type { Invitations, InvitationsBody } from '../../../../schemas/rollbook/access';
import type { ApiClientSecret } from '../../../../schemas/rollbook/api-clients';
import type { TypeOf } from '../../../../schemas/types';
import { t } from '../../messages/messages';
import { call } from '../../shared/api';
import type { Outcome } from './access-page';

/** Makes a link for each, which is shown now alone. */
export const invite = async (asked: TypeOf<typeof InvitationsBody>): Promise<Invitations['invitations']> =>
  (await call<Invitations>('POST', '/access/invitations', { body: asked })).body.invitations;

/** Links that are on their way by email are nobody else's to see; the others are handed out. */
export function outcomeOf(made: Invitations['invitations']): Outcome {
  const [mailed, others] = [made.filter(({ mailed }) => mailed), made.filter(({ mailed }) => !mailed)];
  const [first, ...more] = mailed;
  const said =
    more.length > 0 ? t('access.mailed', { n: mailed.length }) : t('access.mailed-one', { email: first?.email ?? '' });
  return { ...(first && { said }), ...(others.length > 0 && { invitations: others }) };
}

/** Ends the sessions of a person, wherever they are signed in. */
export const endSessions = (person: number) => call('DELETE', `/access/people/${person}/sessions`);

/** Takes the access of a person away. */
export const revoke = (person: number) => call('DELETE', `/access/people/${person}`);

/** Makes a client for a program. Its secret and token are shown now alone. */
export const makeClient = async (
  asked: Readonly<{ name: string; scopes: readonly string[]; marks_only: boolean }>,
): Promise<ApiClientSecret> => (await call<ApiClientSecret>('POST', '/access/clients', { body: asked })).body;

/** Gives a client another secret and token. */
export const rotateClient = async (client: number): Promise<ApiClientSecret> =>
  (await call<ApiClientSecret>('POST', `/access/clients/${client}/rotate`, { body: {} })).body;

/** Has a client refused from now on. */
export const revokeClient = (client: number) => call('DELETE', `/access/clients/${client}`);
