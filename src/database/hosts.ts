/** A server, as it says of itself. */
export interface Server {
  readonly readOnly: boolean;
  readonly standby: boolean;
}

/** Which servers are to be used, by libpq's `target_session_attrs`, all but `prefer-standby`. */
export const targets = {
  any: () => true,
  'read-write': ({ readOnly }) => !readOnly,
  'read-only': ({ readOnly }) => readOnly,
  primary: ({ standby }) => !standby,
  standby: ({ standby }) => standby,
} as const satisfies Record<string, (server: Server) => boolean>;

export type Target = keyof typeof targets;

/** A URL up to its hosts, these, and what comes after. */
const PARTS = /^([^:]+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s;

/**
 * The parts of a URL of PostgreSQL, which may name several hosts: `postgres://<user>@a:5432,b:5432/<database>`
 * (PostgreSQL's manual, 32.1.1.3, Specifying Multiple Hosts).
 */
export function partsOf(url: string): { before: string; hosts: readonly string[]; after: string } {
  const [, before = url, hosts = '', after = ''] = PARTS.exec(url) ?? [];
  return { before, hosts: hosts.split(','), after };
}

/** Whether a part of `hosts` is a host, and a port where it has one. URL reads neither a port beyond 65535 nor half an address. */
export const isHost = (host: string): boolean =>
  URL.canParse(`postgres://${host}/`) && /^(\[[^\]]+\]|[^:[\]\s]+)(:0*[1-9]\d*)?$/.test(host);

/**
 * The parameters that a URL may have: those that are heeded here, and by libpq or the driver in its own words (PostgreSQL's manual,
 * 32.1.2, Parameter Key Words). What limits statements is DATABASE_TIMEOUT.
 */
export const PARAMETERS: readonly string[] = [
  ...['target_session_attrs', 'host', 'port', 'user', 'password'],
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'ssl', 'uselibpqcompat'],
  ...['application_name', 'fallback_application_name', 'options', 'lock_timeout'],
];

/** What `sslmode` may be. */
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;

const queryOf = (url: string) => new URLSearchParams(/\?([^#]*)/.exec(partsOf(url).after)?.[1]);

/** Parameters of a URL that nobody would heed. */
export const unheededIn = (url: string): string[] =>
  [...queryOf(url).keys()].filter((name) => !PARAMETERS.includes(name));

/** Whether the URL says nothing of TLS, or something that is known. */
export const isSslModeKnown = (url: string): boolean =>
  queryOf(url)
    .getAll('sslmode')
    .every((mode) => SSL_MODES.some((known) => known === mode));

/** Which servers the URL asks for: `any` where it says nothing, undefined where it says what rollbook does not know. */
export function targetOf(url: string): Target | undefined {
  const asked = queryOf(url).get('target_session_attrs') ?? 'any';
  return Object.keys(targets).find((name): name is Target => name === asked);
}
