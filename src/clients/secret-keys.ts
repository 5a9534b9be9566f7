import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watchFile,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer } from '../database/rows';

/** Where the keys of an embedded database are kept: one a line, the one in use first, readable by its owner alone. */
export const keyFileOf = (database: string): string => join(dirname(database), 'rollbook.key');

/** 256 bits. */
export const newKey = (): string => randomBytes(32).toString('base64url');

/** The lines of the file. Others than its owner lose their access. */
export function readKeyFile(path: string): string[] {
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return readFileSync(path, 'utf8')
    .trim()
    .split(/\s*\n\s*/);
}

/** The file has either the keys it had or these, whenever it is read. */
export function replaceKeyFile(path: string, keys: readonly string[]): void {
  const written = nameOfDraft(path);
  try {
    draft(written, keys);
    renameSync(written, path);
  } finally {
    rmSync(written, { force: true });
  }
}

/** Makes the file with one key, where there is none. Of two processes that start at once, one wins and both read its key. */
export function makeKeyFile(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const written = nameOfDraft(path);
  try {
    draft(written, [newKey()]);
    linkSync(written, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(written, { force: true }); // also half of one, where the disk is full
  }
}

/** Written whole under another name first. */
function draft(path: string, keys: readonly string[]): void {
  writeFileSync(path, keys.map((key) => `${key}\n`).join(''), { mode: 0o600, flag: 'wx', flush: true });
}

const nameOfDraft = (path: string): string => `${path}.${randomBytes(6).toString('hex')}`;

/** There is no key that could be used; the message says why. */
export class SecretKeyError extends Error {}

/**
 * The keys of the service: the first seals and signs, all of them open and verify, so that one takes the place of
 * another while processes run that still use the older. The list changes when its file does: read it at each use.
 */
export type SecretKeys = readonly string[];

/** The setting by which an operator gives the keys. */
export const GIVEN = 'ROLLBOOK_SECRET_KEY';
const MIN_LENGTH = 32;
/** How often a process looks whether the file has changed, in milliseconds. */
const LOOK = 500;
/** By then every process has the keys that the file has, in milliseconds. */
export const PICKED_UP = 4 * LOOK;

/**
 * The operator's keys, separated by commas, else those kept beside the embedded database, one a line; generated when
 * there is none.
 * @param file of the embedded database; undefined where the database is elsewhere
 */
export function secretKeysFor(given: string | undefined, file: string | undefined): SecretKeys {
  if (given !== undefined) return longEnough(given.split(','), GIVEN);
  if (file) {
    makeKeyFile(keyFileOf(file));
    return followed(keyFileOf(file));
  }
  throw new SecretKeyError(
    'ROLLBOOK_SECRET_KEY must be set where the database is PostgreSQL, to the same text in every process.',
  );
}

/**
 * The keys of the service on this database, as `secretKeysFor` has them. Throws SecretKeyError where the file is
 * missing with the key that secrets in the database are sealed with: another key opens none of them.
 */
export async function secretKeysOf(database: Database, given: string | undefined): Promise<SecretKeys> {
  const { file } = database;
  if (file && !hasSecretKeys(given, file) && (await isSealed(database)))
    throw new SecretKeyError(
      `There is no key, and secrets of clients in ${file} are sealed with one: put it back as ${keyFileOf(file)}, or ` +
        'set ROLLBOOK_SECRET_KEY to it. No other was made. Where it is lost, so are the secrets: `rollbook client list` ' +
        'and `client revoke` end the clients without it, after which a start makes a new key.',
    );
  return secretKeysFor(given, file);
}

/** What an operator is told of where the keys of `secretKeysFor` are. */
export const nameOfKeys = (given: string | undefined, file: string | undefined): string =>
  given === undefined && file ? `The key in ${keyFileOf(file)}` : GIVEN;

/** Whether secrets of clients that stand are sealed with some key. */
export async function isSealed({ knex, all }: Database): Promise<boolean> {
  const find = text(
    knex,
    'select id from api_clients where revoked_at is null limit 1',
    { id: integer },
    { acrossDistricts: 'one key seals the secrets of all clients' },
  );
  return (await all(find)).length > 0;
}

/** Whether there is a key already, given or beside the embedded database. */
export const hasSecretKeys = (given: string | undefined, file: string | undefined): boolean =>
  given !== undefined || (file !== undefined && existsSync(keyFileOf(file)));

function longEnough(keys: readonly string[], name: string): string[] {
  const trimmed = keys.map((key) => key.trim());
  const short = trimmed.find((key) => key.length < MIN_LENGTH);
  if (short === undefined) return trimmed;
  throw new SecretKeyError(
    trimmed.length === 1
      ? `${name} must have at least ${MIN_LENGTH} characters; it has ${short.length}.`
      : `${name} must have at least ${MIN_LENGTH} characters in each of its keys; one has ${short.length}.`,
  );
}

/** The keys of the file, as it stands at any time. */
function followed(path: string): SecretKeys {
  const read = () => longEnough(readKeyFile(path), path);
  const keys = read();
  watchFile(path, { interval: LOOK, persistent: false }, ({ nlink }) => {
    if (nlink === 0) return; // taken away: what is known stays good
    try {
      keys.splice(0, keys.length, ...read());
    } catch {
      // Edited into what is no key: what is known stays good, and the next start says what is wrong.
    }
  });
  return keys;
}
