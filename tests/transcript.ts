import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { Api } from './api';

/*
 * Transcripts: what clients send and what they have to be answered, written down by hand in `transcripts/*.http` of an API.
 *
 *     # A remark: what the next exchange is for, and those after it until the next remark.
 *     > PUT /v1/sections/{algebra}/attendance
 *     > Authorization: Bearer {token}
 *     > Content-Type: application/json
 *     >
 *     > {"attendances": {"attendance": [{"enrollment_id": {ada}, "date": "2025-10-06", "status": 2}]}}
 *     < 200
 *     < ETag: {etag=...}
 *     <
 *     < {"attendance": [{"id": "...", "response_code": 200}]}
 *
 * An empty line ends an exchange.
 *
 * A request is sent with the headers that are written and no others, but for Host where none is written, Connection, and the
 * length. Its body is compressed on its way where it says `Content-Encoding: gzip`; an answer in gzip or br is read as it was before.
 *
 * Of an answer the status counts, and what is written of the rest:
 * - A header has the value that is written; `...` is any; where nothing is written it is not there.
 * - A body that begins with `<` is XML. Each line of it is somewhere in the answer.
 * - Any other body is JSON. An object may have more fields than are written, a list may not have more items; `{}` and `[]` are
 *   empty; `"..."` is any text but the empty one. A number is no text.
 *
 * `{name}` stands for a value of the test, in requests and answers. Each test has `{url}` and `{token}`, `{now}` in seconds since
 * 1970, and `{nonce}`, another one for each request. `{name=...}` in an answer is any text or number, which is `{name}` from there on.
 */

/** What a transcript is played to: a service, and the values that the transcripts of its folder name. */
export interface Stage {
  readonly api: Pick<Api, 'url' | 'token' | 'close'>;
  readonly values: Readonly<Record<string, string | number>>;
}

/** A test for each transcript of a folder, with a school of its own. */
export function replayAll(folder: string, open: () => Promise<Stage>): void {
  let stage: Stage;
  beforeEach(async () => {
    stage = await open();
  });
  afterEach(() => stage.api.close());

  test.each(readdirSync(folder))('%s goes as it is written', async (file) => {
    const { api, values } = stage;
    await replay(readFileSync(join(folder, file), 'utf8'), { url: api.url, token: api.token, ...values });
  });
}

/** Sends a transcript to the service at `url`, request by request, and holds each answer against what is written. */
export async function replay(
  transcript: string,
  values: { readonly url: string; readonly [name: string]: string | number },
): Promise<void> {
  const known: Known = new Map(Object.entries({ ...values, now: Math.floor(Date.now() / 1_000) }));
  for (const { about, asked, answered } of exchangesOf(transcript)) {
    known.set('nonce', randomUUID());
    const [sent, written] = [filled(asked, known), filled(answered, known)];
    const answer = await send(values.url, sent);
    const status = Number(written.first);
    const [body, told] = bodies(written.body, answer.text, known);
    try {
      expect({
        status: answer.status,
        headers: written.headers.map(([name, value]) => [
          name,
          asWritten(value, answer.headers[name.toLowerCase()] ?? '', known),
        ]),
        body: answer.status === status ? told : answer.text,
      }).toEqual({ status, headers: written.headers, body });
    } catch (error) {
      throw new Error(`${about}\n${sent.first}\n${(error as Error).message}`);
    }
  }
}

type Known = Map<string, string | number>;

interface Message {
  readonly first: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

interface Exchange {
  readonly about: string;
  readonly asked: Message;
  readonly answered: Message;
}

function exchangesOf(transcript: string): Exchange[] {
  let about = '';
  const exchanges = transcript
    .trim()
    .split(/\n{2,}/)
    .flatMap((part) => {
      const lines = part.split('\n');
      if (!/^(#+|#*>+<+)$/.test(lines.map(([mark]) => mark).join(''))) throw new Error(`this is no exchange: ${part}`);
      const of = (mark: string) =>
        lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).replace(/^ /, ''));
      about = of('#').join(' ') || about;
      return of('>').length > 0 ? [{ about, asked: messageOf(of('>')), answered: messageOf(of('<')) }] : [];
    });
  if (exchanges.length === 0) throw new Error('there is no exchange');
  return exchanges;
}

function messageOf([first = '', ...rest]: readonly string[]): Message {
  const end = rest.indexOf('');
  const headers = (end < 0 ? rest : rest.slice(0, end)).map((line) => {
    const colon = line.indexOf(':');
    if (colon < 0) throw new Error(`this is no header: ${line}`);
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { first, headers, body: end < 0 ? '' : rest.slice(end + 1).join('\n') };
}

function filled({ first, headers, body }: Message, known: Known): Message {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => {
      if (!known.has(name)) throw new Error(`there is no {${name}} yet`);
      return String(known.get(name));
    });
  return { first: fill(first), headers: headers.map(([name, value]) => [name, fill(value)]), body: fill(body) };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a request as it is written: no client in between adds a header or tidies the path. */
async function send(url: string, { first, headers, body }: Message): Promise<Answer> {
  const [method, target = ''] = first.split(' ');
  const path = target.startsWith(url) ? target.slice(url.length) : target;
  const written = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const bytes = written.get('content-encoding') === 'gzip' ? gzipSync(body) : Buffer.from(body);
  const host = written.has('host') ? [] : ['Host', new URL(url).host];
  const length = body ? ['Content-Length', String(bytes.length)] : [];
  const call = request(url, { method, path, headers: [...host, ...headers.flat(), ...length], agent: false });
  call.end(bytes);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  const all = await buffer(response);
  const coding = response.headers['content-encoding'];
  const text = coding === 'gzip' ? gunzipSync(all) : coding === 'br' ? brotliDecompressSync(all) : all;
  return { status: response.statusCode!, headers: response.headers, text: text.toString() };
}

/** A body as it is written, and what the answer says of that. */
function bodies(written: string, text: string, known: Known): [written: unknown, told: unknown] {
  if (!written) return [undefined, undefined];
  if (written.startsWith('<')) {
    const lines = written.split('\n');
    return [lines, lines.every((line) => text.includes(line.trim())) ? lines : text];
  }
  const body: unknown = JSON.parse(written);
  return [body, asWritten(body, parsed(text), known)];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What was answered, without the fields that are not written, and with `...` for any text where that is written. */
function asWritten(written: unknown, answered: unknown, known: Known): unknown {
  if (written === '...') return typeof answered === 'string' && answered ? written : answered;
  const name = typeof written === 'string' && /^\{(\w+)=\.\.\.\}$/.exec(written)?.[1];
  if (name && (typeof answered === 'number' || typeof answered === 'string') && answered !== '') {
    known.set(name, answered);
    return written;
  }
  if (Array.isArray(written) && Array.isArray(answered))
    return answered.map((item, index) => asWritten(written[index], item, known));
  if (!isObject(written) || !isObject(answered) || Object.keys(written).length === 0) return answered;
  const there = Object.keys(written).filter((name) => Object.hasOwn(answered, name));
  return Object.fromEntries(there.map((name) => [name, asWritten(written[name], answered[name], known)]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
