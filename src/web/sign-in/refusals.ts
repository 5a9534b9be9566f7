import { t } from '../messages/messages';

/** Reasons of the service for which there is a sentence that says what to do. */
const reasons = [
  ...(['insecure', 'expired', 'denied', 'failed', 'unavailable', 'unverified'] as const),
  ...(['unknown', 'ambiguous', 'role', 'revoked', 'setup'] as const),
] as const;

/** Why somebody who came back from the school's own sign-in is not let in. */
export function refusalOf(reason: string): string {
  const known = reasons.find((each) => each === reason);
  return t(known ? `sign-in.refused.${known}` : 'sign-in.refused');
}
