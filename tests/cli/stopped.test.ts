import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, envOf } from './many';
import { type RunningServer, startServer } from './process';
import { signed } from './signed';

/**
 * Processes that are stopped, as by a debugger, which are alive and answer nothing; and those that are killed, as by a
 * system without memory.
 */
jest.setTimeout(60_000);

let world: World;
let server: RunningServer;
beforeEach(async () => {
  world = await openWorld();
  server = await startServer({ ...envOf(world), RATE_LIMIT: '1000' }, '--workers', '2');
  await until(() => listening().length === 2);
});
afterEach(async () => {
  // A worker that is stopped holds the pipes open by whose end the end of the service is known.
  const ended = server.stop('SIGKILL');
  for (const pid of listening()) kill(pid, 'SIGKILL');
  await ended;
  await world.close();
});

/** Waits, but not beyond the test: what goes on waiting would keep the process of the tests from its end. */
const until = async (is: () => boolean) => {
  const end = Date.now() + 50_000;
  while (!is()) {
    if (Date.now() > end) throw new Error(`It has not come about: ${is}`);
    await wait(50);
  }
};
/** Process ids of the workers, in the order in which they began to listen. */
const listening = () =>
  [...server.log().matchAll(/"pid":(\d+),.*"worker":\d+,"address"/g)].map(([, pid]) => Number(pid));
const kill = (pid: number, signal: NodeJS.Signals | 0) => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it has ended
  }
};

const ended = (pids: readonly number[]) => pids.every((pid) => !kill(pid, 0));

/** A status that is on its way: all of its request has come but the last byte, which `finish` sends. */
async function begun(token: string, enrollment: number, date: string) {
  const body = JSON.stringify({ attendances: { attendance: [{ enrollment_id: enrollment, date, status: 2 }] } });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data).slice(9, 12)));
    socket.once('close', () => resolve('ended'));
  });
  const head = [
    `PUT /v1/sections/${world.sections.algebra}/attendance HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
  await wait(100);
  return {
    finish: () => {
      socket.write(body.slice(-1));
      return answer;
    },
  };
}

/** A connection that is kept; each `ask` tells the status, or that the connection has ended. */
function dial() {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve('ended')));
  return {
    ask(): Promise<string> {
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      return Promise.race([
        new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data).slice(9, 12)))),
        ended,
      ]);
    },
    end: () => socket.destroy(),
  };
}

/** Stops the worker that holds a connection, which is the one without which nobody answers it, and asks it. */
async function stopHolder({ ask }: ReturnType<typeof dial>): Promise<{ pid: number; asked: Promise<string> }> {
  const [first, second] = listening() as [number, number];
  kill(first, 'SIGSTOP');
  const asked = ask();
  if ((await Promise.race([asked, wait(1000)])) === undefined) return { pid: first, asked };
  kill(first, 'SIGCONT');
  kill(second, 'SIGSTOP');
  return { pid: second, asked: ask() };
}

test('a worker that is stopped is replaced; the others go on, and its connections end', async () => {
  const { token } = await clientOf(world);
  const { put } = attendanceOf(server.url, world, token);
  const kept = Array.from({ length: 12 }, dial);
  expect(await Promise.all(kept.map(({ ask }) => ask()))).toEqual(Array(12).fill('200'));
  const [first, ...others] = kept;
  const stopped = await stopHolder(first!);
  const asked = others.map(({ ask }) => ask());
  // New connections are accepted by the other alone.
  for (let round = 0; round < 8; round++) {
    const fresh = dial();
    expect(await fresh.ask()).toBe('200');
    fresh.end();
  }
  expect((await put([world.enrollments.ada, '2025-09-08', 2])).status).toBe(200);
  expect(await stopped.asked).toBe('ended');
  const answers = await Promise.all(asked);
  expect(answers.filter((answer) => answer !== '200' && answer !== 'ended')).toEqual([]);
  await until(() => listening().length === 3);
  expect(kill(stopped.pid, 0)).toBe(false);
  expect(server.log()).toContain('a worker does not answer; it is killed');
  for (const { end } of kept) end();
});

test('a supervisor that is stopped is ended by its workers, which finish what is in flight and end too', async () => {
  const client = await clientOf(world);
  const { put } = attendanceOf(server.url, world, client.token);
  const workers = listening();
  kill(server.pid, 'SIGSTOP');
  expect((await put([world.enrollments.ada, '2025-09-08', 2])).status).toBe(200);
  // What only the supervisor knows is not waited for for ever.
  const url = `${server.url}/v1/sections/${world.sections.algebra}/attendance`;
  const { status, headers } = await fetch(url, { headers: { authorization: signed(client, 'GET', url) } });
  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  await until(() => ended([server.pid, ...workers]));
  expect(server.log()).toContain('the supervisor does not answer');
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
  expect(
    await world.ledger.marks({ district: world.districts.larkspur, section: world.sections.algebra }),
  ).toHaveLength(1);
});

test('where the supervisor is killed, its workers finish what is in flight, and end', async () => {
  const { token } = await clientOf(world);
  const workers = listening();
  const { ada, grace } = world.enrollments;
  const dates = ['2025-09-08', '2025-09-09', '2025-09-10', '2025-09-11'];
  const [first, ...others] = await Promise.all(
    dates.flatMap((date) => [begun(token, ada, date), begun(token, grace, date)]),
  );
  kill(server.pid, 'SIGKILL');
  expect(await first!.finish()).toBe('200');
  await wait(500); // meanwhile it would tell the supervisor what that cost
  expect(await Promise.all(others.map(({ finish }) => finish()))).toEqual(Array(7).fill('200'));
  await until(() => ended(workers));
  expect(server.log()).toContain('the supervisor has ended');
  expect(server.log()).not.toContain('uncaught');
  expect(server.errors()).toBe('');
  expect(
    await world.ledger.marks({ district: world.districts.larkspur, section: world.sections.algebra }),
  ).toHaveLength(8);
});

test('a worker that is killed while the supervisor has something to tell it is replaced', async () => {
  const { token } = await clientOf(world);
  const [first, second] = listening() as [number, number];
  kill(server.pid, 'SIGSTOP');
  kill(first, 'SIGSTOP');
  const { finish } = await begun(token, world.enrollments.ada, '2025-09-08');
  expect(await finish()).toBe('200');
  await wait(500); // the second has told by then what that cost; it comes before the end of the first
  kill(first, 'SIGKILL');
  await wait(500);
  kill(server.pid, 'SIGCONT');
  await until(() => listening().length === 3);
  expect([kill(server.pid, 0), kill(second, 0)]).toEqual([true, true]);
  expect(server.log()).not.toContain('uncaught');
});
