import type { Client } from '../school/client';

export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as it goes on the wire. */
export function wire({ method = 'GET', path, headers, body }: Request): Buffer {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const fields = Object.entries({ Host: '127.0.0.1', ...headers, ...length });
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`,
  );
}

export const bearer = ({ token }: Client) => ({ Authorization: `Bearer ${token}` });

/** What the generator puts another in the place of, each time. */
export const NONCE = '000000000000';

/** RFC 5849, 3.4.4. Each request must have a nonce of its own. */
export const plaintext = ({ key, secret }: Client) => ({
  Authorization:
    `OAuth oauth_consumer_key="${key}", oauth_nonce="${NONCE}", oauth_signature="${secret}%26", ` +
    `oauth_signature_method="PLAINTEXT", oauth_timestamp="${Math.floor(Date.now() / 1_000)}", oauth_version="1.0"`,
});
