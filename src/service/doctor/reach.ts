import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createServer } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { ECHO_HEADER, ECHO_TARGET, type EchoedSettings, questionBy, type Seen } from '../../http/echo';
import { isLoopback } from '../../http/transport';
import { version } from '../../lib/version';
import type { Config } from '../config';
import { error, type Finding, ok, warning } from './finding';
import type { Held } from './storage';

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 5_000;

/** An address for documentation, which no client has (RFC 5737): who is taken for it could claim any. */
export const FORGED = '192.0.2.1';

/** What came of a question. */
interface Answer {
  readonly status: number;
  /** What the service saw; undefined where who answered is not one with our key. */
  readonly seen: Seen | undefined;
  /** When the certificate ends, in milliseconds. */
  readonly until: number | undefined;
}

/** Asks the service at an address what it sees of the question. Throws where nothing answers. */
async function ask(url: string, { keys }: Held, headers: Record<string, string> = {}): Promise<Answer> {
  const question = keys && questionBy(keys);
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url + ECHO_TARGET, {
    agent: false,
    headers: { ...headers, ...(question && { [ECHO_HEADER]: question.header }) },
    signal: AbortSignal.timeout(PATIENCE),
  });
  request.end();
  const [response] = await once(request, 'response');
  const certificate = (response.socket as TLSSocket).getPeerCertificate?.();
  const text = await textOf(response);
  return {
    status: response.statusCode,
    seen: question?.answered(text),
    until: certificate?.valid_to ? Date.parse(certificate.valid_to) : undefined,
  };
}

/** Whether the port is free, or this rollbook serves there. */
export async function isListening(
  config: Config,
  held: Held,
): Promise<{ readonly finding: Finding; readonly isServed: boolean }> {
  const { host, port } = config;
  const at = `${host}, port ${port}`;
  if (port === 0) return { finding: ok('port', 'any that is free'), isServed: false };
  const { answer, why } = await ask(nearest(host, port), held).then(
    (answer) => ({ answer, why: undefined }),
    (why: NodeJS.ErrnoException) => ({ answer: undefined, why }),
  );
  const finding = answer
    ? ((answer.seen ? undefined : await elsewhere(host)) ?? served(at, answer, held, config))
    : await free('port', { host, port }, 'PORT', why);
  return { finding, isServed: answer?.seen !== undefined };
}

/** What answers at an address of another machine is nobody's here to end: rollbook cannot listen there. */
async function elsewhere(host: string): Promise<Finding | undefined> {
  const finding = await free('port', { host, port: 0 }, 'PORT');
  return finding.level === 'ok' ? undefined : finding;
}

function served(at: string, { seen }: Answer, { epoch }: Held, config: Config): Finding {
  if (!seen)
    return error(
      'port',
      `Something else listens at ${at}, or a rollbook with another key.`,
      'End it, or set another PORT.',
    );
  if (epoch !== undefined && seen.epoch !== epoch)
    return error(
      'port',
      `The rollbook at ${at} works on another database.`,
      'Give the command the settings of the service.',
    );
  if (seen.version !== version())
    return warning('port', `The rollbook at ${at} is ${seen.version}, this one is ${version()}.`, 'Start it again.');
  const others = differing(seen.settings, config);
  if (others.length > 0)
    return error(
      'port',
      `The rollbook at ${at} was started with ${others.join(' and ')}; not so this command.`,
      'Start it again, or give the command the settings of the service.',
    );
  return ok('port', `rollbook ${seen.version} serves at ${at}`);
}

/** Those settings of a service that are others than these, as it has them. */
function differing({ publicUrl, trustProxy }: EchoedSettings, config: Config): string[] {
  const shown = (name: string, theirs: unknown, ours: unknown) =>
    String(theirs) === String(ours) ? [] : [theirs ? `${name}=${theirs}` : `no ${name}`];
  return [
    ...shown('PUBLIC_URL', publicUrl ?? false, config.publicUrl ?? false),
    ...shown('TRUST_PROXY', trustProxy, config.trustProxy),
  ];
}

/** Where a listener is asked from this machine. */
function nearest(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Whether a port could be listened on, where nothing of ours answers there. */
async function free(
  check: string,
  { host, port }: Address,
  setting: 'PORT' | 'METRICS_PORT',
  why?: NodeJS.ErrnoException,
): Promise<Finding> {
  const at = `${host}, port ${port}`;
  const server = createServer();
  try {
    server.listen({ port, host });
    await once(server, 'listening');
    return ok(check, `${at} is free: rollbook does not run`);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EACCES')
      return error(
        check,
        `This user may not listen at ${at}.`,
        `Set a ${setting} of 1024 or more${setting === 'PORT' ? ', with a proxy in front' : ''}.`,
      );
    if (code === 'EADDRINUSE')
      return error(
        check,
        `Something that does not answer as rollbook does holds ${at}${why ? ` (${why.code ?? why.name})` : ''}.`,
        `End it, or set another ${setting}.`,
      );
    const hostSetting = setting.replace('PORT', 'HOST');
    return error(
      check,
      code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
        ? `${host} is no address of this machine: rollbook cannot listen there.`
        : `${at} cannot be listened on (${code}).`,
      `Set ${hostSetting} to an address of this machine.`,
    );
  } finally {
    server.close();
  }
}

/** Whether the metrics can be fetched where they are to be, and by nobody else. */
export async function metricsPort({ metrics, host, port }: Config, isServed: boolean): Promise<Finding[]> {
  if (!metrics) return [];
  const at = `${metrics.host}, port ${metrics.port}`;
  if (metrics.port !== 0 && metrics.port === port && overlap(metrics.host, host))
    return [error('metrics', `METRICS_PORT is ${port}, as PORT is.`, 'Set another METRICS_PORT.')];
  const isAsked = isServed && metrics.port !== 0 && (await areMetrics(nearest(metrics.host, metrics.port)));
  const state = metrics.port === 0 || isAsked ? ok('metrics', at) : await free('metrics', metrics, 'METRICS_PORT');
  if (state.level === 'ok' && isServed && metrics.port !== 0 && !isAsked)
    return [error('metrics', `The rollbook that runs has no metrics at ${at}.`, 'Start it again.')];
  if (state.level === 'ok' && !isLoopback(metrics.host))
    return [
      warning(
        'metrics',
        `Others can read the metrics at ${at}, by plain http.`,
        'Take METRICS_HOST out, or let only the machine that fetches them in.',
      ),
    ];
  return [state];
}

type Address = Pick<Config, 'host' | 'port'>;

const overlap = (one: string, other: string): boolean =>
  one === other ||
  [one, other].some((host) => host === '0.0.0.0' || host === '::') ||
  (isLoopback(one) && isLoopback(other));

/** Whether rollbook's own metrics are fetched there. */
async function areMetrics(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok && (await answer.text()).includes('rollbook_');
  } catch {
    return false;
  }
}

/** Whether clients reach this service at PUBLIC_URL, and it is told the truth of them. */
export async function publicAddress(config: Config, held: Held, isServed: boolean): Promise<Finding> {
  const { host, publicUrl } = config;
  if (publicUrl === undefined) {
    if (isLoopback(host)) return ok('proxy', 'no PUBLIC_URL: only this machine can reach rollbook');
    return warning(
      'proxy',
      `Others can reach ${host}, by plain http.`,
      'Put TLS in front, and set PUBLIC_URL and TRUST_PROXY.',
    );
  }
  if (!isServed) return warning('proxy', 'Not checked, since rollbook does not run here.', 'Start it, and ask again.');
  const claims = { 'x-forwarded-for': FORGED, 'x-forwarded-proto': 'http' };
  try {
    return judged(publicUrl, await ask(publicUrl, held, claims), held);
  } catch (thrown) {
    return unreachable(publicUrl, thrown as NodeJS.ErrnoException);
  }
}

/** What Node says of a certificate that it does not trust. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;

function unreachable(url: string, { code, name, message }: NodeJS.ErrnoException): Finding {
  if (UNTRUSTED.test(code ?? ''))
    return error(
      'proxy',
      `The certificate of ${url} is not trusted: ${message}.`,
      'Have the proxy send a certificate of that name and all that leads to it. NODE_EXTRA_CA_CERTS names an authority of your own.',
    );
  return error(
    'proxy',
    `${url} cannot be reached from here (${code ?? name}).`,
    'Look at the name in DNS, the proxy and the firewall.',
  );
}

const DAYS = 24 * 60 * 60 * 1_000;
/** Certificates are renewed a month before their end. */
const SOON = 14 * DAYS;

/** What an answer from PUBLIC_URL tells, where the question claimed to come by http from `FORGED`. */
export function judged(url: string, { status, seen, until }: Answer, { epoch }: Held, now = Date.now()): Finding {
  const wrong = (says: string, todo: string) => error('proxy', says, todo);
  if (!seen)
    return wrong(
      `Something else answers at ${url} (status ${status}), or a rollbook with another key.`,
      'Have the proxy hand everything on to HOST and PORT, the path as it is.',
    );
  if (epoch !== undefined && seen.epoch !== epoch)
    return wrong(`The rollbook at ${url} works on another database.`, 'Have the proxy hand on to this one.');
  if (seen.version !== version())
    return warning('proxy', `Not checked: the rollbook there is ${seen.version}.`, 'Start it again, and ask again.');
  const changed = clientAs(url, seen) ?? requestAs(url, seen);
  if (changed) return changed;
  if (until !== undefined && until - now < SOON)
    return warning('proxy', `The certificate of ${url} ends in ${Math.floor((until - now) / DAYS)} days.`, 'Renew it.');
  return ok('proxy', `${url} leads here, by ${seen.scheme}; this machine comes from ${seen.client}`);
}

/** What a proxy has the service believe of a client that is not so. */
function clientAs(url: string, { scheme, client, peer, trusted, forwarded }: Seen): Finding | undefined {
  const wrong = (says: string, todo: string) => error('proxy', says, todo);
  const came = new URL(url).protocol.slice(0, -1);
  const isPlain = came === 'https' && scheme !== 'https';
  const trustIt = `Set TRUST_PROXY to ${isLoopback(peer ?? '') ? 'loopback' : peer}.`;
  if (isPlain && !trusted)
    return wrong(`The proxy at ${peer} is not trusted: for rollbook, clients come by plain http.`, trustIt);
  if (isPlain && forwarded.proto === 'http')
    return wrong(
      'The proxy hands on the X-Forwarded-Proto that a client has sent.',
      'Have it set the header to the scheme that the client came by.',
    );
  if (isPlain)
    return wrong(
      'The proxy does not say that clients come by https.',
      'Have it set X-Forwarded-Proto to the scheme that the client came by.',
    );
  if (scheme !== came)
    return wrong(
      `Clients come by ${came}, and the proxy says that they come by ${scheme}.`,
      'Set PUBLIC_URL to the address that clients use, and have the proxy set X-Forwarded-Proto to their scheme.',
    );
  if (trusted && client === FORGED)
    return wrong(
      'A client can claim any address: the proxy hands on the X-Forwarded-For that it has sent.',
      'Have the proxy set the header to the address of the client, and TRUST_PROXY name no more than your proxies.',
    );
  if (trusted && forwarded.for === null)
    return wrong(
      `The proxy does not say who the client is: for rollbook, all come from ${client}, and share one limit.`,
      'Have it set X-Forwarded-For to the address of the client.',
    );
  // What was sent has been changed or taken out, so there is a proxy.
  if (!trusted && forwarded.for !== FORGED)
    return wrong(`The proxy at ${peer} is not trusted: for rollbook, all clients come from there.`, trustIt);
  return undefined;
}

/** What a proxy has made of the request that a client has signed: RFC 5849, 3.4.1, signs its Host, path and query. */
function requestAs(url: string, { host, target, settings }: Seen): Finding | undefined {
  const path = (whole: string) => whole.split('?', 1)[0];
  if (target !== ECHO_TARGET) {
    const what = path(target) === path(ECHO_TARGET) ? 'query' : 'path';
    return error(
      'proxy',
      `The proxy changes the ${what}: ${ECHO_TARGET} was sent, and ${target} came. No signature of a client is right then.`,
      'Have it hand on path and query as they came; in nginx, proxy_pass has no path and no variable.',
    );
  }
  const named = new URL(url);
  if (isSameHost(host, named)) return undefined;
  // A signature is right for PUBLIC_URL, too, where the service has it.
  const level = settings.publicUrl === url ? warning : error;
  return level(
    'proxy',
    `The proxy changes Host: ${named.host} was sent, and ${host ?? 'none'} came. Signatures that are made for another name than PUBLIC_URL are refused.`,
    'Have it hand on Host as it came: in nginx, proxy_set_header Host $http_host.',
  );
}

/** Whether a Host header names the host of an address: the port of its scheme may be said or not. */
function isSameHost(host: string | null, { protocol, host: right }: URL): boolean {
  const named = `${protocol}//${host}`;
  return host !== null && URL.canParse(named) && new URL(named).host === right;
}
