import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { writePrivate } from '../privacy/export';
import { openDistricts } from '../roster/districts';
import { exportedFiles } from '../roster/oneroster/export';
import { noteRead, print, withDatabase, withJson } from './context';

interface ExportOptions {
  readonly district: string;
  readonly out: string;
  readonly json?: boolean;
}

const exporting = withJson(new Command('export'))
  .description('write the roster as it stands, as a OneRoster 1.2 bulk bundle, which imports back to the same')
  .requiredOption('--district <id|name>', 'the district')
  .requiredOption('--out <folder>', 'a new folder, for its owner alone')
  .action(({ district: name, out, json }: ExportOptions) =>
    withDatabase(async (database) => {
      const district = await openDistricts(database).get(name);
      await noteRead(database, 'roster export', district.id, {});
      await mkdir(out, { mode: 0o700 });
      const written: string[] = [];
      try {
        await database.snapshot(async (reading) => {
          for await (const { file, pieces } of exportedFiles(database, reading, district)) {
            written.push(join(out, file));
            await writePrivate(written.at(-1)!, pieces);
          }
        });
      } catch (error) {
        await rm(out, { recursive: true }); // a bundle that is cut would end what it does not list
        throw error;
      }
      print({ files: written }, json, written);
    }),
  );

export const rosterCommand = new Command('roster').description('the roster of a district').addCommand(exporting);
