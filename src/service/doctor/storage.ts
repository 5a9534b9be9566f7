import { accessSync, closeSync, constants, existsSync, openSync, readSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  hasSecretKeys,
  isSealed,
  keyFileOf,
  nameOfKeys,
  SecretKeyError,
  type SecretKeys,
  secretKeysFor,
} from '../../clients/secret-keys';
import { openSealing, secretsWith } from '../../clients/secrets';
import type { Database } from '../../database/database';
import { checkCurrent, OlderError, tableNames, whyNotOurs } from '../../database/migrate';
import { fileOf, openDatabase } from '../../database/open';
import { text } from '../../database/query';
import { nullable, string } from '../../database/rows';
import { SchemaError } from '../../database/schema';
import type { Config } from '../config';
import { error, type Finding, failed, found, ok, sentence, warning } from './finding';

/** What of the database and its key is known, by which a service is asked whether it has the same. */
export interface Held {
  readonly keys?: SecretKeys | undefined;
  readonly epoch?: string | undefined;
}

interface Storage {
  readonly findings: readonly Finding[];
  readonly held: Held;
}

/** The disk, the database, its key and the clock. Nothing is made where there is nothing yet. */
export async function storage(config: Config): Promise<Storage> {
  const file = fileOf(config.databaseUrl);
  const disks = file === undefined ? [] : [await found('disk', () => disk(resolve(file)))];
  let database: Database | undefined;
  try {
    const state = await found('database', async () => {
      if (file !== undefined && !isFilled(file)) return none(file);
      try {
        database = openAsServed(config);
        return await databaseState(database, config);
      } catch (thrown) {
        return away(thrown, file);
      }
    });
    const answers = state.level === 'error' ? undefined : database;
    const current = state.level === 'ok' ? database : undefined;
    const { finding, keys } = await key(file, config, current);
    const time = await found('clock', () => (answers ? clockBeside(answers, state) : clock(Date.now())));
    const epoch = current && (await epochOf(current).catch(() => undefined));
    return { findings: [...disks, state, finding, time], held: { keys, epoch } };
  } finally {
    await database?.close();
  }
}

const openAsServed = ({ databaseUrl, postgres, prepare }: Config): Database =>
  openDatabase(databaseUrl, { ...postgres, prepare });

const isFilled = (file: string): boolean => Boolean(statSync(file, { throwIfNoEntry: false })?.size);

const none = (file: string): Finding =>
  warning(
    'database',
    `There is no database at ${resolve(file)} yet.`,
    'The first start makes it; so does `rollbook import`, `migrate` or `restore`.',
  );

/** What is said of a database that is there, and could not be worked on. SQLite: https://sqlite.org/rescode.html. */
const TROUBLES: readonly (readonly [code: RegExp, says: string, todo: string])[] = [
  [
    /^SQLITE_(IOERR|FULL)/,
    'It is there, and its disk is full, fails, or cannot be written',
    'Make room, and look whether the disk is sound and who may write there.',
  ],
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM)/,
    'It is there, and this user may not work on it',
    'Run this as the user of the service, and have its folder and its disk allow writing.',
  ],
  // PostgreSQL, Appendix A: disk_full, read_only_sql_transaction.
  [/^53100$/, 'It answers, and its disk is full', 'Make room there.'],
  [/^25006$/, 'It answers, and can only be read', 'Use the primary.'],
  // Appendix A: invalid_sql_statement_name.
  [/^26000$/, 'It answers, and a start would fail', 'docs/pgbouncer.md says more.'],
  [/^SQLITE_BUSY/, 'It is there, and something else keeps it locked', 'End what works on it, and ask again.'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'It is no sound database', 'Restore a backup: docs/backup.md.'],
];

function away(thrown: unknown, file: string | undefined): Finding {
  const { message, code = '' } = thrown as NodeJS.ErrnoException;
  if (/^(EACCES|EPERM|EROFS)$/.test(code)) return failed('database', thrown);
  const [, says, todo] = TROUBLES.find(([known]) => known.test(code)) ?? [];
  if (says && todo) return error('database', `${says}: ${sentence(message)}`, todo);
  return error(
    'database',
    `It cannot be reached: ${sentence(message || code)}`,
    file === undefined
      ? 'Look whether DATABASE_URL is right, and whether PostgreSQL runs and lets this machine in.'
      : 'Look whether DATABASE_URL is right, and who may read the file.',
  );
}

const MiB = 1024 * 1024;
/** With so little left writes are about to be refused; and with so little a backup may not fit. In bytes. */
const FULL = 64 * MiB;
const SCARCE = 1024 * MiB;
/** Of NFS, SMB and CIFS (statfs(2)): SQLite shares memory among processes by a file, and these cannot. */
const NETWORK = [0x6969, 0x517b, 0xff534d42, 0xfe534d42];

/** Whether the folder of an embedded database can be written, and has room. */
export function disk(file: string, statfs: typeof statfsSync = statfsSync): Finding {
  const folder = existing(dirname(file));
  const isOurs = [folder, ...(existsSync(file) ? [file] : [])].every(isWritable);
  if (!isOurs)
    return error(
      'disk',
      `${folder}, or what is in it, cannot be written by this user.`,
      'Run this as the user of the service, or put the database into a folder of its own.',
    );
  const { type, bavail, bsize } = statfs(folder);
  if (NETWORK.includes(type))
    return error(
      'disk',
      `${folder} is on another machine.`,
      'Put the database on a disk of this machine: SQLite cannot work over a network.',
    );
  const free = bavail * bsize;
  const room = `${Math.floor(free / MiB)} MiB are free in ${folder}`;
  if (free < FULL) return error('disk', `Only ${room}.`, 'Make room: soon no write is taken.');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (free < Math.max(SCARCE, 2 * size)) return warning('disk', `Only ${room}.`, 'Make room: a backup may not fit.');
  return openToOthers(file) ?? ok('disk', room);
}

/**
 * What others on this machine can do with a database. No mode is advised for a folder, which may be everybody's, nor
 * for a file that is no database.
 */
function openToOthers(file: string): Finding | undefined {
  if (!isSqlite(file)) return undefined;
  const folder = dirname(file);
  const [ofFile, ofFolder] = [statSync(file).mode, statSync(folder).mode];
  if ((ofFolder & 0o001) === 0) return undefined; // nobody else gets in
  const what = (ofFile & 0o002) !== 0 ? 'write' : (ofFile & 0o004) !== 0 ? 'read' : undefined;
  const found = [
    ...((ofFolder & 0o002) !== 0
      ? [
          {
            says: `Everybody on this machine can write in ${folder}, and so put other files in the place of the database's.`,
            todo: 'Put the database into a folder of its own that nobody else can write.',
          },
        ]
      : []),
    ...(what
      ? [{ says: `Everybody on this machine can ${what} ${file}.`, todo: `If it is rollbook's: chmod 600 ${file}*` }]
      : []),
  ];
  if (found.length === 0) return undefined;
  return warning('disk', found.map(({ says }) => says).join(' '), found.map(({ todo }) => todo).join(' '));
}

/** Whether a file begins as databases do: https://sqlite.org/fileformat.html, 1.3. */
function isSqlite(file: string): boolean {
  if (!isFilled(file)) return false;
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(16);
    readSync(descriptor, start);
    return start.toString('latin1') === 'SQLite format 3\0';
  } finally {
    closeSync(descriptor);
  }
}

/** The folder, or the first above it that there is. */
const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));

function isWritable(path: string): boolean {
  try {
    const mode = constants.R_OK | constants.W_OK | (statSync(path).isDirectory() ? constants.X_OK : 0);
    accessSync(path, mode);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EROFS') throw thrown; // no other user could, either
    return false;
  }
}

/** Whether the database is one that this rollbook works on, and can be written. */
async function databaseState(database: Database, config: Config): Promise<Finding> {
  const tables = await tableNames(database.knex, database);
  const why = whyNotOurs(tables);
  if (why) return error('database', `It is ${why}.`, 'Set DATABASE_URL to one of its own.');
  if (tables.length === 0)
    return warning(
      'database',
      'It is there, and empty.',
      'The first start fills it; so does `rollbook import`, `migrate` or `restore`.',
    );
  try {
    await checkCurrent(database);
  } catch (thrown) {
    if (thrown instanceof OlderError && config.migrate)
      return warning(
        'database',
        'It is of an older rollbook.',
        'Back it up. The next start, or any command, brings it up to date.',
      );
    if (thrown instanceof SchemaError) return error('database', thrown.message, 'docs/upgrade.md says more.');
    throw thrown;
  }
  const probed = await probedTwice(database, config);
  if (probed === 'read-only')
    return warning(
      'database',
      'It can only be read just now.',
      'Use the primary, unless only reads are to be answered.',
    );
  const zones = await unknownZones(database);
  if (zones.length > 0)
    return error(
      'database',
      `This Node does not know the time zones ${zones.join(', ')} of districts.`,
      'Install a newer Node.',
    );
  return ok('database', 'It can be read and written, and its schema is that of this rollbook.');
}

/** By a second connection, too: a pooler may lead both to one session, on which the first has prepared what the second will. */
async function probedTwice(database: Database, config: Config): Promise<'ready' | 'read-only'> {
  const probed = await database.probe();
  if (database.file !== undefined) return probed;
  const other = openAsServed(config);
  return other.probe().finally(() => other.close());
}

/** Those of districts in which this Node could not say which day it is. */
async function unknownZones({ knex, all }: Database): Promise<string[]> {
  const find = text(
    knex,
    'select distinct districts.time_zone from districts order by districts.time_zone',
    { time_zone: string },
    { acrossDistricts: 'the time zones that have to be known' },
  );
  return (await all(find)).map(({ time_zone }) => time_zone).filter((zone) => !isKnown(zone));
}

function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The epoch of the database; an empty one where nobody has served it yet. */
async function epochOf({ knex, all }: Database): Promise<string> {
  const [found] = await all(text(knex, 'select epochs.epoch from epochs', { epoch: string }));
  return found?.epoch ?? '';
}

/** Whether the key is there, is nobody else's to read, and opens what is in the database, where that can be read. */
async function key(
  file: string | undefined,
  { secretKey }: Config,
  database?: Database,
): Promise<{ readonly finding: Finding; readonly keys?: SecretKeys }> {
  const name = nameOfKeys(secretKey, file);
  try {
    const kept = secretKey === undefined && file !== undefined ? keyFileOf(file) : undefined;
    const mode = kept === undefined ? 0 : (statSync(kept, { throwIfNoEntry: false })?.mode ?? 0);
    if (!hasSecretKeys(secretKey, file)) {
      if (file === undefined)
        return {
          finding: error(
            'key',
            'ROLLBOOK_SECRET_KEY is not set.',
            'PostgreSQL needs it. `openssl rand -base64 32` makes one; keep it in another place, too.',
          ),
        };
      if (database && (await isSealed(database)))
        return {
          finding: error(
            'key',
            `There is no key at ${keyFileOf(file)}, and secrets are sealed with one.`,
            'Put it back. docs/security-keys.md says what to do where it is lost.',
          ),
        };
      return {
        finding: warning(
          'key',
          `There is no key at ${keyFileOf(file)} yet.`,
          'The first start makes it. Then keep it in another place, too.',
        ),
      };
    }
    const keys = secretKeysFor(secretKey, file);
    if (database) await openSealing(database, secretsWith(keys, name)).check();
    if ((mode & 0o077) !== 0)
      return {
        keys,
        finding: warning(
          'key',
          `Others on this machine could read ${name.replace(/^The/, 'the')}.`,
          'They no longer can. If they may have, exchange it: `rollbook key rotate`.',
        ),
      };
    return { keys, finding: ok('key', `${name} can be read${database ? ', and opens what is sealed' : ''}`) };
  } catch (thrown) {
    if (thrown instanceof SecretKeyError || !(thrown as NodeJS.ErrnoException).code)
      return { finding: error('key', (thrown as Error).message, 'docs/security-keys.md says more.') };
    return { finding: failed('key', thrown) };
  }
}

/** How far clocks may be apart, in milliseconds: a signature may be five minutes off. */
const APART = 10_000;

/** Whether this machine's clock is that of the database, and not before what the database remembers. */
async function clockBeside({ knex, all }: Database, { level }: Finding): Promise<Finding> {
  const [now] = await all(text(knex, 'select current_timestamp as at', { at: string }));
  const { at } = now!;
  const theirs = Date.parse(at.endsWith('Z') ? at : `${at}Z`); // SQLite says it without
  const last = text(
    knex,
    `select max((
        select journal.at from journal
        where journal.district_id = districts.id
        order by journal.transaction_id desc, journal.id desc limit 1)) as at
    from districts`,
    { at: nullable(string) },
    { acrossDistricts: 'when anything was last written' },
  );
  const [written] = level === 'ok' ? await all(last) : [];
  return clock(Date.now(), theirs, written?.at ? Date.parse(written.at) : undefined);
}

/** @param theirs what the database says; `written` is when it was last written; instants in milliseconds */
export function clock(now: number, theirs = now, written = 0): Finding {
  const todo = 'Have the clock set by NTP: days, tokens and signatures go by it.';
  const built = statSync(__filename).mtimeMs;
  const seconds = (milliseconds: number) => `${Math.round(Math.abs(milliseconds) / 1_000)} seconds`;
  if (now < built - APART || now < written - APART)
    return error('clock', `It says ${new Date(now).toISOString()}, which is over already.`, todo);
  if (Math.abs(now - theirs) > APART)
    return error('clock', `It is ${seconds(now - theirs)} off the clock of the database.`, todo);
  return ok('clock', new Date(now).toISOString());
}
