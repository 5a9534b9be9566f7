import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { parse } from 'csv-parse';
import { type Config, readConfig } from '../config';
import { type Database, openDatabase } from '../database/database';
import { migrate } from '../database/migrate';
import { today } from '../ledger/days';
import { openLedger } from '../ledger/ledger';
import { root } from '../root';
import { type District, openDistricts } from '../roster/districts';
import { importOneRoster } from '../roster/oneroster/import';
import { serve } from '../server';
import { type DemoClient, demoClient } from './demo-client';
import { demoText } from './demo-text';

const sample = join(root, 'db', 'seeds', 'sample-school');
const NAME = 'Larkspur Valley Unified School District';

export const demoCommand = new Command('demo')
  .description('serve an invented school from a database of its own, and say how to try it')
  .action(async () => {
    const config: Config = { ...readConfig(), databaseUrl: `sqlite:${join(root, 'data', 'demo.db')}` };
    const { client, section, enrollment } = await prepare(config);
    const address = await serve(config);
    process.stdout.write(demoText(address, client, section, enrollment));
  });

/** Loads the sample school; what a newcomer has changed since the first time stays. */
async function prepare(config: Config): Promise<{ client: DemoClient; section: number; enrollment: number }> {
  const database = openDatabase(config.databaseUrl);
  try {
    await migrate(database);
    const districts = openDistricts(database);
    const known = await districts.find(NAME);
    const district = known ?? (await districts.create(NAME, 'America/Los_Angeles'));
    await importOneRoster(database, district.id, sample, { today: today(district.time_zone) });
    if (!known) await loadAttendance(database, district);
    const section = await idOf(database, 'sections', district, 'cls-sci-8');
    const { id: enrollment } = await database
      .knex('enrollments')
      .where({ section_id: section, admin: false })
      .orderBy('id')
      .first();
    return { client: await demoClient(database, config, district), section, enrollment };
  } finally {
    await database.close();
  }
}

/** The bundle's own attendance.csv: the exceptions of three weeks, and one present for each roll without any. */
async function loadAttendance(database: Database, district: District): Promise<void> {
  const ids = new Map<string, number>();
  for (const { id, sourced_id } of await database.knex('enrollments').where({ district_id: district.id }))
    ids.set(sourced_id, id);
  const marks = [];
  for await (const row of createReadStream(join(sample, 'attendance.csv')).pipe(parse({ columns: true })))
    marks.push({
      enrollment: ids.get(row.enrollmentSourcedId),
      date: row.date,
      status: Number(row.status),
      comment: row.comment,
    });
  const outcomes = await openLedger(database).record(marks, {
    district: district.id,
    api: 'demo',
    client: null,
    person: null,
  });
  const refused = outcomes.find((outcome) => !outcome.ok);
  if (refused) throw new Error(`The sample school has a mark that does not fit: ${JSON.stringify(refused)}`);
}

async function idOf({ knex }: Database, table: string, district: District, sourced_id: string): Promise<number> {
  return (await knex(table).where({ district_id: district.id, sourced_id }).first()).id;
}
