import { createHmac, randomBytes } from 'node:crypto';

/*
 * Standard Webhooks 1.0 (standard-webhooks/spec): how a receiver knows that a message is from here, that it is as it was
 * sent, and that it is not sent again by somebody else.
 */

const PREFIX = 'whsec_';
/** "between 24 bytes (192 bits) and 64 bytes (512 bits)" */
const BYTES = 32;

/** A secret as the receiver is given it: "base64 encoded, prefixed with `whsec_`". */
export const newSecret = (): string => PREFIX + randomBytes(BYTES).toString('base64');

/**
 * The headers of a message: its `webhook-id`, the same each time it is sent, the time of this attempt, and a signature by each
 * of the secrets: "a space delimited list of signatures".
 */
export function signedHeaders(id: string, at: Date, body: string, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => `v1,${signatureOf(secret, `${id}.${timestamp}.${body}`)}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

const signatureOf = (secret: string, content: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(content)
    .digest('base64');
