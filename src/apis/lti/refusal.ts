import type { LtiReason } from '../../../schemas/lti/launch';

/** What is said beside the reason, to whoever has to mend it. */
export type Facts = Readonly<Record<string, string | undefined>>;

/** A launch that signs nobody in. */
export class LaunchRefused extends Error {
  constructor(
    readonly reason: LtiReason,
    readonly facts: Facts = {},
    cause?: unknown,
  ) {
    super(`An LTI launch was refused: ${reason}.`, { cause });
  }
}
