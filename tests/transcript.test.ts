import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { replay } from './transcript';

/** Transcripts against a service that says back what it is sent, decompressed and compressed again as `?answer=` says. */
let server: Server;
let url: string;
const seen: { target: string; headers: string[] }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const target = request.url!;
    seen.push({ target, headers: request.rawHeaders });
    const sent = await buffer(request);
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const answer = target.split('answer=')[1];
    if (answer) response.setHeader('Content-Encoding', answer);
    response.setHeader('ETag', '"1"');
    response.end(answer === 'gzip' ? gzipSync(text) : answer === 'br' ? brotliCompressSync(text) : text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => seen.splice(0));
afterAll(() => server.close());

const play = (...lines: string[]) => replay(lines.join('\n'), { url, token: 'secret', seven: 7 });
/** An exchange whose answer is this body, with what is written of it. */
const exchange = (body: string, ...written: string[]) => ['> POST /', '>', `> ${body}`, ...written];
const json = (body: string, written: string) => exchange(body, '< 200', '<', `< ${written}`);

test.each([
  ['fields that are not written', '{"a": 1, "b": {"c": 2, "d": [3]}}', '{"b": {"d": [3]}}'],
  ['any text', '{"a": ["x", "y"]}', '{"a": ["...", "y"]}'],
  ['what is empty', '{"a": {}, "b": [], "c": null, "d": ""}', '{"a": {}, "b": [], "c": null, "d": ""}'],
  ['a value of the test, as a number and in a text', '{"a": 7, "b": "no. 7"}', '{"a": {seven}, "b": "no. {seven}"}'],
  ['XML, by its lines', '<a><b>1</b><c>2</c></a>', '<c>2</c>\n<   <b>1</b>'],
])('%s is as it is written', async (_, body, written) => {
  await play(...json(body, written));
});

test.each([
  ['a field of another value', '{"a": 1}', '{"a": 2}'],
  ['a field that is not there', '{"b": 1}', '{"a": 1}'],
  ['a field that is not there, and not null', '{}', '{"a": null}'],
  ['a field deep down', '{"a": [{"b": {"c": 1, "d": 2}}]}', '{"a": [{"b": {"d": 1}}]}'],
  ['a number for a text', '{"a": 7}', '{"a": "{seven}"}'],
  ['a text for a number', '{"a": "7"}', '{"a": {seven}}'],
  ['a number for any text', '{"a": 1}', '{"a": "..."}'],
  ['an empty text for any', '{"a": ""}', '{"a": "..."}'],
  ['nothing for any text', '{}', '{"a": "..."}'],
  ['an item too many', '{"a": [1, 2]}', '{"a": [1]}'],
  ['an item too few', '{"a": [1]}', '{"a": [1, 2]}'],
  ['items in another order', '{"a": [2, 1]}', '{"a": [1, 2]}'],
  ['an object that is not empty', '{"a": {"b": 1}}', '{"a": {}}'],
  ['an answer that is not empty', '{"a": 1}', '{}'],
  ['a list that is not empty', '{"a": [1]}', '{"a": []}'],
  ['a list for an object', '{"a": []}', '{"a": {}}'],
  ['a text for a list', '{"a": "x"}', '{"a": ["{x=...}"]}'],
  ['an object for a list', '{"a": {"0": 1}}', '{"a": [1]}'],
  ['XML for JSON', '<a>1</a>', '{"a": "1"}'],
  ['JSON for XML', '{"a": "1"}', '<a>1</a>'],
  ['a line of XML that is not there', '<a><b>1</b></a>', '<b>1</b>\n< <b>2</b>'],
])('%s is not as it is written', async (_, body, written) => {
  await expect(play(...json(body, written))).rejects.toThrow('POST /');
});

test.each([
  ['another status', ['< 201']],
  ['another value of a header', ['< 200', '< ETag: "2"']],
  ['a header that is not there', ['< 200', '< Location: ...']],
  ['a header that should not be there', ['< 200', '< ETag:']],
  ['a header that is to be known, and is not there', ['< 200', '< Location: {at=...}']],
])('%s is not as it is written', async (_, written) => {
  await play(...exchange('{}', '< 200', '< ETag: "1"', '< Location:'));
  await play(...exchange('{}', '< 200', '< ETag: ...'));
  await expect(play(...exchange('{}', ...written))).rejects.toThrow('POST /');
});

test('what an answer says is known by a name from there on', async () => {
  const first = exchange(
    '{"links": [{"href": "/x"}]}',
    '< 200',
    '< etag: {tag=...}',
    '<',
    '< {"links": [{"href": "{at=...}"}]}',
  );
  await play(...first, '', '> GET {at}', '> If-None-Match: {tag}', '< 200');
  expect(seen[1]).toMatchObject({ target: '/x', headers: expect.arrayContaining(['If-None-Match', '"1"']) });
  await play(...first, '', ...json('{"a": "/x"}', '{"a": "{at}"}'));
  await expect(play(...first, '', ...json('{"a": "/y"}', '{"a": "{at}"}'))).rejects.toThrow('POST /');
  await play(...json('{"a": 1}', '{"a": "{one=...}"}'), '', ...json('{"a": 1}', '{"a": {one}}'));
  await expect(play(...json('{"a": [1]}', '{"a": "{at=...}"}'))).rejects.toThrow('POST /');
  await expect(play(...json('{"a": ""}', '{"a": "{at=...}"}'))).rejects.toThrow('POST /');
});

test.each(['gzip', 'br'])('a body in gzip is answered in %s', async (coding) => {
  const request = [`> POST /?answer=${coding}`, '> Content-Encoding: gzip', '>', '> {"a": "ü"}'];
  await play(...request, '< 200', `< Content-Encoding: ${coding}`, '<', '< {"a": "ü"}');
  await expect(play(...request, '< 200', '<', '< {"a": "u"}')).rejects.toThrow(`answer=${coding}`);
});

test('a request is sent as it is written', async () => {
  await play(
    '> GET //a//{seven}?b=(c)',
    '> host: example.org',
    '> X-Signed: {nonce} {now}',
    '< 200',
    '',
    '> GET {url}/b',
    '> X-Signed: {nonce} {now}',
    '< 200',
  );
  const [first, second] = seen;
  const signed = (headers: string[]) => headers[headers.indexOf('X-Signed') + 1]!.split(' ');
  expect(first!.target).toBe('//a//7?b=(c)');
  expect(first!.headers).toEqual(['host', 'example.org', 'X-Signed', expect.any(String), 'Connection', 'close']);
  expect(second).toMatchObject({
    target: '/b',
    headers: expect.arrayContaining(['Host', url.slice('http://'.length)]),
  });
  const [[nonce, now], [another, later]] = [signed(first!.headers), signed(second!.headers)];
  expect(nonce).not.toBe(another);
  expect([Number(now), now]).toEqual([expect.closeTo(Date.now() / 1_000, -2), later]);
});

test.each([
  ['nothing', [''], 'no exchange'],
  ['a remark alone', ['# Here would be something.'], 'no exchange'],
  ['a request without an answer', ['> GET /'], 'no exchange'],
  ['an answer without a request', ['< 200'], 'no exchange'],
  ['two exchanges without an empty line between', ['> GET /', '< 200', '> GET /', '< 200'], 'no exchange'],
  ['a line that is neither', ['> GET /', '< 200', '{"a": 1}'], 'no exchange'],
  ['a header without a value', ['> GET /', '< 200', '< {}'], 'no header'],
  ['a name that nobody knows', ['> GET /{nobody}', '< 200'], 'no {nobody}'],
  [
    'a name that is known only later',
    ['> GET /', '< 200', '< Vary: {at}', '', '> GET /', '< 200', '< ETag: {at=...}'],
    'no {at}',
  ],
  ['a body that is no JSON', [...exchange('{}', '< 200', '<', '< {"a": }')], 'JSON'],
])('%s is no transcript', async (_, lines, message) => {
  await expect(play(...lines)).rejects.toThrow(message);
});
