import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api } from '../../api';

/**
 * A conversation of a plugin, written down: requests as they come over the wire, and what each is answered. Of an object in an
 * answer only the properties that are written down are looked at; of `{}`, that it has none. `{{name}}` stands for what the test
 * knows under that name, or else for whatever is answered there, by which it is then known.
 */
export interface Exchange {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

/** The exchanges of a file: each begins with `### ` and its title; a request, `HTTP/1.1` with the status, the answer. */
export function exchangesOf(file: string): Exchange[] {
  const text = readFileSync(join(__dirname, 'transcripts', file), 'utf8');
  return text
    .split(/^### /m)
    .slice(1)
    .map((exchange) => {
      const [title, ...lines] = exchange.split('\n');
      const [request, reply] = lines.join('\n').split(/^HTTP\/1\.1 /m);
      const [head, ...body] = request!.trim().split('\n\n');
      const [first, ...headers] = head!.split('\n');
      const [method, path] = first!.split(' ');
      return {
        ...{ title: title!, method: method!, path: path!, body: body.join('\n\n') },
        headers: headers.map((line) => line.split(/:\s*/, 2) as [string, string]),
        status: Number.parseInt(reply!, 10),
        answer: reply!.slice(3).trim(),
      };
    });
}

/** Sends each request of a transcript, and holds what comes back against what is written there. */
export async function replay(api: Api, file: string, known: Record<string, string | number>): Promise<void> {
  const names = new Map(Object.entries(known).map(([name, value]) => [name, String(value)]));
  const filled = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (all, name) => names.get(name) ?? all);
  for (const { title, method, path, headers, body, status, answer } of exchangesOf(file)) {
    const response = await fetch(api.url + filled(path), {
      method,
      headers: [...headers.map(([name, value]): [string, string] => [name, filled(value)])],
      ...(body !== '' && { body: filled(body) }),
    });
    const text = await response.text();
    expect([title, response.status, text]).toEqual([title, status, expect.any(String)]);
    if (answer !== '') compare(title, JSON.parse(answer), JSON.parse(text), names);
  }
}

function compare(at: string, written: unknown, answered: unknown, names: Map<string, string>): void {
  const [, name] = typeof written === 'string' ? (/^\{\{(\w+)\}\}$/.exec(written) ?? []) : [];
  if (name !== undefined) {
    if (!names.has(name)) names.set(name, String(answered));
    expect([at, String(answered)]).toEqual([at, names.get(name)]);
  } else if (typeof written === 'object' && written !== null) {
    const [wanted, there] = [Object.entries(written), Object.keys(Object(answered))];
    if (Array.isArray(written) || wanted.length === 0) expect([at, there]).toEqual([at, Object.keys(written)]);
    for (const [key, value] of wanted) compare(`${at} / ${key}`, value, Reflect.get(Object(answered), key), names);
  } else expect([at, answered]).toEqual([at, written]);
}
