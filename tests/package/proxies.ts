import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../../src/lib/root';
import { run, tried, until } from './run';

const NAME = 'attendance.example.org';
const CERTIFICATE = `/etc/ssl/certs/${NAME}.pem`;
const PRIVATE_KEY = `/etc/ssl/private/${NAME}.pem`;
const MiB = 1024 * 1024;

/** A proxy as the example has it. */
interface Proxy {
  readonly name: string;
  readonly program: string;
  /** Starts it by the example, with the certificate of the test. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const service = (name: string, write: () => void): Pick<Proxy, 'start' | 'stop'> => ({
  async start() {
    write();
    await run('systemctl', ['restart', name]);
    await until(async () => (await ask('GET', '/healthz').catch(() => undefined))?.status === 200);
  },
  stop: () => run('systemctl', ['stop', name]).then(() => undefined),
});

const nginxSite = '/etc/nginx/conf.d/rollbook.conf';
const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    program: '/usr/sbin/nginx',
    ...service('nginx', () => copyFileSync(join(root, 'packaging/nginx.conf'), nginxSite)),
  },
  {
    name: 'Caddy',
    program: '/usr/bin/caddy',
    ...service('caddy', () => {
      // It would ask an authority for a certificate.
      const example = readFileSync(join(root, 'packaging/Caddyfile'), 'utf8');
      const own = `\ttls ${CERTIFICATE} ${PRIVATE_KEY}\n\treverse_proxy`;
      writeFileSync('/etc/caddy/Caddyfile', example.replace('\treverse_proxy', own));
    }),
  },
];

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** Asks by TLS, through the proxy, trusting the certificate of the test alone. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(CERTIFICATE);
    const asked = request({ host: NAME, port: 443, ca, method, path, headers }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode!, headers: answer.headers, text });
    });
    asked.on('error', reject).end(body);
  });
}

const DAY = '2025-10-14';

/** Asks a service with an old database, whose client has this token, through each proxy that there is. */
export function throughProxies(packages: string, token: string): void {
  const bearer = { authorization: `Bearer ${token}` };
  const roll = `/v1/sections/1/attendance?start=${DAY}&end=${DAY}`;
  const write = (status: number, ifMatch: string) => {
    const body = JSON.stringify({ attendances: { attendance: [{ enrollment_id: 1, date: DAY, status }] } });
    const headers = { ...bearer, 'content-type': 'application/json', 'if-match': ifMatch };
    return ask('PUT', '/v1/sections/1/attendance', headers, body);
  };
  const etag = async () => String((await ask('GET', roll, { ...bearer, 'accept-encoding': 'gzip' })).headers.etag);

  test('the service is told of its proxy', async () => {
    const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-keyout',
      PRIVATE_KEY,
      '-out',
      CERTIFICATE,
      ...subject,
    ]);
    await run('chmod', ['644', PRIVATE_KEY]); // Caddy is not root
    await run('chmod', ['711', '/etc/ssl/private']);
    appendFileSync('/etc/rollbook/rollbook.env', `PUBLIC_URL=https://${NAME}\nTRUST_PROXY=loopback\n`);
    await run('systemctl', ['restart', 'rollbook']);
  });

  for (const proxy of proxies) {
    const { name, program } = proxy;
    if (!existsSync(program)) {
      console.log(
        `Left out: ${name}. It could not be installed:\n${readFileSync(join(packages, 'apt.log'), 'utf8').slice(-500)}`,
      );
      continue;
    }
    test(`behind ${name}`, async (t) => {
      await proxy.start();

      await t.test('plain http is sent to https', async () => {
        const answer = await fetch(`http://${NAME}/x?y=1`, { redirect: 'manual' });
        assert.ok([301, 308].includes(answer.status));
        assert.equal(answer.headers.get('location'), `https://${NAME}/x?y=1`);
      });

      await t.test('links begin with the public address, and what a client says of itself does not count', async () => {
        const forged = {
          'x-forwarded-proto': 'http',
          'x-forwarded-for': '192.0.2.1',
          'x-forwarded-host': 'evil.example',
        };
        const answer = await ask('GET', '/osdi/api/v1/', { 'osdi-api-token': token, ...forged });
        assert.equal(answer.status, 200);
        assert.match(String(answer.headers['strict-transport-security']), /max-age=/);
        assert.match(answer.text, new RegExp(`"href":"https://${NAME}/osdi`));
        assert.doesNotMatch(answer.text, /evil/);
      });

      await t.test('a body that is too large is refused in the words of the API', async () => {
        const headers = { ...bearer, 'content-type': 'application/json' };
        const answer = await ask('PUT', '/v1/sections/1/attendance', headers, Buffer.alloc(11 * MiB, ' '));
        assert.equal(answer.status, 413);
        assert.match(String(answer.headers['content-type']), /json/);
      });

      await t.test('an ETag is good for one write', async () => {
        await write(2, '*');
        const known = await etag();
        assert.match(known, /^"/);
        assert.equal((await write(3, known)).status, 200);
        assert.equal((await write(4, known)).status, 412);
      });

      await t.test('an answer comes in the coding that rollbook gave it', async () => {
        const [script] = /assets\/[^"]+\.js/.exec((await ask('GET', '/')).text) ?? [];
        const { headers } = await ask('GET', `/${script}`, { 'accept-encoding': 'br' });
        assert.equal(headers['content-encoding'], 'br');
      });

      await t.test('the doctor finds all as it should be', async () => {
        const { code, findings } = await doctor();
        assert.deepEqual(
          findings.filter(({ level }) => level === 'error'),
          [],
        );
        const { check, level, says } = findings.at(-1)!;
        assert.deepEqual([check, level, says.split(';')[0]], ['proxy', 'ok', `https://${NAME} leads here, by https`]);
        assert.equal(code, 0);
      });

      await t.test('what is streamed is handed on as it comes', () => streamed());
      await proxy.stop();
    });
  }

  if (!existsSync(proxies[0]!.program)) return;
  test('behind an nginx that compresses and so makes ETags weak, they are good for one write, too', async () => {
    await proxies[0]!.start();
    const compressing = 'gzip on; gzip_types *; gzip_proxied any; gzip_min_length 1;';
    writeFileSync(nginxSite, readFileSync(nginxSite, 'utf8').replace('gzip off;', compressing));
    await run('systemctl', ['reload', 'nginx']);
    await until(async () => /^W\//.test(await etag()));
    await write(2, '*');
    const known = await etag();
    assert.equal((await write(3, known)).status, 200);
    assert.equal((await write(4, known)).status, 412);
    await proxies[0]!.stop();
  });

  test('the doctor finds an nginx that hands on what clients claim, and one that says nothing of https', async () => {
    await proxies[0]!.start();
    const example = readFileSync(nginxSite, 'utf8');
    const without = async (header: string) => {
      writeFileSync(nginxSite, example.replace(new RegExp(`proxy_set_header ${header} .*`), ''));
      await run('systemctl', ['restart', 'nginx']);
      const { code, findings } = await doctor();
      assert.equal(code, 1);
      return findings.at(-1)!.says;
    };
    assert.match(await without('X-Forwarded-For'), /can claim any address/);
    assert.match(await without('X-Forwarded-Proto'), /hands on the X-Forwarded-Proto/);
    await proxies[0]!.stop();
  });
}

/** What `rollbook doctor` says where the certificate of the test is trusted. */
async function doctor() {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: CERTIFICATE };
  const { code, said } = await tried('rollbook', ['doctor', '--json'], { env });
  const { findings } = JSON.parse(said) as { findings: { check: string; level: string; says: string }[] };
  return { code, findings };
}

/** In the place of rollbook, a stream of events whose second comes once the first has reached the client. */
async function streamed(): Promise<void> {
  await run('systemctl', ['stop', 'rollbook']);
  let arrived: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = createServer(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    response.write('data: 1\n\n');
    await first;
    response.end('data: 2\n\n');
  });
  await new Promise<void>((resolve) => server.listen(3000, '127.0.0.1', resolve));
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const asked = request(
        { host: NAME, port: 443, ca: readFileSync(CERTIFICATE), path: '/changes' },
        async (answer) => {
          let text = '';
          for await (const chunk of answer) {
            text += chunk;
            if (text === 'data: 1\n\n') arrived();
          }
          resolve(text);
        },
      );
      asked.on('error', reject).end();
      setTimeout(() => reject(new Error('The first event is held back.')), 10_000).unref();
    });
    assert.equal(text, 'data: 1\n\ndata: 2\n\n');
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await run('systemctl', ['start', 'rollbook']);
  }
}
