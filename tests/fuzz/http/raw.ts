import fc from 'fast-check';
import { DAY } from '../../apis/powerschool/school';
import { hostileTexts } from './values';

const body = JSON.stringify({ attendances: { attendance: { enrollment_id: 2, date: DAY, status: 2 } } });

/** A good request, in the parts that can go wrong. */
export interface Written {
  readonly line: string;
  readonly fields: readonly string[];
  readonly body: string;
}

export const textOf = ({ line, fields, body }: Written): string => `${line}\r\n${fields.join('\r\n')}\r\n\r\n${body}`;

export function good(token: string): Written {
  return {
    line: 'PUT /v1/sections/1/attendance HTTP/1.1',
    fields: [
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ],
    body,
  };
}

const lines = [
  ...['', ' ', 'GET', 'GET /', 'GET  /v1 HTTP/1.1', 'GET /v1 HTTP/9.9', 'GET /v1 HTTP/0.9', 'get /v1 HTTP/1.1'],
  ...['FOO /v1/users HTTP/1.1', 'GET http://evil.example/v1/users HTTP/1.1', 'CONNECT evil.example:443 HTTP/1.1'],
  ...['OPTIONS * HTTP/1.1', 'PRI * HTTP/2.0', 'GET /v1/\u0000 HTTP/1.1', 'GET /v1/a b HTTP/1.1', 'GET v1 HTTP/1.1'],
  ...['GET /v1/users HTTP/1.0', 'PUT /v1/sections/1/attendance\tHTTP/1.1', `GET /${'a'.repeat(20_000)} HTTP/1.1`],
];
const fields = [
  ...['Content-Length: 5', 'Content-Length: -1', 'Content-Length: +5', 'Content-Length: 0x10', 'Content-Length: 9e9'],
  ...['Content-Length: 99999999999999999999', 'Content-Length: 5, 5', 'Transfer-Encoding: chunked'],
  ...['Transfer-Encoding: x', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding : chunked', 'No colon'],
  ...[': no name', 'X-Y: a\u0000b', 'X-Y: a\rb', 'X-Y: a\n b', ' folded', 'X Y: z', `X-Y: ${'a'.repeat(20_000)}`],
  ...['Connection: close', 'Expect: 100-continue', 'Upgrade: h2c', 'Host: other', 'X-Y: a\r\nX-Z: b'],
];
const chunked = [
  ...[
    '0\r\n\r\n',
    '5\r\nhello\r\n0\r\n\r\n',
    'zz\r\nhello\r\n0\r\n\r\n',
    '-1\r\n\r\n',
    '5\r\nhel',
    '3\r\nhello\r\n0\r\n\r\n',
  ],
  ...['fffffffffffffffff\r\n', '5;a="b\r\nhello\r\n0\r\n\r\n', '0\r\nTrailer: x\r\n\r\n', '5\nhello\n0\n\n'],
];

const edit = fc.record({
  at: fc.nat(600),
  cut: fc.nat(3),
  put: fc.oneof(fc.constantFrom(...hostileTexts), fc.string()),
});

/** What is almost HTTP/1.1 (RFC 9112), and what is not, as bytes of a connection; some with a good request after it. */
export function almostHttp(token: string): fc.Arbitrary<Buffer> {
  const request = good(token);
  const isChunked = { fields: [...request.fields.slice(0, 3), 'Transfer-Encoding: chunked'] };
  const broken = fc.oneof(
    fc.constantFrom(...lines).map((line) => textOf({ ...request, line })),
    fc
      .subarray(fields, { minLength: 1, maxLength: 3 })
      .map((more) => textOf({ ...request, fields: [...request.fields, ...more] })),
    fc.constantFrom(...chunked).map((body) => textOf({ ...request, ...isChunked, body })),
    fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => edits.reduce(edited, textOf(request))),
    fc.nat(400).map((at) => textOf(request).slice(0, at)),
    fc.string({ unit: 'binary' }),
  );
  return fc
    .tuple(broken, fc.boolean())
    .map(([text, isFollowed]) => Buffer.from(isFollowed ? text + textOf(request) : text, 'latin1'));
}

const edited = (text: string, { at, cut, put }: { at: number; cut: number; put: string }): string =>
  text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut);
