import type { Lab } from '../lab';
import type { Address } from '../processes/rollbook';
import type { Load, LoadResult } from './load';

/** As many clients as a school has classrooms. */
export const CONNECTIONS = 64;

/** Seconds after which Node has compiled what there is to compile, at some thousand requests a second. */
const WARM_UP = 1.5;

/** Puts a load on; throws where an answer has another status than it is to have. */
export async function expectAll(lab: Lab, status: number, load: Load): Promise<LoadResult> {
  const result = await lab.load(load);
  const others = Object.keys(result.statuses).filter((each) => each !== String(status));
  if (others.length > 0 || result.answers === 0)
    throw new Error(`All answers were to be ${status}, but were: ${JSON.stringify(result.statuses)}.`);
  return result;
}

/** A constant load on a server, warmed up: each call puts it on for one round. */
export async function steady(
  lab: Lab,
  address: Address,
  requests: readonly Uint8Array[],
  { status = 200, nonce }: { status?: number; nonce?: string } = {},
): Promise<() => Promise<LoadResult>> {
  const round = (seconds: number) =>
    expectAll(lab, status, { address, connections: CONNECTIONS, requests, seconds, nonce });
  await round(Math.max(lab.seconds, WARM_UP));
  return () => round(lab.seconds);
}

export const perSecond = ({ answers, seconds }: LoadResult): number => answers / seconds;
