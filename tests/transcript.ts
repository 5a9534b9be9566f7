import { readFileSync } from 'node:fs';
import { request } from 'node:http';

/*
 * What clients send and are answered, written down by hand: `# ` says what for, `> ` is a line of a request, `< ` one of
 * its answer, and an empty line ends both. `{name}` stands for a value of the test, or for one of the last answer:
 * `{location}`, `{etag}`, `{next}` (a link of HAL), `{cursor}` (of Wix). Of an answer the status counts, each header that is
 * written, and each field of a body that is; `"..."` stands for any text, and a list has as many items as are written.
 */

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

/** The exchanges of a transcript. */
export function exchangesIn(file: string): Exchange[] {
  let about = '';
  return readFileSync(file, 'utf8')
    .split(/\n{2,}/)
    .flatMap((part) => {
      const lines = (mark: string) =>
        part.split('\n').flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length).replace(/^ /, '')] : []));
      about = lines('#').join(' ') || about;
      return lines('>').length > 0 ? [{ about, asked: messageOf(lines('>')), answered: messageOf(lines('<')) }] : [];
    });
}

function messageOf(lines: readonly string[]): Message {
  const [first = '', ...rest] = lines;
  const end = rest.indexOf('');
  const head = end < 0 ? rest : rest.slice(0, end);
  const headers = head.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { first, headers, body: end < 0 ? '' : rest.slice(end + 1).join('\n') };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends the bytes of a request and no header more than it says, but for Host, Connection and the length. */
function send(url: string, { first, headers, body }: Message): Promise<Answer> {
  const [method, target] = first.split(' ');
  const { host } = new URL(url);
  const path = target!.startsWith(url) ? target!.slice(url.length) : target!;
  const length = body ? [['Content-Length', String(Buffer.byteLength(body))]] : [];
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method, path, headers: [['Host', host], ...headers, ...length].flat() as string[], agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** Sends a transcript to a service, request by request, and holds each answer against what is written. */
export async function replay(file: string, url: string, values: Readonly<Record<string, string>>): Promise<number> {
  const known: Record<string, string> = { ...values };
  const filled = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => {
      if (known[name] === undefined) throw new Error(`${file}: there is no {${name}} yet`);
      return known[name];
    });
  const exchanges = exchangesIn(file);
  for (const { about, asked, answered } of exchanges) {
    const all = ({ first, headers, body }: Message): Message => ({
      first: filled(first),
      headers: headers.map(([name, value]) => [name, filled(value)]),
      body: filled(body),
    });
    const [sent, expected] = [all(asked), all(answered)];
    const answer = await send(url, sent);
    const body = parsed(answer.text);
    const shown = Object.fromEntries(
      expected.headers.map(([name]) => [name, String(answer.headers[name.toLowerCase()] ?? '')]),
    );
    const wanted = Object.fromEntries(
      expected.headers.map(([name, value]) => [name, value === '...' ? expect.stringMatching(/./) : value]),
    );
    const what = `${about} ${sent.first}`;
    expect({ what, status: answer.status, ...shown, ...(answer.status >= 400 && { body }) }).toMatchObject({
      what,
      status: Number(expected.first.split(' ')[0]),
      ...wanted,
    });
    if (expected.body)
      expect({ what, body }).toMatchObject({ what, body: loosely(JSON.parse(expected.body)) as object });
    remember(known, answer, body);
  }
  return exchanges.length;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `"..."` is any text. */
const loosely = (value: unknown): unknown => {
  if (value === '...') return expect.any(String);
  if (Array.isArray(value)) return value.map(loosely);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, loosely(inner)]));
};

function remember(known: Record<string, string>, { headers }: Answer, body: unknown): void {
  const { _links, pagingMetadata } = Object(body) as {
    _links?: { next?: { href: string } };
    pagingMetadata?: { cursors?: { next?: string } };
  };
  const found = {
    location: headers.location,
    etag: headers.etag,
    next: _links?.next?.href,
    cursor: pagingMetadata?.cursors?.next,
  };
  for (const [name, value] of Object.entries(found)) if (typeof value === 'string') known[name] = value;
}
