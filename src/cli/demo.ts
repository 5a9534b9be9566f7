import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { format } from 'date-fns/format';
import { parseISO } from 'date-fns/parseISO';
import { previousFriday } from 'date-fns/previousFriday';
import type { ListedClient, NewClient } from '../clients/clients';
import { linkOf } from '../clients/invitations';
import { openSignIn } from '../clients/sign-in';
import type { Database } from '../database/database';
import { migrate } from '../database/migrate';
import { openDatabase } from '../database/open';
import { text } from '../database/query';
import { integer, nullable, string } from '../database/rows';
import { dateOf, dayNumber, today } from '../days';
import { openLedger } from '../ledger/ledger';
import { root } from '../lib/root';
import { type District, openDistricts } from '../roster/districts';
import { calledName, namesRow } from '../roster/names';
import { importOneRoster, type OneRoster, openOneRoster } from '../roster/oneroster/import';
import { type Config, readConfig } from '../service/config';
import { clientsOf } from './client';
import { print } from './context';
import { server } from './serve';

/** A Friday, the last day of the sample school's attendance. */
const LAST = '2026-11-20';

/** The last Friday before a day: on it the demo's attendance ends. */
export const fridayBefore = (today: string): string => format(previousFriday(parseISO(today)), 'yyyy-MM-dd');

/** Moves every day in a text of the sample school by the whole weeks that its attendance is to end later, or earlier. */
export function movedTo(friday: string): (text: string) => string {
  const days = dayNumber(friday) - dayNumber(LAST);
  return (text) => text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => dateOf(dayNumber(day) + days)!);
}

const sample = join(root, 'db', 'seeds', 'sample-school');
const NAME = 'Larkspur Valley Unified School District';
export const TIME_ZONE = 'America/Los_Angeles';

type Moved = ReturnType<typeof movedTo>;

/**
 * Loads the sample school with its days moved so that the attendance ends on this Friday. What a newcomer has changed since the
 * first time stays.
 */
export async function loadSchool(database: Database, friday: string): Promise<District> {
  const moved = movedTo(friday);
  const districts = openDistricts(database);
  const known = await districts.find(NAME);
  const district = known ?? (await districts.create(NAME, TIME_ZONE));
  const roster = movedRoster(await openOneRoster(sample), moved);
  await importOneRoster(database, district.id, roster, { today: today(district.time_zone) });
  if (!known) await loadAttendance(database, district, moved);
  return district;
}

function movedRoster({ files, ...roster }: OneRoster, moved: Moved): OneRoster {
  const movedFiles = [...files].map(
    ([name, file]) =>
      [
        name,
        { ...file, open: async () => Readable.from([Buffer.from(moved(await textOf(await file.open())))]) },
      ] as const,
  );
  return { ...roster, files: new Map(movedFiles) };
}

interface SampleMark {
  readonly enrollmentSourcedId: string;
  readonly date: string;
  readonly status: string;
  readonly comment: string;
}

/** The bundle's own attendance.csv: the exceptions of three weeks, and one present for each roll without any. */
async function loadAttendance(database: Database, { id: district }: District, moved: Moved): Promise<void> {
  const find = text(database.knex, 'select id, sourced_id from enrollments where district_id = :district', {
    id: integer,
    sourced_id: nullable(string),
  });
  const enrollments = await database.all(find, { district });
  const ids = new Map(enrollments.map(({ id, sourced_id }) => [sourced_id, id]));
  const file = moved(await readFile(join(sample, 'attendance.csv'), 'utf8'));
  const rows: SampleMark[] = parse(file, { columns: true });
  const marks = rows.map(({ enrollmentSourcedId, date, status, comment }) => ({
    enrollment: ids.get(enrollmentSourcedId),
    date,
    status: Number(status),
    comment,
  }));
  const actor = { district, api: 'demo', client: null, person: null };
  const outcomes = await openLedger(database).record(marks, actor, { roll: 'always' });
  const refused = outcomes.find((outcome) => !outcome.ok);
  if (refused) throw new Error(`The sample school has a mark that does not fit: ${JSON.stringify(refused)}`);
}

/** Somebody of the sample school whom the demo's reader can be. */
export interface Guest {
  readonly name: string;
  readonly invitation: string;
}

/** What the demo's reader can do with it. */
export interface DemoScene {
  readonly address: string;
  /** Where what is changed is kept. */
  readonly folder: string;
  readonly client: NewClient;
  /** Teaches the section. */
  readonly teacher: Guest;
  readonly office: Guest;
  /** A section with three weeks of attendance, and one of its students. */
  readonly section: number;
  readonly enrollment: number;
  readonly today: string;
  /** The second of the three weeks; on its Tuesday the roll was taken. */
  readonly monday: string;
  readonly tuesday: string;
  readonly friday: string;
}

/** Says how to try the demo: each link works once, each `curl` works as it stands. */
export function demoText(scene: DemoScene): string {
  const { address, folder, client, teacher, office, section, enrollment, today, monday, tuesday, friday } = scene;
  const url = `${address}/v1/sections/${section}/attendance`;
  const bearer = `-H 'Authorization: Bearer ${client.token}'`;
  const oauth =
    `-H 'Authorization: OAuth realm="rollbook",oauth_consumer_key="${client.key}",oauth_token="",` +
    `oauth_nonce="'$(date +%s%N)'",oauth_timestamp="'$(date +%s)'",oauth_signature_method="PLAINTEXT",` +
    `oauth_version="1.0",oauth_signature="${client.secret}%26"'`;
  const item = { enrollment_id: enrollment, date: tuesday, status: 3, comment: 'Bus was late' };
  const json = JSON.stringify({ attendances: { attendance: [item] } });
  const xml =
    `<result><attendances><attendance><enrollment_id>${enrollment}</enrollment_id><date>${tuesday}</date>` +
    '<status>4</status><comment>Dentist</comment></attendance></attendances></result>';
  return `
rollbook serves an invented school at ${address}   (Ctrl-C stops it)
What you change is kept in ${folder}

Take the roll as ${teacher.name}, who teaches Science 8 (the link signs you in once; start the demo again for another):
  ${linkOf(address, teacher.invitation)}

Look at the district as ${office.name} of the office, in another browser or a private window:
  ${linkOf(address, office.invitation)}

Read what you saved in Science 8 today, as an LMS does:
  curl ${bearer} '${url}?start=${today}&end=${today}&taken=1'

Read a week of the section's attendance, in JSON:
  curl ${bearer} '${url}?start=${monday}&end=${friday}'

The same in XML, signed by OAuth 1.0a:
  curl -H 'Accept: text/xml' ${oauth} '${url}?start=${monday}&end=${friday}'

Mark a student late, in JSON:
  curl -X PUT ${bearer} -H 'Content-Type: application/json' -d '${json}' '${url}'

Excuse them, in XML:
  curl -X PUT ${bearer} -H 'Content-Type: text/xml' -H 'Accept: text/xml' -d '${xml}' '${url}'

The roster:  ${address}/v1/users  /v1/schools  /v1/courses  /v1/sections/${section}/enrollments

The client of these lines, which gets another secret and token at each start; its webhooks stay:
key     ${client.key}
secret  ${client.secret}
token   ${client.token}`;
}

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
  .option('--folder <path>', 'where its databases are', 'data')
  .action(async ({ folder }: { folder: string }) => {
    const now = today(TIME_ZONE);
    const friday = fridayBefore(now);
    const databaseUrl = `sqlite:${join(folder, `demo-${friday}.db`)}`;
    const config: Config = { ...readConfig(), databaseUrl };
    const scene = await prepare(config, friday);
    const address = await server().serve({ ...config, logLevel: 'warn' });
    const told = { ...scene, today: now, address: config.publicUrl ?? address, folder: resolve(folder) };
    print(undefined, false, demoText(told).split('\n'));
  });

async function prepare(config: Config, friday: string): Promise<Omit<DemoScene, 'address' | 'folder' | 'today'>> {
  const database = openDatabase(config.databaseUrl, config);
  try {
    await migrate(database);
    const district = await loadSchool(database, friday);
    const first = text(
      database.knex,
      `select sections.id as section, enrollments.id as enrollment
      from sections
      join enrollments on +enrollments.district_id = sections.district_id
        and enrollments.section_id = sections.id and not enrollments.admin
      where sections.district_id = :district and sections.sourced_id = :sourced_id
      order by enrollments.id limit 1`,
      { section: integer, enrollment: integer },
    );
    const [student] = await database.all(first, { district: district.id, sourced_id: SECTION });
    const { section, enrollment } = student!;
    const client = await clientOf(database, config, district);
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
  const find = text(
    database.knex,
    `select id, given_name, preferred_name, family_name from people
    where district_id = :district and sourced_id = :sourced_id`,
    { id: integer, ...namesRow },
  );
  const [person] = await database.all(find, { district, sourced_id });
  const { id, ...names } = person!;
  const invitation = await openSignIn(database, await clientsOf(database, config)).invite(district, id, WEEK);
  return { name: calledName(names), invitation };
}

/** Secrets are shown once: each start of the demo gives the client others, and ends those before. What it has made stays. */
async function clientOf(database: Database, config: Config, { id: district }: District): Promise<NewClient> {
  const clients = await clientsOf(database, config);
  const isOurs = ({ name, district_id, revoked_at }: ListedClient) =>
    name === CLIENT && district_id === district && revoked_at === null;
  const known = (await clients.list()).find(isOurs);
  if (known) return clients.rotate(known.id, 0);
  return clients.create({ district, name: CLIENT, scopes: ['attendance:read', 'attendance:write', 'roster:read'] });
}
