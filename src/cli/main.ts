#!/usr/bin/env node
import { program } from './program';

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`rollbook: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
