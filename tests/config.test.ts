import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARAMETERS } from '../src/database/hosts';
import { root } from '../src/lib/root';
import { readConfig } from '../src/service/config';

test('what is empty is as what is missing: there is a default for it', () => {
  const names = ['PORT', 'HOST', 'DATABASE_URL', 'RATE_LIMIT', 'OVERLOAD_WAIT', 'LOG_LEVEL', 'ROLLBOOK_MIGRATE'];
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
});

test.each([
  ['PORT', 'eighty'],
  ['PORT', '65536'],
  ['DATABASE_URL', 'mysql://x'],
  ['DATABASE_URL', 'sqlite::memory:'],
  ['PUBLIC_URL', 'example.org'],
  ['TRUST_PROXY', 'everyone'],
  ['LOG_LEVEL', 'loud'],
  ['ROLLBOOK_MIGRATE', 'maybe'],
  ['RATE_LIMIT', '0'],
  ['OVERLOAD_WAIT', 'soon'],
  ['MAX_CONNECTIONS', '0'],
  ['DATABASE_POOL', '0'],
  ['DATABASE_POOL', 'many'],
  ['DATABASE_TIMEOUT', '-1'],
  ['DATABASE_PREPARE', 'auto'],
  ['DATABASE_READ_URL', 'sqlite:x.db'],
  ['DATABASE_URL', 'postgres://a,b/rollbook'],
  ['DATABASE_URL', 'postgres://a,b/rollbook?target_session_attrs=standby'],
  ['DATABASE_URL', 'postgres://a,b/rollbook?target_session_attrs=prefer-standby'],
  ['DATABASE_URL', 'postgres:///rollbook?host=a,b&target_session_attrs=read-write'],
  ['DATABASE_URL', 'postgres://127.0.0.1:99999/rollbook'],
  ['DATABASE_URL', 'postgres://user:a/b@c/rollbook'],
  ['AUDIT_READS', 'on'],
  ['METRICS_PORT', 'on'],
  ['SMTP_URL', 'mail.example.org'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
])('%s=%s is refused with a sentence that says which', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} must .*\\.$`));
});

test('mail needs a server, an address that it is from, and the address that its links begin with', () => {
  const SMTP_URL = 'smtp://rollbook:secret@mail.example.org:587';
  const [MAIL_FROM, PUBLIC_URL] = ['Attendance <attendance@example.org>', 'https://attendance.example.org'];
  expect(readConfig({ SMTP_URL, MAIL_FROM, PUBLIC_URL }).mail).toEqual({ url: SMTP_URL, from: MAIL_FROM });
  expect(readConfig({}).mail).toBeUndefined();
  expect(() => readConfig({ SMTP_URL, MAIL_FROM })).toThrow(/^PUBLIC_URL must /);
  expect(() => readConfig({ SMTP_URL, PUBLIC_URL })).toThrow(/^MAIL_FROM must /);
  expect(() => readConfig({ MAIL_FROM, PUBLIC_URL })).toThrow(/^SMTP_URL must /);
});

test('several hosts of PostgreSQL are taken where it is said which of them is to be used', () => {
  const DATABASE_URL = 'postgres://rollbook:secret@a:5433,b/rollbook?target_session_attrs=read-write';
  const DATABASE_READ_URL = 'postgres://rollbook:secret@[::1]:5433,c/rollbook';
  expect(readConfig({ DATABASE_URL, DATABASE_READ_URL })).toMatchObject({
    databaseUrl: DATABASE_URL,
    databaseReadUrl: DATABASE_READ_URL,
  });
});

test.each(['a,127.0.0.1:99999', 'a,', ',a', 'a,,b', 'a,b:', 'a,b:x', 'a,b:0', 'a,[::1', 'a,::1', 'a,:5432', 'a, b'])(
  'hosts %j of PostgreSQL are refused: one of them is none, which would be noticed when the other has failed',
  (hosts) => {
    const url = `postgres://rollbook:secret@${hosts}/rollbook?target_session_attrs=read-write`;
    const databaseUrl = 'postgres://a/rollbook';
    expect(() => readConfig({ DATABASE_URL: url })).toThrow(/^DATABASE_URL must have for each of its hosts /);
    expect(() => readConfig({ DATABASE_URL: databaseUrl, DATABASE_READ_URL: url })).toThrow(/^DATABASE_READ_URL must /);
  },
);

test.each(['', 'a', 'a:5433', '[::1]', '[fe80::1]:5433', '%2Fvar%2Frun', 'a_b.example.org', '10.0.0.1:65535'])(
  'one host %j is taken',
  (host) => {
    const DATABASE_URL = `postgres://rollbook:secret@${host}/rollbook`;
    expect(readConfig({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
  },
);

test.each(['READ-WRITE', 'prefer-standby', 'standby'])(
  'where target_session_attrs is %s, it is said what is right in that setting',
  (target) => {
    const url = `postgres://a,b/rollbook?target_session_attrs=${target}`;
    expect(() => readConfig({ DATABASE_URL: url })).toThrow(
      'DATABASE_URL must say of several hosts target_session_attrs=read-write or primary.',
    );
  },
);

test.each(['standby', 'read-only', 'nonsense', 'prefer-standby'])(
  'one host that is to be written is not %s',
  (target) => {
    const DATABASE_URL = `postgres://a/rollbook?target_session_attrs=${target}`;
    expect(() => readConfig({ DATABASE_URL })).toThrow(
      'DATABASE_URL may say target_session_attrs=read-write or primary or any, and nothing else of it.',
    );
  },
);

test.each(['any', 'read-write', 'primary'])('one host may be said to be %s', (target) => {
  const DATABASE_URL = `postgres://a/rollbook?target_session_attrs=${target}`;
  expect(readConfig({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
});

test.each([
  ['foo=bar', /has the parameter foo, which is not heeded\. It may have .*\bsslmode\b/],
  ['sslmode=require&connect_timeout=3', /has the parameter connect_timeout, /],
  ['statement_timeout=0', /has the parameter statement_timeout, /],
  ['connectionTimeoutMillis=0', /has the parameter connectionTimeoutMillis, /],
  ['sslmode=allow', /^DATABASE_(READ_)?URL may say sslmode=disable or prefer or require /],
  ['s3cret@host/rollbook', /has a parameter, which is not heeded/],
])('a URL of PostgreSQL with %s is refused: nobody would heed it', (query, message) => {
  const DATABASE_URL = `postgres://a:5432/rollbook?${query}`;
  expect(() => readConfig({ DATABASE_URL })).toThrow(message);
  expect(() => readConfig({ DATABASE_URL: 'postgres://a/rollbook', DATABASE_READ_URL: DATABASE_URL })).toThrow(message);
});

test.each(PARAMETERS.filter((name) => name !== 'target_session_attrs'))(
  'a URL of PostgreSQL may have %s, and the manual says so',
  (name) => {
    const DATABASE_URL = `postgres://a/rollbook?${name}=${name === 'sslmode' ? 'require' : 'x'}#y`;
    expect(readConfig({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
    expect(readFileSync(join(root, 'docs/configuration.md'), 'utf8')).toContain(`\`${name}\``);
  },
);

test('what could not be heeded of metrics and traces is refused, rather than ignored', () => {
  expect(() => readConfig({ METRICS_HOST: '10.0.0.1' })).toThrow(/^METRICS_PORT must be set where METRICS_HOST is/);
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
  expect(readConfig(endpoint).traces).toBe('http://collector:4318/v1/traces');
  expect(() => readConfig({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow(
    /^OTEL_EXPORTER_OTLP_PROTOCOL must be one of http\/json/,
  );
});
