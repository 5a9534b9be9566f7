import { Command } from 'commander';
import { readConfig } from '../config';
import { serve } from '../server';

export const serveCommand = new Command('serve')
  .description('serve the APIs; migrates the database first unless ROLLBOOK_MIGRATE=off')
  .action(async () => {
    await serve(readConfig());
  });
