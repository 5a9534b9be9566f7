import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Signs what clients are handed and have to bring back unchanged. What is signed for one purpose is nothing for another. */
export interface Signer {
  /** The payload and its signature as one text of letters, digits, `-` and `_`. */
  sign(purpose: string, payload: Buffer): string;
  /** The payload; undefined where it is not one that was signed. Padding of base64 is tolerated. */
  verify(purpose: string, signed: string): Buffer | undefined;
}

const SIGNATURE = 32;

/** HMAC-SHA256 under a key of its own, derived from the text of the operator's (RFC 5869). */
export function signerWith(secretKey: string): Signer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'rollbook signatures', 32));
  const signatureOf = (purpose: string, payload: Buffer) =>
    createHmac('sha256', key).update(`${purpose}\n`).update(payload).digest();
  return {
    sign: (purpose, payload) => Buffer.concat([signatureOf(purpose, payload), payload]).toString('base64url'),

    verify(purpose, signed) {
      const bytes = Buffer.from(signed, 'base64url');
      // Decoding skips what is no base64: only the text that was handed out will do.
      if (bytes.length < SIGNATURE || bytes.toString('base64url') !== signed.replace(/={1,2}$/, '')) return undefined;
      const payload = bytes.subarray(SIGNATURE);
      return timingSafeEqual(bytes.subarray(0, SIGNATURE), signatureOf(purpose, payload)) ? payload : undefined;
    },
  };
}
