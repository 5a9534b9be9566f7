import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/**
 * A copy of a PostgreSQL database on a disk of its own of so many megabytes, which root can mount; its log stays where
 * it is. `fill` leaves no room on it.
 */
export async function smallDisk(url: string, megabytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-small-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  chmodSync(folder, 0o755);
  const space = join(folder, 'space');
  mkdirSync(space);
  execFileSync('chown', ['nobody', space]);
  const source = new URL(url);
  const [from, name] = [source.pathname.slice(1), `small_${source.pathname.slice(1)}`];
  const administer = async (...statements: string[]) => {
    const client = new Client(Object.assign(new URL(url), { pathname: '/postgres' }).href);
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.end();
  };
  await administer(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`,
    `create tablespace ${name} location '${space}'`,
    `create database ${name} template ${from} tablespace ${name}`,
  );
  const filler = join(folder, 'filler');
  return {
    url: Object.assign(new URL(url), { pathname: `/${name}` }).href,
    fill(): void {
      try {
        writeFileSync(filler, Buffer.alloc(megabytes * 1024 * 1024));
      } catch {
        // as much as there was room for is written
      }
    },
    empty: () => rmSync(filler),
    async remove(): Promise<void> {
      await administer(`drop database ${name} with (force)`, `drop tablespace ${name}`);
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}
