#!/usr/bin/env node
import { problemFrom } from '../http/problem';
import { program } from './program';

/** What libraries say of a full disk begins with a statement of SQL. */
function sentenceOf(error: unknown): string {
  if (problemFrom(error).code === 'STORAGE_FULL')
    return 'The disk is full: there is no room for the database or its key. Make room and try again.';
  return error instanceof Error ? error.message : String(error);
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`rollbook: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
});
