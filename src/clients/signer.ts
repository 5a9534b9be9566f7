import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { SecretKeys } from './secret-keys';

/** Signs what clients are handed and have to bring back unchanged. What is signed for one purpose is nothing for another. */
export interface Signer {
  /** The payload and its signature as one text of letters, digits, `-` and `_`. */
  sign(purpose: string, payload: Buffer): string;
  /** The payload; undefined where it is not one that was signed. Padding of base64 is tolerated. */
  verify(purpose: string, signed: string): Buffer | undefined;
}

const SIGNATURE = 32;
/** Keys whose derived ones are remembered. */
const REMEMBERED = 10;

/** HMAC-SHA256 under keys of its own, derived from the texts of the operator's (RFC 5869). The first signs. */
export function signerWith(keys: SecretKeys): Signer {
  // The list of keys changes while it is used; what is derived of a key does not.
  const derived = new LRUCache<string, Buffer>({
    max: REMEMBERED,
    memoMethod: (text) => Buffer.from(hkdfSync('sha256', text, '', 'rollbook signatures', 32)),
  });
  const signatureOf = (key: string, purpose: string, payload: Buffer) =>
    createHmac('sha256', derived.memo(key)).update(`${purpose}\n`).update(payload).digest();
  return {
    sign: (purpose, payload) => Buffer.concat([signatureOf(keys[0]!, purpose, payload), payload]).toString('base64url'),

    verify(purpose, signed) {
      const bytes = Buffer.from(signed, 'base64url');
      // Decoding skips what is no base64: only the text that was handed out will do.
      if (bytes.length < SIGNATURE || bytes.toString('base64url') !== signed.replace(/={1,2}$/, '')) return undefined;
      const payload = bytes.subarray(SIGNATURE);
      const signature = bytes.subarray(0, SIGNATURE);
      const isSigned = keys.some((key) => timingSafeEqual(signature, signatureOf(key, purpose, payload)));
      return isSigned ? payload : undefined;
    },
  };
}
