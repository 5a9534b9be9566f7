import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installed } from './installed';
import { freePort } from './port';
import { lend } from './postgres-server';

/** Hands the sessions of a PostgreSQL to whoever begins a transaction, for that transaction. */
export interface Pooler {
  readonly url: string;
  /** Whether it knows which session has prepared what: else `DATABASE_PREPARE` is off. */
  readonly keepsPrepared: boolean;
  stop(): Promise<void>;
}

/** @param sessions how many there are at most */
type Start = (databaseUrl: string, sessions: number) => Promise<Pooler>;

/** The second is where Debian puts it, which is not in everybody's `PATH`. */
const pgbouncer = installed('pgbouncer', '/usr/sbin');

/** Our own, and PgBouncer where it is installed. */
export const poolers: [name: string, start: Start][] = [
  ['a pooler', startStandIn],
  ...(pgbouncer ? [['PgBouncer', startPgbouncer] as [string, Start]] : []),
];

/** PgBouncer with the settings of `docs/pgbouncer.md`. It refuses to run as root. */
async function startPgbouncer(databaseUrl: string, sessions: number): Promise<Pooler> {
  const program = pgbouncer!;
  const keepsPrepared = isOf121(program);
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-pgbouncer-'));
  const [target, url, port] = [new URL(databaseUrl), new URL(databaseUrl), await freePort()];
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${target.hostname} port=${target.port} user=${target.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${sessions}
${keepsPrepared ? 'max_prepared_statements = 500' : ''}
`,
  );
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], { ...lend(folder), cwd: folder, stdio: 'ignore' });
  const ended = once(child, 'exit');
  url.port = String(port);
  await until(() => answers(port));
  return {
    url: url.href,
    keepsPrepared,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** PgBouncer knows of prepared statements from 1.21 on. */
function isOf121(program: string): boolean {
  const [, major, minor] =
    /^PgBouncer (\d+)\.(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' })) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
}

async function until(is: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await is()); await pause(20))
    if (Date.now() > end) throw new Error('The pooler does not listen.');
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });

/** A session of the server, and who has it. */
interface Session {
  readonly socket: Socket;
  client?: Waiting | undefined;
  /** ReadyForQuery messages that are still to come. */
  awaited: number;
}

/** A client, with what it has sent and no session has taken yet. */
interface Waiting {
  readonly socket: Socket;
  readonly sent: Buffer[];
}

const known = ['user', 'database', 'application_name', 'client_encoding'];

/** What a client can notice of PgBouncer: it has a list of parameters that it knows, and prepares nothing itself. */
async function startStandIn(databaseUrl: string, most: number): Promise<Pooler> {
  const target = new URL(databaseUrl);
  const sessions: Session[] = [];
  const queue: Waiting[] = [];
  let opened = 0;

  function next(): void {
    const free = sessions.find(({ client }) => client === undefined);
    if (queue.length > 0 && free) give(free, queue.shift()!);
    else if (queue.length > 0 && opened < most) open();
  }
  function give(session: Session, client: Waiting): void {
    session.client = client;
    for (const message of client.sent.splice(0)) pass(session, message);
  }
  function pass(session: Session, message: Buffer): void {
    if ('QS'.includes(String.fromCharCode(message[0]!))) session.awaited++;
    session.socket.write(message);
  }
  function open(): void {
    opened++;
    const session: Session = { socket: connect(Number(target.port), target.hostname), awaited: 1 };
    const [name, database] = [target.username, target.pathname.slice(1)];
    session.socket.setNoDelay().write(startup({ user: name, database }));
    messages(session.socket, (type, message) => {
      session.client?.socket.write(message);
      if (type !== 'Z') return;
      session.awaited--;
      if (!sessions.includes(session)) sessions.push(session);
      if (session.awaited > 0 || message.toString('latin1', 5) !== 'I') return;
      session.client = undefined;
      next();
    });
    session.socket
      .on('error', () => undefined)
      .on('close', () => {
        opened--;
        if (sessions.includes(session)) sessions.splice(sessions.indexOf(session), 1);
        session.client?.socket.destroy();
        next();
      });
  }

  const server = createServer((socket) => {
    const client: Waiting = { socket: socket.setNoDelay(), sent: [] };
    messages(
      socket,
      (type, message) => {
        if (type === 'X') return socket.end();
        const session = sessions.find((each) => each.client === client);
        if (session) return pass(session, message);
        client.sent.push(message);
        if (!queue.includes(client)) queue.push(client);
        next();
      },
      (parameters) => {
        const strange = parameters.find((name) => !known.includes(name));
        socket.write(strange ? refusal(`unsupported startup parameter: ${strange}`) : welcome);
        if (strange) socket.end();
      },
    );
    socket
      .on('error', () => undefined)
      .on('close', () => {
        if (queue.includes(client)) queue.splice(queue.indexOf(client), 1);
        sessions.find((each) => each.client === client)?.socket.destroy(); // in the middle of a transaction
      });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    keepsPrepared: false,
    stop: async () => {
      server.close();
      for (const { socket } of sessions) socket.destroy();
    },
  };
}

/**
 * PostgreSQL's manual, 55.7: a byte that says which, a length that counts itself, and so on; the first that a client
 * sends has no such byte.
 */
function messages(
  socket: Socket,
  on: (type: string, message: Buffer) => void,
  onStart?: (parameters: string[]) => void,
): void {
  let rest = Buffer.alloc(0);
  let isFirst = onStart !== undefined;
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const at = isFirst ? 0 : 1;
      if (rest.length < at + 4 || rest.length < at + rest.readUInt32BE(at)) return;
      const message = rest.subarray(0, at + rest.readUInt32BE(at));
      rest = rest.subarray(message.length);
      if (isFirst)
        onStart!(
          message
            .toString('utf8', 8)
            .split('\0')
            .filter((_, place) => place % 2 === 0)
            .filter(Boolean),
        );
      else on(String.fromCharCode(message[0]!), message);
      isFirst = false;
    }
  });
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), head, body]);
}

const startup = (parameters: Record<string, string>): Buffer => {
  const version = Buffer.from([0, 3, 0, 0]);
  return message('', Buffer.concat([version, Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`)]));
};
/** AuthenticationOk and ReadyForQuery. */
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const refusal = (text: string): Buffer => message('E', Buffer.from(`SFATAL\0C08P01\0M${text}\0\0`));
