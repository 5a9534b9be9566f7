import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import { type AddressInfo, Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerWith } from '../../src/clients/signer';
import { ECHO_TARGET, questionBy, type Seen } from '../../src/http/echo';
import { root } from '../../src/lib/root';
import { version } from '../../src/lib/version';
import { unknownSettings } from '../../src/service/config';
import { examine } from '../../src/service/doctor/doctor';
import { languages, node } from '../../src/service/doctor/machine';
import { FORGED, judged } from '../../src/service/doctor/reach';
import { clock, disk } from '../../src/service/doctor/storage';
import { type Api, openApi } from '../api';
import { openWorld, type World } from '../world';
import { rollbook } from './process';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** `rollbook doctor`: each check, where all is right and where something is not. */
const KEY = 'a key that is used in tests alone';
const isSqlite = process.env.ENGINE === 'sqlite';
let folder: string;
let api: Api;
const servers: Server[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollbook-doctor-'));
  api = await openApi({ trustProxy: ['loopback'] });
  await api.get('/v1/users'); // as a start does, it makes the epoch of the database
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

/** The settings of the service that runs. */
const settings = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  DATABASE_URL: api.world.url,
  ROLLBOOK_SECRET_KEY: KEY,
  PORT: new URL(api.url).port,
  TRUST_PROXY: 'loopback',
  ...more,
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Headers = NodeJS.Dict<string | string[]>;

/** A proxy in front of the service that makes these headers of a request's, and this of its path and query. */
const proxy = (headersOf: (headers: Headers) => Headers, targetOf = (target: string) => target) =>
  listen((asked, response) => {
    const headers = headersOf(asked.headers);
    asked.pipe(
      request(api.url + targetOf(asked.url!), { method: asked.method!, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      }),
    );
  });

const honestly = (headers: Headers): Headers => ({
  ...headers,
  'x-forwarded-for': '198.51.100.7',
  'x-forwarded-proto': 'http',
});

/** What a check says with these settings. */
const found = async (check: string, env: NodeJS.ProcessEnv) =>
  (await examine(env)).filter((finding) => finding.check === check);

const said = (level: string, says: string | RegExp) => [
  expect.objectContaining({ level, says: typeof says === 'string' ? says : expect.stringMatching(says) }),
];

test('where all is well each check says so in a line', async () => {
  const findings = await examine(settings());
  expect(findings.map(({ check, level }) => [check, level])).toEqual([
    ['node', expect.stringMatching(/ok|warning/)], // as the line of Node that this runs on
    ['languages', 'ok'],
    ['settings', 'ok'],
    ...(isSqlite ? [['disk', 'ok']] : []),
    ['database', 'ok'],
    ['key', 'ok'],
    ['clock', 'ok'],
    ['port', 'ok'],
    ['proxy', 'ok'],
  ]);
  expect(findings.every(({ level, todo }) => (level === 'ok') === (todo === undefined))).toBe(true);
});

test('the command prints a line for each, or one JSON document, and ends with 1 where something is an error', async () => {
  const well = await rollbook(['doctor'], settings({ NODE_ENV: '' }));
  expect([well.code, well.stderr]).toEqual([0, '']);
  expect(well.stdout).toMatch(/^ok +database +It can be read and written/m);
  const wrong = await rollbook(['doctor', '--json'], settings({ PORT: 'eighty' }));
  expect(wrong.code).toBe(1);
  expect(JSON.parse(wrong.stdout).findings.at(-1)).toMatchObject({
    check: 'settings',
    level: 'error',
    says: 'PORT must be a number from 0 to 65535, not "eighty".',
  });
});

test.each([
  ['v20.18.0', '2026-11-29', 'error'],
  ['v21.7.0', '2026-11-29', 'error'],
  ['v22.11.0', '2026-11-29', 'error'],
  ['v18.20.0', '2026-11-29', 'error'],
  ['v20.19.0', '2026-11-29', 'warning'],
  ['v22.12.0', '2026-11-29', 'ok'],
  ['v24.0.0', '2026-11-29', 'ok'],
  ['v24.0.0', '2028-05-01', 'warning'],
])('node: %s on %s is %s', (line, day, level) => {
  expect(node(line, new Date(day)).level).toBe(level);
});

test('languages: a Node that knows English alone is an error', () => {
  expect(languages((language) => language !== 'sv')).toMatchObject({
    level: 'error',
    says: expect.stringContaining('sv'),
  });
});

test.each([
  [{ ROLLBOOK_SECRETKEY: 'x' }, 'warning', /ROLLBOOK_SECRETKEY/],
  [
    { AUDIT_READ: '3', METRIC_PORT: '9' },
    'warning',
    /AUDIT_READ \(is it AUDIT_READS\?\), METRIC_PORT \(is it METRICS_/,
  ],
  [{ ROLLBOOK_COLOUR: 'x' }, 'warning', /Nobody reads ROLLBOOK_COLOUR\./],
  [{ HOME: '/root', PGHOST: 'x', PGPORT: '1', DATABASE_PASSWORD: 'x' }, 'ok', /can be read/],
  [{ ROLLBOOK_ALLOW_PLAINTEXT: 'on' }, 'warning', /where others can listen/],
  [{ NODE_ENV: 'development' }, 'warning', /costs time/],
  [{ PUBLIC_URL: 'https://attendance.example.org', TRUST_PROXY: '' }, 'error', /TRUST_PROXY names no proxy/],
])('settings: %j is a %s', async (more, level, says) => {
  expect(await found('settings', settings(more as NodeJS.ProcessEnv))).toEqual(said(level, says));
});

test('settings: every one that is read is known', () => {
  const read = readFileSync(join(root, 'src/service/config.ts'), 'utf8').matchAll(/env\.([A-Z_]+)/g);
  for (const [, name] of read)
    for (const mistyped of [`${name}X`, name!.slice(1)]) {
      expect(unknownSettings({ [name!]: 'x' })).toEqual([]);
      expect(unknownSettings({ [mistyped]: 'x' })).toMatchObject([{ name: mistyped, meant: expect.any(String) }]);
    }
});

const MiB = 1024 * 1024;
test.each([
  [{ type: 0xef53, free: 2_000 }, 'ok'],
  [{ type: 0xef53, free: 500 }, 'warning'],
  [{ type: 0xef53, free: 10 }, 'error'],
  [{ type: 0x6969, free: 2_000 }, 'error'],
])('disk: %j is %s', (state, level) => {
  const statfs = () => ({ type: state.type, bavail: state.free * MiB, bsize: 1 });
  expect(disk(join(folder, 'not yet', 'rollbook.db'), statfs as never).level).toBe(level);
});

test('disk: a database that others on the machine can read is a warning', () => {
  const open = mkdtempSync(join(folder, 'open-'));
  const file = join(open, 'rollbook.db');
  writeFileSync(file, 'SQLite format 3\0', { mode: 0o644 });
  const roomy = (() => ({ type: 0xef53, bavail: 4_000 * MiB, bsize: 1 })) as never;
  expect(disk(file, roomy).level).toBe('ok'); // nobody else gets into the folder
  chmodSync(open, 0o755);
  expect(disk(file, roomy)).toMatchObject({ level: 'warning', todo: `If it is rollbook's: chmod 600 ${file}*` });
  chmodSync(file, 0o666);
  expect(disk(file, roomy)).toMatchObject({ level: 'warning', says: `Everybody on this machine can write ${file}.` });
  chmodSync(open, 0o777);
  const shared = disk(file, roomy);
  expect(shared).toMatchObject({ level: 'warning', says: expect.stringContaining(`can write in ${open}`) });
  expect(shared.says).toContain(`can write ${file}.`); // all at once
  expect(shared.todo!.match(/chmod.*/g)).toEqual([`chmod 600 ${file}*`]);
  writeFileSync(file, 'root:x:0:0:root:/root:/bin/sh');
  expect(disk(file, roomy).level).toBe('ok'); // no database: the next line says so, and nothing is to be done to it
});

const NOW = Date.parse('2099-11-30T12:00:00Z');
test.each([
  [NOW, NOW + 5_000, NOW - 60_000, 'ok'],
  [NOW, NOW + 60_000, NOW - 60_000, 'error'], // the database has another time
  [NOW, NOW, NOW + 60_000, 'error'], // something was written later than now
  [0, 0, 0, 'error'], // before rollbook was built
])('clock: at %d, %d in the database, last written at %d, is %s', (now, theirs, written, level) => {
  expect(clock(now, theirs, written).level).toBe(level);
});

describe('database', () => {
  let other: World;
  beforeEach(async () => {
    other = await openWorld({ reuse: false });
  });
  afterEach(() => other.close());
  const withOther = (more: NodeJS.ProcessEnv = {}) => settings({ DATABASE_URL: other.url, ...more });

  test('one of a newer rollbook is an error, and so is an older one that may not be brought up to date', async () => {
    const { knex } = other.database;
    const last = (await knex('knex_migrations').orderBy('id', 'desc').first()) as { id: number };
    await knex('knex_migrations').where('id', last.id).delete();
    expect(await found('database', withOther())).toEqual(said('warning', 'It is of an older rollbook.'));
    expect(await found('database', withOther({ ROLLBOOK_MIGRATE: 'off' }))).toEqual(said('error', /is older/));
    await knex('knex_migrations').insert({ ...last, name: '9999_of_tomorrow' });
    expect(await found('database', withOther())).toEqual(said('error', /newer rollbook/));
  });

  test('one that was changed by hand is an error, and so is a time zone that this Node does not know', async () => {
    const { knex } = other.database;
    await knex('districts').where('id', other.districts.elsewhere).update({ time_zone: 'Mars/Olympus_Mons' });
    expect(await found('database', withOther())).toEqual(said('error', /time zones Mars\/Olympus_Mons/));
    await knex.schema.renameTable('marks', 'marks_gone');
    expect(await found('database', withOther())).toEqual(said('error', /marks/));
  });

  test("one of another program's is told from one that is empty", async () => {
    const { knex, tables } = other.database;
    if (isSqlite) await knex.raw('pragma foreign_keys = off');
    const listed = await knex.raw(tables);
    for (const { name } of listed.rows ?? listed)
      await knex.raw(`drop table if exists "${name}" ${isSqlite ? '' : 'cascade'}`);
    expect(await found('database', withOther())).toEqual(said('warning', 'It is there, and empty.'));
    for (const table of ['albums', 'artists', 'genres', 'knex_migrations', 'tracks'])
      await knex.schema.createTable(table, (columns) => columns.integer('id'));
    expect(await found('database', withOther())).toEqual(
      said('error', "It is not rollbook's: it has the tables albums, artists, genres and 1 more, and no districts."),
    );
  });

  test('a service on another database, or with another key, is told from this one', async () => {
    const { level, says } = (await found('port', withOther()))[0]!;
    expect([level, says]).toEqual(['error', expect.stringContaining('works on another database')]);
    const others = settings({ ROLLBOOK_SECRET_KEY: 'another key that is used in tests alone' });
    expect(await found('port', others)).toEqual(said('error', /with another key/));
  });

  test('a key that does not open what is sealed is an error', async () => {
    const others = settings({ ROLLBOOK_SECRET_KEY: 'another key that is used in tests alone' });
    expect(await found('key', others)).toEqual(said('error', /ROLLBOOK_SECRET_KEY/));
    expect(await found('key', settings({ ROLLBOOK_SECRET_KEY: 'short' }))).toEqual(said('error', /at least 32/));
  });
});

test('database: one that cannot be reached is an error that shows no password', async () => {
  const garbage = join(folder, 'garbage.db');
  writeFileSync(garbage, 'x'.repeat(10_000));
  const url = isSqlite ? `sqlite:${garbage}` : 'postgres://rollbook:hunter2@127.0.0.1:1/rollbook';
  const [finding] = await found('database', settings({ DATABASE_URL: url }));
  const says = isSqlite ? 'It is no sound database: file is not a database.' : 'It cannot be reached:';
  expect(finding).toMatchObject({ level: 'error', says: expect.stringContaining(says) });
  expect(finding!.todo).not.toMatch(isSqlite ? /PostgreSQL/ : /file/);
  expect(JSON.stringify(finding)).not.toContain('hunter2');
});

if (isSqlite) {
  test('where there is nothing yet it says so, and makes nothing', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    const { ROLLBOOK_SECRET_KEY: _none, ...rest } = settings({
      DATABASE_URL: `sqlite:${join(empty, 'x', 'rollbook.db')}`,
    });
    expect(await found('database', rest)).toEqual(said('warning', /There is no database at/));
    expect(await found('key', rest)).toEqual(said('warning', /There is no key at/));
    expect(await found('key', { ...rest, ROLLBOOK_SECRET_KEY: 'short' })).toEqual(said('error', /at least 32/));
    expect(readdirSync(empty)).toEqual([]);
  });

  test('a folder that is closed to this user leaves no check without its line', async () => {
    const shut = mkdtempSync(join(folder, 'shut-'));
    const { ROLLBOOK_SECRET_KEY: _none, ...rest } = settings({ DATABASE_URL: `sqlite:${join(shut, 'rollbook.db')}` });
    const checks = (await examine(rest)).map(({ check }) => check);
    writeFileSync(join(shut, 'rollbook.db'), 'x');
    chmodSync(shut, 0);
    const isRoot = process.getuid!() === 0; // to whom no folder is closed
    if (isRoot) process.seteuid!(65_534);
    const findings = await examine(rest).finally(() => isRoot && process.seteuid!(0));
    expect(findings.map(({ check }) => check)).toEqual(checks);
    for (const check of ['disk', 'database', 'key'])
      expect(findings.find((finding) => finding.check === check)).toMatchObject({
        level: 'error',
        says: expect.stringMatching(/This user may not get at|cannot be written by this user/),
      });
  });

  test('database: one on a disk that is full is said to be there', async () => {
    const full = mkdtempSync(join(folder, 'full-'));
    copyFileSync(api.world.database.file!, join(full, 'rollbook.db'));
    const env = settings({ DATABASE_URL: `sqlite:${join(full, 'rollbook.db')}` });
    const { stdout, code } = await rollbook(['doctor'], env, { room: 0 });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^error +database +It is there, and its disk is full.*\. Make room/m);
  });

  test('key: a file of keys that is missing, or that others can read', async () => {
    const { ROLLBOOK_SECRET_KEY: _none, ...rest } = settings();
    const file = join(api.world.database.file!, '..', 'rollbook.key');
    expect(await found('key', rest)).toEqual(said('error', /secrets are sealed with one/));
    writeFileSync(file, `${KEY}\n`);
    chmodSync(file, 0o644);
    expect(await found('key', rest)).toEqual(said('warning', /Others on this machine could read the key in/));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await found('key', rest)).toEqual(said('ok', /rollbook.key can be read, and opens what is sealed/));
    rmSync(file);
  });
} else {
  test('database: one that can only be read is said to be so, also as the only host that is left', async () => {
    const { host, pathname } = new URL(api.world.url);
    const options = 'options=-c%20default_transaction_read_only%3Don';
    for (const hosts of [`${host}${pathname}?`, `127.0.0.1:1,${host}${pathname}?target_session_attrs=read-write&`]) {
      const DATABASE_URL = `postgres://rollbook@${hosts}${options}`;
      expect(await found('database', settings({ DATABASE_URL }))).toEqual(
        said('warning', 'It can only be read just now.'),
      );
    }
  });

  test('key: PostgreSQL needs one that is given', async () => {
    const { ROLLBOOK_SECRET_KEY: _none, ...rest } = settings();
    expect(await found('key', rest)).toEqual(said('error', 'ROLLBOOK_SECRET_KEY is not set.'));
  });
}

test('port: one that is free is as it should be, one that something else holds is an error', async () => {
  const url = await listen((_request, response) => void response.writeHead(404).end());
  const env = settings({ PORT: new URL(url).port });
  expect(await found('port', env)).toEqual(said('error', /Something else listens/));
  // An address that is another machine's, and where somebody answers.
  const elsewhere = jest.spyOn(TcpServer.prototype, 'listen').mockImplementation(function (this: TcpServer) {
    process.nextTick(() => this.emit('error', Object.assign(new Error('elsewhere'), { code: 'EADDRNOTAVAIL' })));
    return this;
  });
  const asked = await found('port', env);
  elsewhere.mockRestore();
  expect(asked).toEqual(said('error', /127\.0\.0\.1 is no address of this machine/));
  await new Promise((resolve) => servers.pop()!.close(resolve).closeAllConnections());
  expect(await found('port', env)).toEqual(said('ok', /is free/));
  expect(await found('proxy', { ...env, PUBLIC_URL: url })).toEqual(said('warning', /rollbook does not run/));
  expect(await found('port', settings({ HOST: '192.0.2.7' }))).toEqual(
    said('error', /192\.0\.2\.7 is no address of this machine/),
  );
});

test('proxy: one that sets the headers is as it should be, one that hands on what a client claims is an error', async () => {
  const honest = await proxy(honestly);
  expect(await found('proxy', settings({ PUBLIC_URL: honest }))).toEqual(
    said('ok', `${honest} leads here, by http; this machine comes from 198.51.100.7`),
  );
  const credulous = await proxy((headers) => headers);
  expect(await found('proxy', settings({ PUBLIC_URL: credulous }))).toEqual(
    said('error', /A client can claim any address/),
  );
  const deaf = await proxy(({ 'rollbook-doctor': _asked, ...headers }) => headers);
  expect(await found('proxy', settings({ PUBLIC_URL: deaf }))).toEqual(said('error', /Something else answers/));
  const nobody = await listen(() => undefined);
  await new Promise((resolve) => servers.pop()!.close(resolve).closeAllConnections());
  expect(await found('proxy', settings({ PUBLIC_URL: nobody }))).toEqual(said('error', /cannot be reached/));
});

test.each<[string, (headers: Headers) => Headers, (target: string) => string, RegExp]>([
  [
    'puts another Host',
    (all) => ({ ...honestly(all), host: 'upstream' }),
    (target) => target,
    /changes Host: .* and upstream came/,
  ],
  ['drops the query', honestly, (target) => target.split('?')[0]!, /changes the query/],
  ['decodes the query', honestly, (target) => target.replaceAll('%20', '+'), /changes the query/],
  ['decodes the path', honestly, (target) => target.replace('%3A', ':'), /changes the path/],
  ['adds to the path', honestly, (target) => target.replace('?', '/?'), /changes the path/],
  [
    'drops X-Forwarded-For',
    ({ 'x-forwarded-for': _for, ...rest }) => rest,
    (target) => target,
    /not say who the client is/,
  ],
  ['claims https', (all) => ({ ...honestly(all), 'x-forwarded-proto': 'https' }), (target) => target, /come by https/],
])('proxy: one that %s is an error', async (_does, headersOf, targetOf, says) => {
  const url = await proxy(headersOf, targetOf);
  expect(await found('proxy', settings({ PUBLIC_URL: url }))).toEqual(said('error', says));
});

test('port: a service that was started with another PUBLIC_URL or TRUST_PROXY is an error', async () => {
  expect(await found('port', settings({ PUBLIC_URL: api.url }))).toEqual(
    said('error', /was started with no PUBLIC_URL/),
  );
  expect(await found('port', settings({ TRUST_PROXY: '' }))).toEqual(said('error', /with TRUST_PROXY=loopback/));
});

test('metrics: a port that is taken is an error, one that is open to others a warning', async () => {
  const METRICS_PORT = new URL(await listen((_request, response) => void response.writeHead(404).end())).port;
  expect(await found('metrics', settings())).toEqual([]);
  expect(await found('metrics', settings({ METRICS_PORT }))).toEqual(said('error', /holds 127\.0\.0\.1, port/));
  const same = { METRICS_PORT: settings().PORT!, METRICS_HOST: '0.0.0.0' };
  expect(await found('metrics', settings(same))).toEqual(said('error', /as PORT is/));
  const open = { METRICS_PORT: '0', METRICS_HOST: '0.0.0.0' };
  expect(await found('metrics', settings(open))).toEqual(said('warning', /Others can read the metrics/));
  const ours = await listen((_request, response) => void response.end('rollbook_requests_total 1'));
  const served = { METRICS_PORT: new URL(ours).port };
  expect(await found('metrics', settings(served))).toEqual(said('ok', /127\.0\.0\.1/));
});

test('key: one that is missing is told also where PostgreSQL does not answer, and one that is too short before a start', async () => {
  const { ROLLBOOK_SECRET_KEY: _none, ...rest } = settings({
    DATABASE_URL: 'postgres://rollbook@127.0.0.1:1/rollbook',
  });
  expect(await found('database', rest)).toEqual(said('error', /cannot be reached/));
  expect(await found('key', rest)).toEqual(said('error', 'ROLLBOOK_SECRET_KEY is not set.'));
  const { code, stdout } = await rollbook(['doctor'], { ...rest, ROLLBOOK_SECRET_KEY: 'short' });
  expect(code).toBe(1);
  expect(stdout).not.toMatch(/can be used/);
  expect(stdout).toMatch(/^error +key +ROLLBOOK_SECRET_KEY must have at least 32/m);
});

test('proxy: without PUBLIC_URL nobody but this machine may reach the service', async () => {
  expect(await found('proxy', settings({ HOST: '0.0.0.0' }))).toEqual(said('warning', /by plain http/));
});

const seen: Seen = {
  nonce: 'x',
  version: version(),
  epoch: 'e',
  host: 'attendance.example.org',
  target: ECHO_TARGET,
  scheme: 'https',
  client: '198.51.100.7',
  peer: '10.0.0.2',
  trusted: true,
  forwarded: { for: '198.51.100.7', proto: 'https' },
  settings: { publicUrl: 'https://attendance.example.org', trustProxy: ['loopback'] },
};
const soon = Date.now() + 3 * 86_400_000;
test.each<[Partial<Seen> | undefined, number | undefined, string, RegExp]>([
  [{}, undefined, 'ok', /leads here, by https/],
  [{}, soon, 'warning', /ends in [23] days/],
  [undefined, undefined, 'error', /Something else answers/],
  [{ epoch: 'f' }, undefined, 'error', /another database/],
  [{ scheme: 'http', trusted: false }, undefined, 'error', /The proxy at 10\.0\.0\.2 is not trusted/],
  [
    { scheme: 'http', forwarded: { for: null, proto: null } },
    undefined,
    'error',
    /does not say that clients come by https/,
  ],
  [{ scheme: 'http', forwarded: { for: null, proto: 'http' } }, undefined, 'error', /that a client has sent/],
  [{ client: FORGED }, undefined, 'error', /can claim any address/],
  [{ host: 'attendance.example.org:443' }, undefined, 'ok', /leads here/],
  [{ host: 'rollbook' }, undefined, 'warning', /changes Host/], // PUBLIC_URL is signed, too
  [{ version: '0.0.1' }, undefined, 'warning', /Not checked/],
])(
  'proxy: where the service sees %j of an https address, and the certificate ends at %s, it is %s',
  (part, until, level, says) => {
    const answer = { status: 200, seen: part && { ...seen, ...part }, until };
    expect([judged('https://attendance.example.org', answer, { epoch: 'e' })]).toEqual(said(level, says));
  },
);

test('nobody is told what the service sees but who has its key, and asks now', async () => {
  const signer = signerWith([KEY]);
  const ask = (header: string) => fetch(api.url + ECHO_TARGET, { headers: { 'rollbook-doctor': header } });
  const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;
  const nowhere = await codeOf(await fetch(`${api.url}/nowhere`));
  for (const header of [
    '',
    'x',
    questionBy(['another key that is used in tests alone']).header,
    questionBy([KEY], Date.now() - 120_000).header,
    questionBy([KEY], Date.now() + 120_000).header,
    signer.sign('something else', Buffer.from('{}')),
  ]) {
    const answer = await ask(header);
    expect([answer.status, await codeOf(answer)]).toEqual([404, nowhere]);
  }
  const [mine, other] = [questionBy([KEY]), questionBy([KEY])];
  const text = await (await ask(mine.header)).text();
  expect(other.answered(text)).toBeUndefined();
  // Who hands it on, or listens, reads nothing of it.
  const parts = [text, ...text.split(':').map((part) => Buffer.from(part, 'base64url').toString('latin1'))];
  for (const word of ['127.0.0.1', 'nonce', version()]) expect(parts.join()).not.toContain(word);
  expect(mine.answered(text.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')))).toBeUndefined();
  expect(mine.answered(text)).toMatchObject({ scheme: 'http', client: '127.0.0.1' });
});
