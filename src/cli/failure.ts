import { userInfo } from 'node:os';
import { problemFrom } from '../http/problem';
import { printable } from './printable';

/** What a shell says of a command whose reader went away: 128 and the number of SIGPIPE. */
const EXIT_UNREAD = 141;
/** What PostgreSQL and SQLite say of a database that takes no writes; knex's own errors have their words and no code. */
const READ_ONLY = /read-only transaction|readonly database/;
/** What knex begins a message with: the statement that failed, up to a dash. */
const STATEMENT = /^(?:select|insert|update|delete|create|alter|drop|with|lock|set|begin|commit)\b[\s\S]* - /i;

/** A stream that fails tells it by an event, and to who writes to it. */
let told: unknown;

/** Says why the command failed, in a sentence, and has it end with 1. */
export function fail(error: unknown): void {
  if (error === told) return;
  told = error;
  const lines = sentenceOf(error).split('\n');
  process.stderr.write(`rollbook: ${lines.map(printable).join('\n')}\n`);
  process.exitCode = 1;
}

/** The same of what could not be printed. A reader that goes away, as `head` does, has enough: nothing is said. */
export function failToPrint(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') {
    told = error;
    process.exitCode = EXIT_UNREAD;
  } else fail(error);
}

/** Why it failed, in a sentence or more. */
export function sentenceOf(error: unknown): string {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if ((code === 'EACCES' || code === 'EPERM') && path !== undefined)
    return (
      `The user ${user()}, as whom this runs, may not use ${path} (${code}). ` +
      'Give it to that user (chown), also the folders on the way, or run this as another.'
    );
  if (!(error instanceof Error)) return String(error);
  if (READ_ONLY.test(error.message))
    return (
      'The database can be read and not written: it is a standby, or it was set so, or its file is write-protected. ' +
      'Nothing was changed. Use the primary, or allow writing, and try again.'
    );
  if (problemFrom(error).code === 'STORAGE_FULL')
    return 'The disk is full: there is no room for the database or its key. Make room and try again.';
  return error.message.replace(STATEMENT, '');
}

/** The package for Debian has `sudo rollbook` work as the user of the service, which is not told by who called it. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return `with the number ${process.geteuid?.()}`; // of whom the system knows no name
  }
}
