import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { Database } from '../../src/database/database';
import { partsOf, targetOf } from '../../src/database/hosts';
import { openDatabase } from '../../src/database/open';
import { text } from '../../src/database/query';
import { integer } from '../../src/database/rows';
import { type PostgresServer, startPostgres } from '../engines/postgres-server';

/** A URL of PostgreSQL that names several hosts, and which of them is used. */
jest.setTimeout(60_000);

test.each([
  ['postgres://a/db', ['a']],
  ['postgres://user:p%40ss@a:5433,b,[::1]:5434/db?sslmode=require', ['a:5433', 'b', '[::1]:5434']],
  ['postgres://user:a,b@c/d,e?x=f,g', ['c']],
  ['postgresql:///db', ['']],
])('%s names the hosts %j, and loses nothing', (url, hosts) => {
  const parts = partsOf(url);
  expect(parts.hosts).toEqual(hosts);
  expect(`${parts.before}${parts.hosts}${parts.after}`).toBe(url);
});

test.each([
  ['postgres://a/db', 'any'],
  ['postgres://a,b/db?sslmode=require&target_session_attrs=read-write', 'read-write'],
  ['postgres://a,b/db?target_session_attrs=standby#x', 'standby'],
  ['postgres://a,b/db?target_session_attrs=prefer-standby', undefined],
  ['postgres://a,b/db?target_session_attrs=', undefined],
])('%s asks for %p', (url, target) => {
  expect(targetOf(url)).toBe(target);
});

const onPostgres = () => {
  const primary = new URL(process.env.TEST_POSTGRES_URL!);
  let standby: PostgresServer;
  let silent: Server;
  const unanswered: Socket[] = [];
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    standby = await startPostgres();
    await standby.demote(); // the last test promotes it
    silent = createServer((socket) => unanswered.push(socket)).listen(0, '127.0.0.1'); // never says anything
    await once(silent, 'listening');
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    for (const socket of unanswered) socket.destroy();
    silent.close();
    await standby.stop();
  });
  const silentHost = () => `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const open = (hosts: string[], target = 'read-write', options = {}): Database => {
    const database = openDatabase(`postgres://rollbook@${hosts}/postgres?target_session_attrs=${target}`, options);
    closing.push(() => database.close());
    return database;
  };
  const portOf = async (database: Database): Promise<string> => {
    const port = text(database.knex, 'select inet_server_port() as port', { port: integer });
    return database.transaction(async (tx) => String((await tx.all(port))[0]!.port));
  };
  const standbyHost = () => new URL(standby.url).host;
  const portIn = (host: string) => host.split(':')[1];

  test('the one that can be written is used, wherever it stands in the list, beside one that only reads and one that hangs', async () => {
    const hosts = [silentHost(), standbyHost(), primary.host];
    for (const order of [hosts, hosts.toReversed()]) expect(await portOf(open(order))).toBe(primary.port);
    expect(await portOf(open(hosts, 'standby'))).toBe(portIn(standbyHost()));
    expect(await portOf(open([standbyHost()], 'any'))).toBe(portIn(standbyHost()));
  });

  test('where none is what is asked for, for too long, it is told of each host why not, and no password', async () => {
    const url = `postgres://rollbook:secret@${primary.host},127.0.0.1:1/postgres?target_session_attrs=standby`;
    const database = openDatabase(url);
    closing.push(() => database.close());
    await expect(portOf(database)).rejects.toMatchObject({
      code: '08001',
      message: expect.stringMatching(
        /^None of the hosts can be used: 127\.0\.0\.1:\d+: it [^;]*; 127\.0\.0\.1:1: [^;]*ECONNREFUSED[^;]*$/,
      ),
    });
  });

  test('where none answers, whoever waits for another to be told so first does not wait twice, and who asks again waits less', async () => {
    const database = open([silentHost()], 'any', { pool: 1 });
    const told = () => portOf(database).catch(({ code }) => code);
    const within = (time: number, asked: Promise<unknown>) => Promise.race([asked, wait(time, 'it waits')]);
    expect(await within(8_000, Promise.all([told(), told(), told()]))).toEqual(
      Array(3).fill(expect.stringMatching(/^(08001|08006|53300)$/)),
    );
    expect(await within(4_000, told())).toBe('08001');
  });

  test('a connection that leads nowhere any more ends with its request, and the next one is another', async () => {
    const sockets: Socket[] = [];
    const proxy = createServer((client) => {
      const server = connect(Number(primary.port), primary.hostname);
      client.pipe(server).pipe(client);
      sockets.push(client, server);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });
    const database = open([`127.0.0.1:${(proxy.address() as AddressInfo).port}`], 'any', { timeout: 100 });
    expect(await portOf(database)).toBe(primary.port);
    for (const socket of sockets) socket.unpipe().pause();
    await expect(portOf(database)).rejects.toMatchObject({ code: '08006' });
    expect(await portOf(database)).toBe(primary.port);
  });

  test('while none can be written, one that can be read is read, until one that can be written is there again', async () => {
    const there: Socket[] = [];
    const host = createServer((client) => {
      const server = connect(Number(primary.port), primary.hostname);
      client
        .on('error', () => undefined)
        .pipe(server.on('error', () => undefined))
        .pipe(client);
      there.push(client, server);
    });
    const away = () => {
      for (const socket of there.splice(0)) socket.destroy();
      host.close();
    };
    await once(host.listen(0, '127.0.0.1'), 'listening');
    closing.push(away);
    const { port } = host.address() as AddressInfo;
    const database = open([silentHost(), standbyHost(), `127.0.0.1:${port}`], 'read-write', { pool: 3 });
    const readFrom = async () => [...new Set(await Promise.all([1, 2, 3].map(() => portOf(database))))];
    const until = async (from: string) => {
      while ((await readFrom()).join() !== from) await wait(50);
    };
    expect([await readFrom(), await database.probe()]).toEqual([[primary.port], 'ready']);
    for (const _twice of [1, 2]) {
      away();
      await portOf(database).catch(() => undefined); // by which it finds that its connections are gone
      await until(portIn(standbyHost())!);
      const write = text(database.knex, 'create table written (id integer)', undefined, { acrossDistricts: 'x' });
      await expect(database.transaction((tx) => tx.all(write))).rejects.toMatchObject({ code: '25006' });
      expect(await database.probe()).toBe('read-only');
      host.listen(port, '127.0.0.1');
      await until(primary.port); // though nobody writes
      expect(await database.probe()).toBe('ready');
    }
  });

  test('nothing is looked for once it is closed', async () => {
    const database = open([standbyHost(), '127.0.0.1:1'], 'primary');
    expect(await database.probe()).toBe('read-only');
    await database.close();
    const [client] = [new Client(`${standby.url}postgres`)];
    await client.connect();
    await wait(600);
    const { rows } = await client.query("select pid from pg_stat_activity where backend_type = 'client backend'");
    await client.end();
    expect(rows).toHaveLength(1);
  });

  test('a standby that is promoted is written without a restart', async () => {
    const database = open([silentHost(), standbyHost()]);
    expect([await portOf(database), await database.probe()]).toEqual([portIn(standbyHost()), 'read-only']);
    const client = new Client(`${standby.url}postgres`);
    await client.connect();
    await client.query('select pg_promote()');
    await client.end();
    while ((await database.probe()) !== 'ready') await wait(50);
    expect(await portOf(database)).toBe(portIn(standbyHost()));
  });
};
if (process.env.ENGINE === 'postgres') describe('PostgreSQL', onPostgres);
