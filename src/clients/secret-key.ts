import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** There is no key that could be used; the message says why. */
export class SecretKeyError extends Error {}

const MIN_LENGTH = 32;

/**
 * The key that secrets are sealed with: the operator's, else one kept beside the embedded database, generated when
 * there is none, readable by its owner alone.
 * @param file of the embedded database; undefined where the database is elsewhere
 */
export function secretKeyFor(given: string | undefined, file: string | undefined): string {
  if (given !== undefined) return longEnough(given, 'ROLLBOOK_SECRET_KEY');
  if (file) return keptKey(join(dirname(file), 'rollbook.key'));
  throw new SecretKeyError(
    'ROLLBOOK_SECRET_KEY must be set where the database is PostgreSQL, to the same text in every process.',
  );
}

function longEnough(key: string, name: string): string {
  if (key.length >= MIN_LENGTH) return key;
  throw new SecretKeyError(`${name} must have at least ${MIN_LENGTH} characters; it has ${key.length}.`);
}

function keptKey(path: string): string {
  try {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    generate(path);
  }
  return longEnough(readFileSync(path, 'utf8').trim(), path);
}

/** Written whole under another name first: of two processes that start at once, one wins and both read its key. */
function generate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
