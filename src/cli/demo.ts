import { join } from 'node:path';
import { Command } from 'commander';
import type { NewClient } from '../clients/clients';
import { openSignIn } from '../clients/sign-in';
import { type Config, readConfig } from '../config';
import type { Database } from '../database/database';
import { migrate } from '../database/migrate';
import { openDatabase } from '../database/open';
import { today } from '../days';
import { root } from '../root';
import type { District } from '../roster/districts';
import { calledName } from '../roster/names';
import { clientsOf } from './client';
import { fridayBefore, movedTo } from './demo-dates';
import { loadSchool, TIME_ZONE } from './demo-school';
import { type DemoScene, demoText, type Guest } from './demo-text';
import { server } from './serve';

/** A section of the sample with marks on most days, whose teacher has two more; and somebody of the office. */
const SECTION = 'cls-sci-8';
const TEACHER = 'tch-05';
const OFFICE = 'adm-01';
const CLIENT = 'demo';
/** Seconds for which the links are good. */
const WEEK = 7 * 24 * 60 * 60;

export const demoCommand = new Command('demo')
  .description('serve an invented school from a database of its own, and say how to try it')
  .addHelpText(
    'after',
    '\nThe school is moved into the weeks before today. Each week has a database: what you change in it stays there.',
  )
  .option('--folder <path>', 'where its databases are', join(root, 'data'))
  .action(async ({ folder }: { folder: string }) => {
    const now = today(TIME_ZONE);
    const friday = fridayBefore(now);
    const databaseUrl = `sqlite:${join(folder, `demo-${friday}.db`)}`;
    const config: Config = { ...readConfig(), databaseUrl };
    const scene = await prepare(config, friday);
    const address = await server().serve({ ...config, logLevel: 'warn' });
    process.stdout.write(demoText({ ...scene, today: now, address: config.publicUrl ?? address }));
  });

async function prepare(config: Config, friday: string): Promise<Omit<DemoScene, 'address' | 'today'>> {
  const database = openDatabase(config.databaseUrl);
  try {
    await migrate(database);
    const district = await loadSchool(database, friday);
    const { knex } = database;
    const { id: section } = await knex('sections').where({ district_id: district.id, sourced_id: SECTION }).first();
    const { id: enrollment } = await knex('enrollments')
      .where({ section_id: section, admin: false })
      .orderBy('id')
      .first();
    const client = await newClient(database, config, district);
    const guest = (sourcedId: string) => invited(database, config, district, sourcedId);
    const [teacher, office] = [await guest(TEACHER), await guest(OFFICE)];
    const [monday, tuesday, end] = ['2026-11-09', '2026-11-10', '2026-11-13'].map(movedTo(friday));
    return { client, teacher, office, section, enrollment, monday: monday!, tuesday: tuesday!, friday: end! };
  } finally {
    await database.close();
  }
}

/** Links are good once: each start of the demo has new ones. */
async function invited(
  database: Database,
  config: Config,
  { id: district }: District,
  sourced_id: string,
): Promise<Guest> {
  const person = await database.knex('people').where({ district_id: district, sourced_id }).first();
  const invitation = await openSignIn(database, await clientsOf(database, config)).invite(district, person.id, WEEK);
  return { name: calledName(person), invitation };
}

/** Secrets are shown once: each start of the demo has a client of its own, and the one before it is revoked. */
async function newClient(database: Database, config: Config, { id: district }: District): Promise<NewClient> {
  const clients = await clientsOf(database, config);
  for (const client of await clients.list())
    if (client.name === CLIENT && !client.revoked_at) await clients.revoke(client.id);
  return clients.create({ district, name: CLIENT, scopes: ['attendance:read', 'attendance:write', 'roster:read'] });
}
