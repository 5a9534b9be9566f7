import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, envOf } from './many';
import { type RunningServer, startServer } from './process';
import { signed } from './signed';

/** Processes that are stopped, as by a debugger or a machine without memory: they are alive and answer nothing. */
jest.setTimeout(60_000);

let world: World;
let server: RunningServer;
beforeEach(async () => {
  world = await openWorld();
  server = await startServer(envOf(world), '--workers', '2');
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
  await until(() => [server.pid, ...workers].every((pid) => !kill(pid, 0)));
  expect(server.log()).toContain('the supervisor does not answer');
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
  expect(
    await world.ledger.marks({ district: world.districts.larkspur, section: world.sections.algebra }),
  ).toHaveLength(1);
});
