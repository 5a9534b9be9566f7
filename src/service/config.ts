import { isIP } from 'node:net';
import {
  isHost,
  isSslModeKnown,
  PARAMETERS,
  partsOf,
  SSL_MODES,
  type Target,
  targetOf,
  targets,
  unheededIn,
} from '../database/hosts';
import { defaultLimits, type Rate } from '../http/admission/limits';
import { isLoopback } from '../http/transport';
import { editDistance } from '../lib/edit-distance';
import type { MailSettings } from '../mail/mailer';
import { type Networks, networksIn } from '../webhooks/addresses';
import type { Listening } from './listener';

/** A provider of OpenID Connect, as the operator configured it. */
export interface OpenId {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly name: string;
  /** Id or name of the district whose people sign in there; undefined where there is only one. */
  readonly district: string | undefined;
  /** Seconds that the provider may take for an answer. */
  readonly timeout: number;
}

/** A value of the environment that cannot be used; the message says which and why. */
export class ConfigError extends Error {}

export type Config = ReturnType<typeof readConfig>;

/** In seconds. */
const WINDOW = 10;

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The only reader of the environment. docs/configuration.md lists what it reads. An empty value is an absent one. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const host = env.HOST || '127.0.0.1';
  const database = databaseUrl(env.DATABASE_URL || 'sqlite:./data/rollbook.db');
  return {
    host,
    port: port('PORT', env.PORT || '3000'),
    databaseUrl: database,
    /** Whether it was said which database; else it is one below the working directory. */
    isDatabaseSaid: Boolean(env.DATABASE_URL),
    databaseReadUrl: env.DATABASE_READ_URL ? readUrl(env.DATABASE_READ_URL, database) : undefined,
    postgres: {
      pool: count('DATABASE_POOL', env.DATABASE_POOL || '10', 1_000),
      timeout: count('DATABASE_TIMEOUT', env.DATABASE_TIMEOUT || '30', 3_600) * 1_000,
    },
    prepare: onOff('DATABASE_PREPARE', env.DATABASE_PREPARE || 'on'),
    publicUrl: env.PUBLIC_URL ? publicUrl(env.PUBLIC_URL) : undefined,
    trustProxy: env.TRUST_PROXY ? trustProxy(env.TRUST_PROXY) : (false as const),
    maxConnections: count('MAX_CONNECTIONS', env.MAX_CONNECTIONS || '4096', 100_000),
    limits: {
      rate: rate(env.RATE_LIMIT || '500'),
      wait: wait(env.OVERLOAD_WAIT || String(defaultLimits.wait)),
    },
    secretKey: env.ROLLBOOK_SECRET_KEY || undefined,
    logLevel: oneOf('LOG_LEVEL', levels, env.LOG_LEVEL || 'info'),
    migrate: onOff('ROLLBOOK_MIGRATE', env.ROLLBOOK_MIGRATE || 'on'),
    allowPlaintext: onOff('ROLLBOOK_ALLOW_PLAINTEXT', env.ROLLBOOK_ALLOW_PLAINTEXT || 'off'),
    systemd: env.NOTIFY_SOCKET ? { socket: env.NOTIFY_SOCKET, watchdog: watchdog(env) } : undefined,
    webhookNetworks: env.WEBHOOK_ALLOW ? networks(env.WEBHOOK_ALLOW) : [],
    openid: env.OPENID_ISSUER ? openid(env.OPENID_ISSUER, env) : undefined,
    mail: mail(env),
    /** For how many days it is kept who has read whose records; not at all where undefined. */
    auditDays: days(env.AUDIT_READS || 'off'),
    metrics: metrics(env.METRICS_HOST || undefined, env.METRICS_PORT || undefined),
    traces: env.OTEL_EXPORTER_OTLP_ENDPOINT
      ? traces(env.OTEL_EXPORTER_OTLP_ENDPOINT, env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/json')
      : undefined,
    /** Whether answers are held against their schemas, and rows against what their queries say of them. */
    checked: env.NODE_ENV === 'development' || env.NODE_ENV === 'test',
  };
}

/**
 * Variables that nobody reads though they are called as ours are, or nearly so: a letter too many, or of another
 * version. `meant` is a setting that each is near to.
 */
export function unknownSettings(env: NodeJS.ProcessEnv = process.env): { name: string; meant: string | undefined }[] {
  return Object.keys(env)
    .filter((name) => env[name] && !OURS.includes(name))
    .map((name) => ({ name, meant: OURS.find((ours) => editDistance(name, ours) <= (ours.length < LONG ? 1 : 2)) }))
    .filter(({ name, meant }) => meant !== undefined || /^(ROLLBOOK|OPENID)_/.test(name));
}

/** Names that are shorter are two letters away from too much that others read: HOST and HOME. */
const LONG = 8;

/** All that `readConfig` reads. */
const OURS = [
  'HOST',
  'DATABASE_URL',
  'PORT',
  'DATABASE_READ_URL',
  'DATABASE_POOL',
  'DATABASE_TIMEOUT',
  'DATABASE_PREPARE',
  'PUBLIC_URL',
  'TRUST_PROXY',
  'MAX_CONNECTIONS',
  'RATE_LIMIT',
  'OVERLOAD_WAIT',
  'ROLLBOOK_SECRET_KEY',
  'LOG_LEVEL',
  'ROLLBOOK_MIGRATE',
  'ROLLBOOK_ALLOW_PLAINTEXT',
  'NOTIFY_SOCKET',
  'WEBHOOK_ALLOW',
  'OPENID_ISSUER',
  'AUDIT_READS',
  'METRICS_HOST',
  'METRICS_PORT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'NODE_ENV',
  'WATCHDOG_PID',
  'WATCHDOG_USEC',
  'OPENID_CLIENT_ID',
  'OPENID_CLIENT_SECRET',
  'OPENID_NAME',
  'OPENID_DISTRICT',
  'SMTP_URL',
  'MAIL_FROM',
];

/** The environment of a command that we start, with the variables that it needs besides. */
export const environmentWith = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...process.env, ...more });

function port(name: string, value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw wrong(name, 'a number from 0 to 65535', value);
}

function databaseUrl(value: string): string {
  if (/^sqlite:(?!:memory:)./.test(value)) return value;
  if (/^postgres(ql)?:\/\/./.test(value)) return servers('DATABASE_URL', value, ['read-write', 'primary']);
  // Not the value itself: it may hold a password.
  throw new ConfigError(
    'DATABASE_URL must be sqlite:<path of a file> or postgres://<user>:<password>@<host>/<database>.',
  );
}

function readUrl(value: string, database: string): string {
  if (/^postgres(ql)?:\/\/./.test(value) && !database.startsWith('sqlite:'))
    return servers('DATABASE_READ_URL', value, Object.keys(targets) as Target[]);
  throw new ConfigError(
    'DATABASE_READ_URL must be postgres://..., a replica of a DATABASE_URL that is PostgreSQL too.',
  );
}

/**
 * A URL of PostgreSQL, which may name several hosts. What is wrong is not said again: a password that is not encoded may
 * read as a host.
 * @param some what it may ask of several
 */
function servers(name: string, value: string, some: readonly Target[]): string {
  const [{ hosts }, target] = [partsOf(value), targetOf(value)];
  const several = hosts.length > 1;
  if (/[?&]host=[^&]*(,|%2C)/i.test(value)) throw new ConfigError(`${name} must name its hosts before the database.`);
  if (!hosts.every((host) => isHost(host) || (host === '' && !several)))
    throw new ConfigError(
      `${name} must have ${several ? 'for each of its hosts' : 'for its host'} a name or an address (IPv6 in brackets), ` +
        'and after it a colon and a port from 1 to 65535, or none.',
    );
  const right = several ? some : [...new Set<Target>([...some, 'any'])];
  if (target === undefined || !right.includes(target))
    throw new ConfigError(
      several
        ? `${name} must say of several hosts target_session_attrs=${right.join(' or ')}.`
        : `${name} may say target_session_attrs=${right.join(' or ')}, and nothing else of it.`,
    );
  const [unheeded] = unheededIn(value);
  if (unheeded !== undefined)
    throw new ConfigError(
      `${name} has ${/^\w{1,40}$/.test(unheeded) ? `the parameter ${unheeded}` : 'a parameter'}, which is not heeded. ` +
        `It may have ${PARAMETERS.join(', ')}.`,
    );
  if (!isSslModeKnown(value)) throw new ConfigError(`${name} may say sslmode=${SSL_MODES.join(' or ')}.`);
  return value;
}

function count(name: string, value: string, most: number): number {
  if (/^[1-9]\d{0,5}$/.test(value) && Number(value) <= most) return Number(value);
  throw wrong(name, `a number from 1 to ${most}`, value);
}

/** Requests a second, over ten seconds; a fiftieth as many may fail before it is known who calls. */
function rate(value: string): Rate | undefined {
  if (value === 'off') return undefined;
  const perSecond = count('RATE_LIMIT', value, 100_000);
  return { points: perSecond * WINDOW, failures: Math.ceil(perSecond / 50) * WINDOW, window: WINDOW };
}

const wait = (value: string): number =>
  value === 'off' ? Number.POSITIVE_INFINITY : count('OVERLOAD_WAIT', value, 60_000);

function publicUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username)
    return url.href.replace(/\/+$/, '');
  throw wrong('PUBLIC_URL', 'the http or https address that clients use, without a query', value);
}

const days = (value: string): number | undefined => (value === 'off' ? undefined : count('AUDIT_READS', value, 36_500));

/** Where metrics are fetched; nowhere without a port. */
function metrics(host: string | undefined, on: string | undefined): Pick<Listening, 'host' | 'port'> | undefined {
  if (on) return { host: host ?? '127.0.0.1', port: port('METRICS_PORT', on) };
  if (host)
    throw new ConfigError('METRICS_PORT must be set where METRICS_HOST is: without a port there are no metrics.');
  return undefined;
}

/** The address that traces are sent to. OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP": `v1/traces` is appended. */
function traces(value: string, protocol: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw wrong('OTEL_EXPORTER_OTLP_ENDPOINT', 'the http or https address of a collector, without a query', value);
  oneOf('OTEL_EXPORTER_OTLP_PROTOCOL', ['http/json'], protocol);
  return `${url.href.replace(/\/+$/, '')}/v1/traces`;
}

/**
 * How often systemd wants to be told that the process is alive, in milliseconds; undefined where it does not, or means
 * another process: sd_watchdog_enabled(3).
 */
function watchdog(env: NodeJS.ProcessEnv): number | undefined {
  const isMeant = env.WATCHDOG_PID === undefined || env.WATCHDOG_PID === String(process.pid);
  return isMeant && /^[1-9]\d{0,14}$/.test(env.WATCHDOG_USEC ?? '') ? Number(env.WATCHDOG_USEC) / 1_000 : undefined;
}

/** Where people sign in who have an account elsewhere. */
function openid(value: string, env: NodeJS.ProcessEnv): OpenId {
  const issuer = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe =
    issuer?.protocol === 'https:' ||
    (issuer?.protocol === 'http:' && isLoopback(issuer.hostname.replace(/^\[|\]$/g, '')));
  if (!issuer || !isSafe || issuer.search || issuer.hash || issuer.username)
    throw wrong('OPENID_ISSUER', 'the https address of the provider, as it names itself', value);
  return {
    issuer,
    clientId: given('OPENID_CLIENT_ID', env.OPENID_CLIENT_ID),
    clientSecret: given('OPENID_CLIENT_SECRET', env.OPENID_CLIENT_SECRET),
    name: env.OPENID_NAME || issuer.hostname,
    district: env.OPENID_DISTRICT || undefined,
    timeout: 5,
  };
}

/** Mail has links, which begin with the address that people use. The value is not said again: it may hold a password. */
function mail(env: NodeJS.ProcessEnv): MailSettings | undefined {
  const [server, from, origin] = [env.SMTP_URL, env.MAIL_FROM, env.PUBLIC_URL];
  if (!server && from)
    throw new ConfigError('SMTP_URL must be set where MAIL_FROM is: it is the server that sends mail.');
  if (!server) return undefined;
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url?.hostname || !/^smtps?:$/.test(url.protocol) || url.hash)
    throw new ConfigError(
      'SMTP_URL must be smtp://<user>:<password>@<host>:<port>, or smtps://... where TLS comes before all else.',
    );
  if (!from || !/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/.test(from))
    throw new ConfigError('MAIL_FROM must be the address that mail is from, like Attendance <attendance@example.org>.');
  if (!origin) throw new ConfigError('PUBLIC_URL must be set where SMTP_URL is: the links in mail begin with it.');
  return { url: server, from };
}

function given(name: string, value: string | undefined): string {
  if (value) return value;
  throw new ConfigError(`${name} must be set where OPENID_ISSUER is: it is what the provider knows rollbook by.`);
}

/** A number of hops, or the addresses, networks and names that Express knows. */
function trustProxy(value: string): number | string[] {
  if (/^\d{1,3}$/.test(value)) return Number(value);
  const proxies = value.split(',').map((each) => each.trim());
  if (proxies.every(isProxy)) return proxies;
  throw wrong(
    'TRUST_PROXY',
    'a number of hops, or a list of addresses and networks like "loopback, 10.0.0.0/8"',
    value,
  );
}

function isProxy(name: string): boolean {
  const [address = '', prefix, ...rest] = name.split('/');
  if (['loopback', 'linklocal', 'uniquelocal'].includes(name)) return true;
  const bits = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix <= bits))
  );
}

/** Where webhooks may go beside the internet. */
function networks(value: string): Networks {
  const found = networksIn(value);
  if (found) return found;
  throw wrong('WEBHOOK_ALLOW', 'a list of addresses and networks like "10.0.0.0/8, 127.0.0.1"', value);
}

const onOff = (name: string, value: string): boolean => oneOf(name, ['on', 'off'], value) === 'on';

function oneOf(name: string, values: readonly string[], value: string): string {
  if (values.includes(value)) return value;
  throw wrong(name, `one of ${values.join(', ')}`, value);
}

const wrong = (name: string, right: string, value: string) =>
  new ConfigError(`${name} must be ${right}, not ${JSON.stringify(value.slice(0, 100))}.`);
