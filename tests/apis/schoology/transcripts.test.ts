import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { NewClient } from '../../../src/clients/clients';
import { type Api, openApi } from '../../api';
import { type Additions, addTo } from './school';

/**
 * What clients of Schoology send and go by, written down by hand from what they do: transcripts/*.http. A line of `###`
 * ends an exchange, `#` begins a remark, and `{name}` stands for something of the small school. Of an answer the headers
 * and properties that are written have to be there, and of XML each line.
 */
let api: Api;
let added: Additions;
let client: NewClient;
let names: Record<string, string | number>;
beforeEach(async () => {
  api = await openApi();
  added = await addTo(api);
  const { people, sections, enrollments, districts } = api.world;
  client = await api.clients.create({
    district: districts.larkspur,
    name: 'client',
    person: people.noether,
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
  });
  names = {
    url: api.url,
    noether: people.noether,
    ada: people.ada,
    algebra: sections.algebra,
    biology: sections.biology,
    past: added.sections.past,
    course: added.courses.algebra,
    school: added.schools.middle,
    fall: added.terms.fall,
    adaInAlgebra: enrollments.ada,
    graceInAlgebra: enrollments.grace,
  };
});
afterEach(() => api.close());

const filled = (text: string): string => {
  nonce++;
  const all: typeof names = { ...names, key: client.key, secret: client.secret, token: client.token, nonce, now };
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(all, name) ? String(all[name]) : whole));
};
let nonce = 0;
const now = Math.floor(Date.now() / 1_000);

interface Message {
  readonly first: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A first line, headers, and after an empty line a body. */
function messageOf(text: string): Message {
  const [head = '', ...body] = text.trim().split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { first, headers: Object.fromEntries(headers), body: body.join('\n\n').trim() };
}

/** The request, and after the line that begins with `HTTP` its answer. */
const exchangesOf = (text: string) =>
  text
    .replace(/^#(?!##).*\n/gm, '')
    .split(/^###.*$/m)
    .map((exchange) => exchange.split(/^(?=HTTP )/m) as [string, string]);

async function sent({ first, headers, body }: Message) {
  const [method, target] = first.split(' ') as [string, string];
  const { hostname, port } = new URL(api.url);
  const bytes = headers['content-encoding'] === 'gzip' ? gzipSync(body) : Buffer.from(body);
  const length = body ? { 'content-length': String(bytes.length) } : {};
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const call = request(
      { hostname, port, method, path: target, headers: { ...headers, ...length } },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const all = Buffer.concat(chunks);
        const coding = response.headers['content-encoding'];
        const text = coding === 'gzip' ? gunzipSync(all) : coding === 'br' ? brotliDecompressSync(all) : all;
        resolve({ status: response.statusCode!, headers: response.headers, text: text.toString() });
      },
    );
    call.on('error', reject);
    call.end(bytes);
  });
}

const folder = join(__dirname, 'transcripts');
const files = readdirSync(folder);

test('there are transcripts', () => expect(files.length).toBeGreaterThan(5));

test.each(files)('%s', async (file) => {
  for (const [ask, expected] of exchangesOf(readFileSync(join(folder, file), 'utf8'))) {
    const question = messageOf(filled(ask));
    const answer = await sent(question);
    const { first, headers, body } = messageOf(filled(expected));
    expect([question.first, `HTTP ${answer.status}`, answer.text]).toEqual([question.first, first, expect.any(String)]);
    expect(answer.headers).toMatchObject(headers);
    if (body.startsWith('<')) for (const line of body.split('\n')) expect(answer.text).toContain(line.trim());
    else if (body) expect(JSON.parse(answer.text)).toMatchObject(JSON.parse(body));
  }
});
