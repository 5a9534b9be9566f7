import { createHmac } from 'node:crypto';
import type { NewClient } from '../../src/clients/clients';

/** OAuth 1.0a by HMAC-SHA1, for a request without a query. */
export function signed({ key, secret }: NewClient, method: string, url: string): string {
  const oauth = [
    ['oauth_consumer_key', key],
    ['oauth_nonce', String(Math.random())],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', String(Math.floor(Date.now() / 1_000))],
    ['oauth_version', '1.0'],
  ];
  const base = [method, url, oauth.map((pair) => pair.join('=')).join('&')].map(encodeURIComponent).join('&');
  const signature = createHmac('sha1', `${secret}&`).update(base).digest('base64');
  return `OAuth realm="", ${[...oauth, ['oauth_signature', encodeURIComponent(signature)]].map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}
