import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import Negotiator from 'negotiator';
import { Parser } from 'xml2js';
import type { Api } from '../../../src/http/endpoint';
import type { Format } from '../../../src/http/formats/format';
import type { Answer, Sent } from './sent';

/** What is wrong with an answer, if anything is, whatever was asked. */
export function faultIn(sent: Sent, answer: Answer, called: Api | undefined): string | undefined {
  const api = isUnread(sent, answer) ? undefined : called;
  const { status, headers, body } = answer;
  if (status >= 500) return `answered ${status}: ${body.toString('utf8', 0, 300)}`;
  if (api && headers.vary !== 'Accept, Accept-Encoding') return `the answer says Vary: ${headers.vary}`;
  const type = /^[^;]*/.exec(String(headers['content-type'] ?? ''))![0];
  if (sent.method === 'HEAD' || status === 204 || status === 304)
    return body.length > 0 ? `${status} to ${sent.method} has a body` : undefined;
  if (sent.method === 'OPTIONS') return undefined;
  if (body.length === 0) return status >= 300 && status < 400 ? undefined : `${status} has no body`;
  const text = decoded(sent, answer);
  return unreadable(type, text) ?? (api && unwanted(sent, status, type, api));
}

/** The text of the body, out of its coding, which the request has to take. */
function decoded({ headers: { 'accept-encoding': accepted } }: Sent, { headers, body }: Answer): string {
  const coding = headers['content-encoding'];
  if (coding === undefined) return body.toString('utf8');
  if (!/gzip|br|\*/i.test(String(accepted))) return `in ${coding}, where ${accepted} is accepted`;
  return (coding === 'br' ? brotliDecompressSync(body) : gunzipSync(body)).toString('utf8');
}

/**
 * What cannot be read as a request is none of an API, wherever it was sent: too many headers, say. A target that is no path
 * Node notices, on a connection that asked for an upgrade before, only when the time for the headers is over: 408.
 */
const isUnread = ({ target }: Sent, { status, headers }: Answer): boolean =>
  ([400, 431].includes(status) || (status === 408 && !target.startsWith('/'))) &&
  headers.connection === 'close' &&
  headers.vary === undefined;

/** A line of an event stream that is not empty (HTML standard, 9.2.6): a comment, or a field. */
const EVENT_LINE = /^(?::|(?:event|data|id|retry):)/;

/** The body is to be what Content-Type calls it. */
function unreadable(type: string, text: string): string | undefined {
  if (/[/+]html$/.test(type)) return undefined;
  try {
    if (/[/+]json$/.test(type)) return void JSON.parse(text);
    if (type === 'text/csv') return void parse(text); // every line has the cells of the first
    if (type === 'text/event-stream') return text.split('\n').find((line) => line && !EVENT_LINE.test(line));
    if (!/[/+]xml$/.test(type)) return `the answer is ${type || 'of no type'}`;
    let fault: Error | undefined;
    new Parser({ async: false }).parseString(text, (error) => {
      fault = error ?? undefined;
    });
    return fault && `the answer is no XML: ${fault.message}`;
  } catch (error) {
    return `the answer is not ${type}: ${error}`;
  }
}

/** The type is to be one that the request accepts; an error comes in the favourite where there is none. */
function unwanted({ headers: { accept } }: Sent, status: number, type: string, api: Api): string | undefined {
  const formats = api.formats.filter(({ encode }) => encode !== undefined);
  // RFC 9110, 12.5.1; "application/json;charset=utf-8" is asked for as application/json.
  const asked =
    String(accept ?? '*/*')
      .replace(/;\s*charset=[^;,]*/gi, '')
      .trim() || '*/*';
  const accepts = (types: readonly string[]) =>
    new Negotiator({ headers: { accept: asked } }).mediaTypes([...types]).length > 0;
  if (status < 400) {
    const known = [...formats, ...api.endpoints.flatMap((endpoint) => endpoint.formats ?? [])];
    // That of the catalog of APIs has a parameter.
    const spoken = known.flatMap(({ types }) => types).find((each) => each.split(';')[0] === type);
    if (!spoken) return `the API does not speak ${type}`;
    return accepts([spoken]) ? undefined : `${type} is answered where ${accept} is accepted`;
  }
  const acceptable = formats.filter(({ types }) => accepts(types));
  const right = acceptable.length > 0 ? acceptable : formats.slice(0, 1);
  return right.some((format) => typesOf(format).includes(type))
    ? undefined
    : `${type} refuses where ${accept} is accepted`;
}

const typesOf = ({ types, problem }: Format): string[] => [...types, ...(problem ? [problem.type] : [])];

/** Whether the answer could have written something: a refusal never has, nor has a safe method (RFC 9110, 9.2.1). */
export const mayHaveWritten = ({ method }: Sent, { status }: Answer): boolean =>
  status < 300 && !['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH'].includes(method);

/** The api below whose base the target is, as Express finds it. */
export function apiOf(apis: readonly Api[], target: string): Api | undefined {
  const path = target.replace(/\/{2,}/g, '/').toLowerCase();
  return apis.find(({ base }) => path.startsWith(base) && /^([/?#]|$)/.test(path.slice(base.length)));
}
