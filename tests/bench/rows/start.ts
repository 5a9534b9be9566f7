import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../engines/port';
import { bearer } from '../load/request';
import { environment } from '../processes/rollbook';
import { majorOf, type Runtime } from '../processes/runtime';
import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import type { School } from '../school/build';
import { month } from '../school/traffic';

export const start: Row[] = [
  {
    id: 'B13',
    rollbook: 'start of the process to its first answer, one month of a section',
    limit: "`node -e ''`",
    isOfEachNode: true,
    async measure(lab) {
      const { runtime } = lab;
      const school = await lab.school();
      const [rollbook, limit] = await interleave(
        lab.quick ? 5 : 15,
        () => firstAnswer(school, runtime),
        () => nothing(runtime),
      );
      // A newer Node starts sooner, so that the same start is more of these.
      return [ratio(median(rollbook), median(limit), 'ms', { atMost: majorOf(runtime) < 24 ? 4 : 8 })];
    },
  },
];

async function nothing({ node }: Runtime): Promise<number> {
  const started = performance.now();
  await once(spawn(node, ['-e', ''], { stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}

async function firstAnswer({ url, client }: School, { node, flags, main }: Runtime): Promise<number> {
  const port = await freePort();
  const request = month(1, bearer(client));
  const started = performance.now();
  const child = spawn(node, [...flags, main, 'serve'], {
    env: { ...environment(url), PORT: String(port) },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  let answer: string | undefined;
  while (answer === undefined && child.exitCode === null) answer = await attempt(port, request);
  const milliseconds = performance.now() - started;
  child.kill();
  await ended;
  if (!answer?.startsWith('HTTP/1.1 200')) throw new Error(`The first answer was ${answer}`);
  return milliseconds;
}

/** The beginning of the answer; undefined where nobody listens yet. */
function attempt(port: number, request: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (data) => {
      socket.destroy();
      resolve(data.toString('latin1'));
    });
    socket.on('error', () => setTimeout(() => resolve(undefined), 2));
  });
}
