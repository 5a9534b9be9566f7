import { openSchool, type School } from '../../apis/powerschool/school';
import { runs } from '../../runs';
import { good, textOf } from './raw';
import { runConnections, said, statusesIn } from './sockets';

/** Below HTTP: what no client sends. Node refuses it before any of ours is asked. */
let school: School;
beforeAll(async () => {
  school = await openSchool();
});
afterAll(() => school.close());

const RUNS = runs(150);

test('whatever comes on a connection: it ends, without a fault, with nothing written, and the next is served', async () => {
  await runConnections(school, RUNS);
}, 60_000);

test.each<[title: string, change: (text: string) => string]>([
  ['two lengths', (text) => text.replace('Content-Length', 'Content-Length: 1\r\nContent-Length')],
  ['a length and chunks', (text) => text.replace('Content-Length', 'Transfer-Encoding: chunked\r\nContent-Length')],
  ['a blank before the colon', (text) => text.replace('Content-Length:', 'Content-Length :')],
  ['a line feed in a field', (text) => text.replace('Host: localhost', 'Host: local\nhost')],
  ['a NUL in a field', (text) => text.replace('Host: localhost', 'Host: \u0000')],
  ['no version', (text) => text.replace(' HTTP/1.1', '')],
  ['no Host', (text) => text.replace('Host: localhost\r\n', '')],
])('a request with %s is 400, and so is nothing after it', async (_title, change) => {
  const answers = await said(
    school.url,
    Buffer.from(change(textOf(good(school.token))) + textOf(good(school.token)), 'latin1'),
  );
  expect(statusesIn(answers)).toEqual([400]);
});

test('requests in a row on one connection are answered in their order', async () => {
  const request = good(school.token);
  const put = textOf(request);
  const elsewhere = { ...request, line: 'PUT /v1/sections/999/attendance HTTP/1.1' };
  const unknown = textOf(elsewhere);
  const last = textOf({ ...elsewhere, fields: ['Connection: close', ...elsewhere.fields] });
  expect(statusesIn(await said(school.url, Buffer.from(put + unknown + put + last)))).toEqual([200, 404, 200, 404]);
});
