import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { rollbook } from './process';

/** What is asked of pg_dump, of which every machine has another version or none. */
jest.setTimeout(120_000);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbook-pg-dump-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string) => join(folder, name);
const run = ({ url }: { url: string }, args: string[], env: NodeJS.ProcessEnv = {}) =>
  rollbook(args, { DATABASE_URL: url, ...env });

/** A pg_dump of our own in front of any other: what it is asked for, and how it fails, is the test's. */
async function withPgDump(
  script: string,
  url = 'postgres://dumper:s%40cret@db.example.org:5433/school?sslmode=require',
) {
  writeFileSync(inFolder('pg_dump'), `#!/bin/sh\n${script}\n`);
  chmodSync(inFolder('pg_dump'), 0o755);
  return run({ url }, ['backup', inFolder('dump'), '--pg-dump', '--json'], {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    OUT: folder,
  });
}

test('pg_dump is asked for one file of the whole database, the password not on its command line', async () => {
  const { code, stdout, stderr } = await withPgDump(
    `printf '%s\\n' "$@" > $OUT/asked; echo "$PGPASSWORD" > $OUT/password
    for each in "$@"; do case $each in --file=*) printf PGDMP > "\${each#--file=}";; esac; done`,
  );
  expect([code, stderr, JSON.parse(stdout)]).toEqual([
    0,
    '',
    { file: inFolder('dump'), bytes: 5, seconds: expect.any(Number) },
  ]);
  const asked = readFileSync(inFolder('asked'), 'utf8');
  expect(asked).toMatch(/^--format=custom\n--no-owner\n--no-privileges\n--file=\S+\.part\n--dbname=(\S+)\n$/);
  expect(asked).toContain('--dbname=postgres://dumper@db.example.org:5433/school?sslmode=require\n');
  expect(readFileSync(inFolder('password'), 'utf8')).toBe('s@cret\n');
});

test('several hosts are handed on, as it knows what to make of them', async () => {
  const { stderr } = await withPgDump(
    'printf "%s\\n" "$@" >&2; exit 1',
    'postgres://dumper:s%40cret@a.example.org:5433,b.example.org/school?target_session_attrs=read-write',
  );
  expect(stderr).toContain(
    '--dbname=postgres://dumper@a.example.org:5433,b.example.org/school?target_session_attrs=read-write',
  );
});

test.each([
  [
    'that fails',
    'echo "pg_dump: error: connection refused" >&2; exit 1',
    'pg_dump failed: pg_dump: error: connection refused',
  ],
  [
    'older than the server',
    'echo "pg_dump: error: aborting because of server version mismatch" >&2; exit 1',
    'Install the client programs of the version that the server has',
  ],
])('a pg_dump %s is told in a sentence, and leaves no file', async (_what, script, sentence) => {
  const { code, stderr } = await withPgDump(script);
  expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)]);
  expect(existsSync(inFolder('dump'))).toBe(false);
});

test('where there is no pg_dump, or no PostgreSQL, that is said', async () => {
  const none = await run({ url: 'postgres://nobody@localhost/none' }, ['backup', inFolder('dump'), '--pg-dump'], {
    PATH: folder,
  });
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('There is no pg_dump')]);
  const sqlite = await run({ url: `sqlite:${inFolder('a.db')}` }, ['backup', inFolder('dump'), '--pg-dump']);
  expect([sqlite.code, sqlite.stderr]).toEqual([1, expect.stringContaining('pg_dump is for PostgreSQL')]);
  expect(readdirSync(folder)).toEqual([]);
});
