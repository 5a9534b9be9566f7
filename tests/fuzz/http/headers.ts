import fc from 'fast-check';
import { hostileTexts, percentEncoded, seldom } from './values';

/** Who calls: headers by which each API could know them. */
export interface Tokens {
  readonly all: string;
  readonly others: readonly string[];
  readonly key: string;
  readonly secret: string;
}

type Headers = Record<string, string | string[]>;

/** Bytes that node's client sends in a header. */
const fieldTexts = hostileTexts.filter((text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text));
const field = fc.oneof(
  fc.constantFrom(...fieldTexts),
  fc.string({ maxLength: 12 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
);

const accepts = [
  ...['*/*', 'application/json', 'text/xml', 'application/xml', 'application/hal+json', 'text/html', 'image/png'],
  ...['application/json;q=0', '*/*;q=0', 'text/xml;q=0.5, application/json;q=0.4', 'application/*', 'text/*;q=0.1'],
  ...['application/json;charset=utf-16', 'application/json;q=x', ';;', 'x', ',', 'application/problem+json', 'a/b/c'],
];
const tags = ['*', '""', '"1.json"', 'W/"1.json"', '"1.xml", "2.json"', '"999999999999999.json"', 'x', '"'];

const others: Readonly<Record<string, readonly string[]>> = {
  host: ['example.org', '127.0.0.1:1', '[::1', 'a b', '\u00e9', ''],
  expect: ['100-continue', 'x'],
  range: ['bytes=0-0', 'bytes=5-1', 'bytes=x'],
  'x-forwarded-for': ['1.2.3.4', '::1', 'x, y'],
  'x-forwarded-proto': ['https', 'javascript'],
  'x-forwarded-host': ['evil.example', '"><script>'],
  forwarded: ['for=1.2.3.4;proto=https;host=evil.example'],
  'x-http-method-override': ['DELETE', 'PUT'],
  'x-method-override': ['DELETE'],
  'x-schoology-run-as': ['1', '2', '5', '99', 'x'],
  origin: ['https://evil.example', 'null'],
  'access-control-request-method': ['PUT'],
  connection: ['close', 'upgrade', 'x-y, keep-alive'],
  upgrade: ['websocket', 'h2c'],
  cookie: ['session=1; __proto__=2'],
  te: ['trailers, deflate;q=0.5'],
  'accept-encoding': ['gzip', 'br', 'gzip, deflate, br', '*', '*;q=0', 'identity;q=0', 'gzip;q=x', 'zstd'],
  'accept-charset': ['utf-16'],
  'if-modified-since': ['Thu, 01 Jan 1970 00:00:00 GMT', 'x'],
  'content-language': ['x'],
  'x-long': ['a'.repeat(9_000), 'b'.repeat(20_000)],
};
const other = fc
  .constantFrom(...Object.entries(others), ['__proto__', ['x']] as const, ['constructor', ['x']] as const)
  .chain(([name, values]) => fc.tuple(fc.constant(name), fc.oneof(fc.constantFrom(...values), field)));

/** Headers but for those of the body. */
export function headersFor(tokens: Tokens): fc.Arbitrary<Headers> {
  return fc
    .record({
      who: authorizations(tokens),
      accept: seldom(fc.oneof(fc.constantFrom(...accepts), field), 8),
      match: seldom(fc.oneof(fc.constantFrom(...tags), field)),
      noneMatch: seldom(fc.oneof(fc.constantFrom(...tags), field)),
      more: seldom(fc.array(other, { maxLength: 3 }), 10),
    })
    .map(({ who, accept, match, noneMatch, more }) => ({
      host: 'localhost',
      ...who,
      ...(accept !== undefined && { accept }),
      ...(match !== undefined && { 'if-match': match }),
      ...(noneMatch !== undefined && { 'if-none-match': noneMatch }),
      ...Object.fromEntries(more ?? []),
    }));
}

const withToken = (token: string): Headers => ({ authorization: `Bearer ${token}`, 'osdi-api-token': token });

function authorizations({ all, others, key, secret }: Tokens): fc.Arbitrary<Headers> {
  const oauth = (signed: string, nonce: string) =>
    `OAuth realm="", oauth_consumer_key="${key}", oauth_signature_method="PLAINTEXT", oauth_timestamp="${Math.floor(Date.now() / 1000)}", oauth_nonce="${nonce}", oauth_version="1.0", oauth_signature="${signed}%26"`;
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const schemes = ['Bearer', 'Bearer:', 'Basic', 'OAuth', 'Digest', 'Negotiate', ''];
  const odd = fc.oneof(
    fc.constantFrom(basic(`${key}:${secret}`), basic(`${key}:`), basic('a'), basic('\u0000:\u0000'), oauth('x', 'n')),
    fc.string({ minLength: 1, maxLength: 8 }).map((nonce) => oauth(secret, percentEncoded(nonce))),
    fc.tuple(fc.constantFrom(...schemes), field).map((parts) => parts.join(' ')),
    fc
      .array(fc.tuple(fc.constantFrom('consumer_key', 'signature_method', 'timestamp', 'nonce', 'x'), field))
      .map((pairs) => `OAuth ${pairs.map(([name, value]) => `oauth_${name}="${value}"`).join(',')}`),
  );
  return fc.oneof(
    { weight: 40, arbitrary: fc.constant(withToken(all)) },
    { weight: 2, arbitrary: fc.constantFrom(...others).map(withToken) },
    { weight: 1, arbitrary: fc.constant<Headers>({}) },
    { weight: 2, arbitrary: odd.map((authorization): Headers => ({ authorization, 'osdi-api-token': authorization })) },
    { weight: 1, arbitrary: field.map((token): Headers => ({ authorization: token, 'osdi-api-token': token })) },
  );
}
