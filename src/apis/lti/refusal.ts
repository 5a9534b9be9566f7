import type { LtiReason } from '../../../schemas/lti/launch';

/** What is said beside the reason, to whoever has to mend it. */
export type Facts = Readonly<Record<string, string | undefined>>;

/** What a check has found, for the log alone. */
export interface Finding {
  /** What was looked at: a claim of the token, a field of its header, a parameter. */
  readonly check?: string;
  readonly expected?: string;
  readonly got?: string;
  /** The deployment of which the launch says that it is. */
  readonly deployment?: string;
}

/** A launch that signs nobody in. */
export class LaunchRefused extends Error {
  constructor(
    readonly reason: LtiReason,
    readonly facts: Facts = {},
    readonly found: Finding = {},
  ) {
    super(`An LTI launch was refused: ${reason}.`);
  }
}
