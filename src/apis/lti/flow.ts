import { randomBytes } from 'node:crypto';
import type { Signer } from '../../clients/signer';
import { hashOf } from '../../clients/tokens';
import { cookieNamed, setCookie } from '../../http/credentials/token';
import type { Launch } from './claims';

/* What has to survive the way to the platform and back, and by which browser it came. Nothing is stored before a platform has signed. */

/** Seconds for which a launch may take. */
export const PATIENCE = 600;
/** Characters of both hints that are kept, for a launch to be begun again: they travel in an address. */
const HINTS = 1_500;

/** The `state` of a launch, signed: whoever brings it back brings what rollbook has sent. */
export interface State {
  readonly platform: number;
  readonly nonce: string;
  /** The hash of what the browser keeps, in a cookie or with the platform. */
  readonly browser: string;
  /** The frame of the platform that keeps it, where there is one. */
  readonly storage?: string | undefined;
  /** `login_hint` and `lti_message_hint`, with which it could be begun again. */
  readonly hints?: readonly [string, string | undefined] | undefined;
}

/** A launch of a platform that keeps something for the page: it is begun once that is kept. */
export interface Begun {
  readonly state: string;
  readonly secret: string;
  /** As long as they are. */
  readonly hints: readonly [string, string | undefined];
}

/** A launch whose token is good, and of which it is yet to be proved that it is this browser's. */
export interface Unproved {
  readonly state: State;
  readonly deployment: number;
  readonly launch: Launch;
}

/** Signs and reads what browsers carry, each kind for so long. */
export const carried = <Value>(signer: Signer, purpose: string, seconds: number) => ({
  sign: (value: Value): string =>
    signer.sign(`lti ${purpose}`, Buffer.from(JSON.stringify({ value, until: Date.now() + seconds * 1_000 }))),

  /** Undefined where it is not signed. */
  open(text: string | undefined): { readonly value: Value; readonly isOver: boolean } | undefined {
    const payload = text === undefined ? undefined : signer.verify(`lti ${purpose}`, text);
    if (!payload) return undefined;
    const { value, until } = JSON.parse(payload.toString());
    return { value, isOver: Date.now() >= until };
  },

  /** Undefined where it is not signed, or too old. */
  read(text: string | undefined): Value | undefined {
    const opened = this.open(text);
    return opened?.isOver ? undefined : opened?.value;
  },
});

/** What a browser is to keep. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** A launch that begins: its state, and what the browser is to keep of it. */
export function begin(
  platform: number,
  secret: string | undefined,
  hints: readonly [string, string | undefined],
  storage: string | undefined,
): { state: State; secret: string } {
  const own = secret ?? newSecret();
  const isShort = hints.join('').length <= HINTS;
  const nonce = randomBytes(24).toString('base64url');
  return {
    secret: own,
    state: { platform, nonce, browser: hashOf(own), ...(storage && { storage }), ...(isShort && { hints }) },
  };
}

const COOKIE = 'rollbook_launch';

/** What the browser has kept; each launch of it has the same, so that several may go on at once. */
export const browserSecret = (cookies: string | undefined): string | undefined => cookieNamed(COOKIE, cookies);

/** Set-Cookie that has the browser keep it: also in a frame, and where cookies of others are blocked (CHIPS). */
export const browserCookie = (secret: string, prefix: string): string =>
  setCookie({ name: COOKIE, value: secret, path: `${prefix}/lti`, seconds: PATIENCE, sameSite: 'None', secure: true });

/** Whether it is the browser in which the launch began. */
export const isOfBrowser = ({ browser }: State, secret: string | undefined): boolean =>
  secret !== undefined && hashOf(secret) === browser;

/** The name by which the platform keeps it. */
export const storageKey = ({ nonce }: Pick<State, 'nonce'>): string => `rollbook_${nonce.slice(0, 12)}`;
