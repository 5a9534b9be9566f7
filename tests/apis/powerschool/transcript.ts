import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api } from '../../api';

interface Exchange {
  readonly method: 'get' | 'post';
  readonly target: string;
  readonly body: string | undefined;
  readonly status: number;
  readonly answer: string;
}

const REQUEST = /^(GET|POST) (\S+)\n(?:(\{.*\})\n)?(\d{3}) (.*)$/;

/** The exchanges of a transcript: a request with its method and target, the body of a POST, and the status with the answer. */
function exchangesOf(file: string): Exchange[] {
  return readFileSync(join(__dirname, 'transcripts', file), 'utf8')
    .split(/\n\n+/)
    .map((block) => block.trim())
    .filter((block) => block !== '' && !block.startsWith('#'))
    .map((block) => {
      const [, method, target, body, status, answer] = REQUEST.exec(block) ?? [];
      if (method === undefined) throw new Error(`this is no exchange: ${block}`);
      const verb = method.toLowerCase() as Exchange['method'];
      return { method: verb, target: target!, body, status: Number(status), answer: answer! };
    });
}

/**
 * Sends each request of a transcript, and holds what comes back against what is written there: of an object only the properties
 * that are written, of `{}` that it has none, of a list all. `{name}` stands for what is known under that name; in an answer, where
 * it is not known yet, for whatever is there, by which it is then known. Ids are numbers in one place and texts in another.
 */
export async function replay(api: Api, file: string, known: Record<string, string | number>): Promise<number> {
  const names = new Map(Object.entries(known).map(([name, value]) => [name, String(value)]));
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (all, name) => names.get(name) ?? all);
  const exchanges = exchangesOf(file);
  for (const { method, target, body, status, answer } of exchanges) {
    const request = api[method](filled(target)).set('Content-Type', 'application/json');
    const response = await (body === undefined ? request : request.send(filled(body)));
    expect([target, response.status, response.text]).toEqual([target, status, expect.any(String)]);
    compare(target, JSON.parse(answer), response.body, names);
  }
  return exchanges.length;
}

function compare(at: string, written: unknown, answered: unknown, names: Map<string, string>): void {
  if (typeof written !== 'object' || written === null) {
    const [, name] = /^\{(\w+)\}$/.exec(String(written)) ?? [];
    if (name !== undefined && !names.has(name) && answered !== undefined) names.set(name, String(answered));
    const wanted = name === undefined ? String(written) : names.get(name);
    expect([at, String(answered)]).toEqual([at, wanted]);
    return;
  }
  const [wanted, there] = [Object.entries(written), Object.keys(Object(answered))];
  if (Array.isArray(written) || wanted.length === 0) expect([at, there]).toEqual([at, Object.keys(written)]);
  for (const [key, value] of wanted) compare(`${at} / ${key}`, value, Reflect.get(Object(answered), key), names);
}
