import type { JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Reach, request } from '../../webhooks/request';
import { library } from './library';

/** Platforms whose keys are remembered. */
const REMEMBERED = 100;
/** For how long, and how soon they are fetched again for a key that is not among them, in milliseconds. */
const FRESH = 600_000;
const COOLDOWN = 10_000;
/** Bytes, and milliseconds. */
const LARGEST = 131_072;
const PATIENCE = 5_000;

/** The platform's keys cannot be had; the message says why. */
export class KeysError extends Error {}

interface Known {
  readonly keyOf: JWTVerifyGetKey;
  readonly fetched: number;
}

/** The keys that platforms publish, fetched when they are asked for, again where they are old or one is missing. */
export function openPlatformKeys(reach: Reach) {
  const known = new LRUCache<string, Promise<Known>>({ max: REMEMBERED });

  async function fetched(url: string): Promise<Known> {
    const headers = { Accept: 'application/json' };
    const asked = { method: 'GET', headers, most: LARGEST, timeout: PATIENCE } as const;
    const { status, error, body } = await request(url, asked, reach);
    if (status !== 200 || body === undefined)
      throw new KeysError(`The keys at ${url} could not be fetched. ${error || `It answered ${status}.`}`);
    try {
      return { keyOf: library().createLocalJWKSet(JSON.parse(body)), fetched: performance.now() };
    } catch (cause) {
      throw new KeysError(`What is at ${url} is no set of keys.`, { cause });
    }
  }

  /** Those that are remembered and not older, or are on their way; what could not be fetched is not remembered. */
  async function keysAt(url: string, oldest: number): Promise<Known> {
    const met = known.get(url);
    if (met && performance.now() - (await met).fetched < oldest) return met;
    const others = known.get(url);
    if (others && others !== met) return others; // they were fetched meanwhile
    const coming = fetched(url);
    known.set(url, coming);
    coming.catch(() => known.delete(url));
    return coming;
  }

  /** A function by which jose finds the key of a token. Throws KeysError. */
  return (url: string): JWTVerifyGetKey =>
    async (header, token) => {
      const { keyOf } = await keysAt(url, FRESH);
      try {
        return await keyOf(header, token);
      } catch (error) {
        // Another key than those that were known: the platform may have exchanged its own. Whoever makes kids up has us ask once in a while.
        if (!(error instanceof library().errors.JWKSNoMatchingKey)) throw error;
        return (await keysAt(url, COOLDOWN)).keyOf(header, token);
      }
    };
}
