import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type { PasskeyCreationReply, PasskeyRequestReply } from '../../../schemas/rollbook/passkeys';
import type { TypeOf } from '../../../schemas/types';
import { t } from '../messages/messages';
import { call } from '../shared/api';

/* The browser's part of passkeys, fetched by who uses one. */

type Request = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type Creation = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** Has the browser ask for a passkey; what it answers signs somebody in. */
export async function answerOfPasskey(): Promise<object> {
  const { body } = await call<TypeOf<typeof PasskeyRequestReply>>('POST', '/sign-in/passkey/options');
  return startAuthentication({ optionsJSON: body.options as unknown as Request });
}

/** Has the browser make a passkey, and the service keep it. */
export async function makePasskey(name: string): Promise<void> {
  const { body } = await call<TypeOf<typeof PasskeyCreationReply>>('POST', '/session/passkeys/options');
  const response = await startRegistration({ optionsJSON: body.options as unknown as Creation });
  await call('POST', '/session/passkeys', { body: { response, name } });
}

/** Why there is none, in a sentence: browsers say it in words for developers. */
export function errorOf(reason: Error): Error {
  const { name } = reason;
  if (name === 'NotAllowedError') return new Error(t('passkeys.cancelled'));
  if (name === 'InvalidStateError') return new Error(t('passkeys.made-already'));
  return name === 'NotSupportedError' || name === 'SecurityError' ? new Error(t('passkeys.unsupported')) : reason;
}
