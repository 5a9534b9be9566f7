import { createInterface } from 'node:readline/promises';

/** For commands that cannot be undone: throws where it is not confirmed by `--yes` or by typing the text. */
export async function confirm(what: string, expected: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)));
  const typed = await Promise.race([terminal.question(`${what}\nType ${expected} to go on: `), ended]);
  terminal.close();
  if (typed?.trim() !== expected)
    throw new Error(`Nothing was done: it was not confirmed. Type ${expected}, or give --yes.`);
}
