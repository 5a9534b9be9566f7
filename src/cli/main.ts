#!/usr/bin/env node
import { problemFrom } from '../http/problem';
import { program } from './program';

/** What PostgreSQL and SQLite say of a database that takes no writes; knex's own errors have their words and no code. */
const READ_ONLY = /read-only transaction|readonly database/;
/** What knex begins a message with: the statement that failed, up to a dash. */
const STATEMENT = /^(?:select|insert|update|delete|create|alter|drop|with|lock|set|begin|commit)\b[\s\S]* - /i;

function sentenceOf(error: unknown): string {
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

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`rollbook: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
});
