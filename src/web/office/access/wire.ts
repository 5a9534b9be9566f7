import type { Invitations, InvitationsBody } from '../../../../schemas/rollbook/access';
import type { TypeOf } from '../../../../schemas/types';
import { call } from '../../shared/api';

/** Makes a link for each, which is shown now alone. */
export const invite = async (asked: TypeOf<typeof InvitationsBody>): Promise<Invitations['invitations']> =>
  (await call<Invitations>('POST', '/access/invitations', { body: asked })).body.invitations;

/** Ends the sessions of a person, wherever they are signed in. */
export const endSessions = (person: number) => call('DELETE', `/access/people/${person}/sessions`);

/** Takes the access of a person away. */
export const revoke = (person: number) => call('DELETE', `/access/people/${person}`);
