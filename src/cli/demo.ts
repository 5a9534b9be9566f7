import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { parse } from 'csv-parse';
import type { NewClient } from '../clients/clients';
import { type Config, readConfig } from '../config';
import type { Database } from '../database/database';
import { migrate } from '../database/migrate';
import { openDatabase } from '../database/open';
import { today } from '../days';
import { openLedger } from '../ledger/ledger';
import { root } from '../root';
import { type District, openDistricts } from '../roster/districts';
import { importOneRoster, openOneRoster } from '../roster/oneroster/import';
import { serve } from '../server';
import { clientsOf } from './client';
import { type DemoScene, demoText } from './demo-text';

const sample = join(root, 'db', 'seeds', 'sample-school');
const NAME = 'Larkspur Valley Unified School District';
/** A section of the sample with marks on most days. */
const SECTION = 'cls-sci-8';
const CLIENT = 'demo';

export const demoCommand = new Command('demo')
  .description('serve an invented school from a database of its own, and say how to try it')
  .action(async () => {
    const config: Config = { ...readConfig(), databaseUrl: `sqlite:${join(root, 'data', 'demo.db')}` };
    const scene = await prepare(config);
    const address = await serve({ ...config, logLevel: 'warn' });
    process.stdout.write(demoText({ ...scene, address }));
  });

/** Loads the sample school; what a newcomer has changed since the first time stays. */
async function prepare(config: Config): Promise<Omit<DemoScene, 'address'>> {
  const database = openDatabase(config.databaseUrl);
  try {
    await migrate(database);
    const districts = openDistricts(database);
    const known = await districts.find(NAME);
    const district = known ?? (await districts.create(NAME, 'America/Los_Angeles'));
    await importOneRoster(database, district.id, await openOneRoster(sample), { today: today(district.time_zone) });
    if (!known) await loadAttendance(database, district);
    const { knex } = database;
    const { id: section } = await knex('sections').where({ district_id: district.id, sourced_id: SECTION }).first();
    const { id: enrollment } = await knex('enrollments')
      .where({ section_id: section, admin: false })
      .orderBy('id')
      .first();
    return { client: await newClient(database, config, district), section, enrollment, date: '2026-11-10' };
  } finally {
    await database.close();
  }
}

/** Secrets are shown once: each start of the demo has a client of its own, and the one before it is revoked. */
async function newClient(database: Database, config: Config, { id: district }: District): Promise<NewClient> {
  const clients = clientsOf(database, config);
  for (const client of await clients.list())
    if (client.name === CLIENT && !client.revoked_at) await clients.revoke(client.id);
  return clients.create({ district, name: CLIENT, scopes: ['attendance:read', 'attendance:write', 'roster:read'] });
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
