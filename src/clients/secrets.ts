import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what must be read again: the secrets of clients, with which signatures are recomputed. */
export interface Secrets {
  seal(secret: string): string;
  /** Throws SecretError where the key is not the one that sealed it. */
  open(sealed: string): string;
}

/** The key does not fit the database; the message says so to the operator. */
export class SecretError extends Error {}

/** Names the way a secret is sealed, so that another can follow. */
const VERSION = 'v1';
/** Opened secrets that are remembered: opening one costs as much as the rest of checking a request. */
const REMEMBERED = 10_000;

/** AES-256-GCM under a key derived from the text of the operator's (RFC 5869). */
export function secretsWith(secretKey: string): Secrets {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'rollbook client secrets', 32));
  const opened = new Map<string, string>();
  return {
    seal(secret) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return [VERSION, ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join(':');
    },

    open(sealed) {
      const known = opened.get(sealed);
      if (known !== undefined) return known;
      const secret = unseal(sealed, key);
      if (opened.size >= REMEMBERED) opened.clear();
      opened.set(sealed, secret);
      return secret;
    },
  };
}

function unseal(sealed: string, key: Buffer): string {
  const [version, ...parts] = sealed.split(':');
  const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (version !== VERSION || !iv || !tag || !text)
    throw new SecretError('A secret in the database is not sealed as it should be.');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new SecretError('ROLLBOOK_SECRET_KEY is not the key with which this database was written.', { cause });
  }
}
