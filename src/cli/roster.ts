import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { hasSecretKeys, secretKeysOf } from '../clients/secret-keys';
import { signerWith } from '../clients/signer';
import type { Database, Executor } from '../database/database';
import { claimEpoch } from '../database/epoch';
import { cursorsBy } from '../feed/cursors';
import { openEnd } from '../feed/feed';
import { writePrivate } from '../privacy/export';
import { openDistricts } from '../roster/districts';
import { exportedFiles } from '../roster/oneroster/export';
import { readConfig } from '../service/config';
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
      const cursorOf = await openCursors(database);
      let cursor: string | null = null;
      try {
        await database.snapshot(async (reading) => {
          cursor = await cursorOf(reading, district.id);
          for await (const { file, pieces } of exportedFiles(database, reading, district)) {
            written.push(join(out, file));
            await writePrivate(written.at(-1)!, pieces);
          }
        });
      } catch (error) {
        await rm(out, { recursive: true }); // a bundle that is cut would end what it does not list
        throw error;
      }
      const after = cursor === null ? [] : [`Changes after it: ${cursor}`];
      print({ files: written, changes_after: cursor }, json, [...written, ...after]);
    }),
  );

/** The cursor of a district after which the changes come that an export does not have; none where no key would sign it. */
async function openCursors(
  database: Database,
): Promise<(reading: Executor, district: number) => Promise<string | null>> {
  const { secretKey } = readConfig();
  if (!hasSecretKeys(secretKey, database.file)) return async () => null;
  const cursors = cursorsBy(signerWith(await secretKeysOf(database, secretKey)));
  const [epoch, endOf] = [await claimEpoch(database), openEnd(database)];
  return async (reading, district) =>
    cursors.write({ district, epoch }, { ...(await endOf(reading, district)), section: null, school: null });
}

export const rosterCommand = new Command('roster').description('the roster of a district').addCommand(exporting);
