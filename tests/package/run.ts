import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** What a command prints. Throws where it fails, with that. */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { code, said } = await tried(command, args, options);
  if (code === 0) return said;
  throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${said}`);
}

/** What a command prints, and how it ends. */
export async function tried(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  return { code, said };
}

/** Waits until it is so; throws where it is not so in time. */
export async function until(is: () => Promise<boolean>, seconds = 30): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await wait(50)) if (await is()) return;
  throw new Error(`It has not come about within ${seconds} seconds: ${is}`);
}

/** Whether a service at this address says that it is ready. */
export const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
