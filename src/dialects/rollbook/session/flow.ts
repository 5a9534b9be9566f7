import type { Signer } from '../../../clients/signer';
import { cookieNamed, setCookie } from '../../../http/credentials/cookie';
import type { Flow } from './provider';

const NAME = 'rollbook_openid';
const PURPOSE = 'openid';
const PATH = '/sign-in/openid';
/** Seconds for which somebody may take to sign in elsewhere. */
const PATIENCE = 600;

/**
 * Set-Cookie that lets the browser carry the flow, signed, where the callback alone gets it. It comes back by a link of
 * another site, so that SameSite is Lax.
 */
export function flowCookie(signer: Signer, flow: Flow, secure: boolean): string {
  const payload = JSON.stringify({ ...flow, until: Date.now() + PATIENCE * 1_000 });
  const value = signer.sign(PURPOSE, Buffer.from(payload));
  return setCookie({ name: NAME, value, path: PATH, seconds: PATIENCE, sameSite: 'Lax', secure });
}

/** Set-Cookie that ends it: a flow is good for one answer. */
export const noFlowCookie = (secure: boolean): string =>
  setCookie({ name: NAME, value: '', path: PATH, seconds: 0, sameSite: 'Lax', secure });

/** The flow that the browser brings back; undefined where there is none that is signed and young enough. */
export function flowOf(signer: Signer, cookies: string | undefined): Flow | undefined {
  const payload = signer.verify(PURPOSE, cookieNamed(NAME, cookies) ?? '');
  if (!payload) return undefined;
  const { until, ...flow } = JSON.parse(payload.toString());
  return Date.now() < until ? flow : undefined;
}
