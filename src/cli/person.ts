import { Command, InvalidArgumentError, Option } from 'commander';
import { openAccess } from '../clients/access';
import { type GivenRole, givenRoles, signInRoles } from '../clients/client';
import { linkOf } from '../clients/invitations';
import { openSignIn } from '../clients/sign-in';
import type { Database } from '../database/database';
import { erasableTables, erase, wouldErase } from '../privacy/erase';
import { jsonOf, writeCsv, writePrivate } from '../privacy/export';
import { mergePeople } from '../privacy/merge';
import { subjectOf } from '../privacy/subject';
import { openDistricts } from '../roster/districts';
import { calledName } from '../roster/names';
import { rehearsed } from '../roster/oneroster/report';
import { type ListedPerson, openPeople } from '../roster/people';
import { type Config, readConfig } from '../service/config';
import { clientsOf } from './client';
import {
  confirm,
  count,
  id,
  noteRead,
  operator,
  print,
  printText,
  scrub,
  table,
  withDatabase,
  withJson,
} from './context';
import { NUMBER, schoolNumbered } from './school';

/** Seconds. */
const DAY = 24 * 60 * 60;

/** Who is meant, where that is not said by the id. */
interface FindOptions {
  readonly district?: string;
  readonly email?: string;
  readonly number?: string;
  readonly sourcedId?: string;
}

interface ListOptions extends FindOptions {
  readonly role?: string;
  readonly name?: string;
  readonly limit: number;
  readonly json?: boolean;
}

const withFinding = (command: Command): Command =>
  command
    .option('--email <address>', 'who has this email address')
    .option('--number <number>', 'who has this student or staff number')
    .option('--sourced-id <id>', 'whom the SIS calls so (OneRoster sourcedId)')
    .option('--district <id|name>', 'of this district');

const districtOf = async (database: Database, name: string | undefined): Promise<number | undefined> =>
  name === undefined ? undefined : (await openDistricts(database).get(name)).id;

const listing = withJson(withFinding(new Command('list')))
  .description('list people of the roster, with their ids')
  .option('--role <role>', 'who has this role: of the roster, such as teacher, or given, such as secretary')
  .option('--name <text>', 'in whose name this is')
  .option('--limit <n>', 'so many at most', count, 1_000)
  .action(({ json, district, ...asked }: ListOptions) =>
    withDatabase(async (database) => {
      const people = await openPeople(database)({ ...asked, district: await districtOf(database, district) });
      for (const of of new Set(people.map(({ district_id }) => district_id))) {
        const records = people.filter(({ district_id }) => district_id === of).length;
        await noteRead(database, 'person list', of, { records });
      }
      const rows = people.map(({ given_name, preferred_name, family_name, active, ...person }) => ({
        ...person,
        name: calledName({ given_name, preferred_name, family_name }),
        active: Boolean(active),
      }));
      print(rows, json, rows.length > 0 ? table(rows) : ['There is nobody.']);
    }),
  );

const inviting = withJson(withFinding(new Command('invite')))
  .description('print a link that signs a person in once: a teacher, or somebody of the office')
  .argument('[id]', 'id of the person, as `person list` has it; or say who by one of the options', id)
  .option('--days <n>', 'for how long it is good', days, 7)
  .addHelpText(
    'after',
    '\nThe link starts with PUBLIC_URL, else with HOST and PORT. Earlier links that nobody has used end.\n' +
      'A person whose client was revoked gets a new one.',
  )
  .action((asked: number | undefined, { json, days, ...by }: FindOptions & { json?: boolean; days: number }) =>
    withDatabase(async (database) => {
      const origin = originOf(readConfig());
      const { id: person, district_id, ...names } = await personOf(database, asked, by);
      const clients = await clientsOf(database);
      await openSignIn(database, clients).check(district_id, person);
      const manager = { district: district_id, ...operator('person invite'), school: null };
      const [made] = await openAccess(database, clients).invite(manager, [person], { seconds: days * DAY });
      const { token, expires_at } = made!;
      const invitation = { person, name: calledName(names), district_id, link: linkOf(origin, token), expires_at };
      print(invitation, json, [`${invitation.name} signs in once, until ${expires_at}, by`, invitation.link]);
    }),
  );

interface RoleOptions extends FindOptions {
  readonly set: GivenRole | 'none';
  readonly school?: string;
  readonly json?: boolean;
}

const giving = withJson(withFinding(new Command('role')))
  .description('make a person a secretary or a counselor in the office of a school, or take that from them')
  .argument('[id]', 'id of the person, as `person list` has it; or say who by one of the options', id)
  .addOption(
    new Option('--set <role>', 'what they are to be; none: what the roster says')
      .choices([...givenRoles, 'none'])
      .makeOptionMandatory(),
  )
  .option('--school <number>', NUMBER)
  .action((asked: number | undefined, { json, set: role, school, ...by }: RoleOptions) =>
    withDatabase(async (database) => {
      const { id: person, district_id, ...names } = await personOf(database, asked, by);
      if (role === 'none' && school !== undefined) throw new Error('With none, no school is to be said.');
      if (role !== 'none' && school === undefined) throw new Error('Say with --school in which school.');
      const district = await openDistricts(database).get(String(district_id));
      const given = role === 'none' ? null : { role, school: await schoolNumbered(database, district, school!) };
      const manager = { district: district_id, ...operator('person role'), school: null };
      await openAccess(database, await clientsOf(database)).setRole(manager, person, given);
      const name = calledName(names);
      print({ person, name, district_id, role: given?.role ?? null, school: given?.school ?? null }, json, [
        given ? `${name} is a ${role} of school ${school}.` : `${name} is what the roster says.`,
        'Where they were signed in they are so no longer.',
      ]);
    }),
  );

/** The one person who is meant; of several, the one who signs in: students share addresses and numbers. */
async function personOf(database: Database, id: number | undefined, by: FindOptions): Promise<ListedPerson> {
  const { district, email, number, sourcedId } = by;
  const said = [id, email, number, sourcedId].filter((each) => each !== undefined).join(', ');
  if (said === '') throw new Error('Say who: an id, --email, --number or --sourced-id. `person list` has them.');
  const asked = { id, email, number, sourcedId, district: await districtOf(database, district) };
  const found = await openPeople(database)({ ...asked, limit: 20 });
  const members = found.filter(
    (each) => each.active && (each.given_role !== null || signInRoles.includes(each.role.toLowerCase())),
  );
  const [person, ...others] = members.length > 0 ? members : found;
  if (!person) throw new Error(`There is no person ${said}.`);
  if (others.length === 0) return person;
  const ids = [person, ...others].map((each) => each.id).join(', ');
  throw new Error(`Several people have ${said}: ${ids}. Say which by the id.`);
}

/** Where browsers reach the service that is started with this configuration. */
function originOf({ publicUrl, host, port }: Config): string {
  if (publicUrl) return publicUrl;
  if (port === 0 || host === '0.0.0.0' || host === '::')
    throw new Error(`HOST ${host} and PORT ${port} are no address that a browser can go to; PUBLIC_URL must say one.`);
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function days(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 99.');
}

interface ExportOptions {
  readonly format: 'json' | 'csv';
  readonly out?: string;
}

interface EraseOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly vacuum: boolean;
  readonly json?: boolean;
}

const exporting = new Command('export')
  .description('print all that is held of a person')
  .argument('<id>', 'id of the person', id)
  .addOption(
    new Option('--format <format>', 'one JSON document, or CSV files').choices(['json', 'csv']).default('json'),
  )
  .option('--out <path>', 'a new file for JSON, a new folder for CSV; JSON goes to stdout without it')
  .action((person: number, { format, out }: ExportOptions) =>
    withDatabase(async (database) => {
      const subject = await subjectOf(database, person);
      await noteRead(database, 'person export', subject.district_id, { person });
      if (format === 'json' && out !== undefined) return writePrivate(out, jsonOf(database, subject));
      if (format === 'json') return printText(jsonOf(database, subject));
      if (out === undefined) throw new Error('CSV is several files: say with --out into which new folder.');
      print(undefined, false, await writeCsv(database, subject, out));
    }),
  );

const erasing = withJson(new Command('erase'))
  .description('replace what identifies a person and what was said of them; statuses and counts stay')
  .argument('<id>', 'id of the person', id)
  .option('--dry-run', 'say what would be replaced, and change nothing')
  .option('--yes', 'do not ask')
  .option('--no-vacuum', 'leave what was replaced in free pages of the database, to be vacuumed later')
  .action((person: number, { dryRun, yes, vacuum, json }: EraseOptions) =>
    withDatabase(async (database) => {
      const subject = await subjectOf(database, person);
      const would = await wouldErase(database, subject);
      const nothing = Object.keys(would).length === 0;
      if (!dryRun && !nothing) await confirm([`Person ${person} will be erased.`], subject.name, yes);
      const replaced = dryRun ? would : await erase(database, subject);
      const result = { person, district_id: subject.district_id, dry_run: Boolean(dryRun), replaced };
      print(result, json, nothing ? ['There is nothing left to erase.'] : table([replaced]));
      if (!dryRun) await scrub(database, erasableTables, vacuum);
    }),
  );

const merging = withJson(new Command('merge'))
  .description('make one person of two who are the same; nothing undoes it')
  .argument('<keep>', 'id of the person who stays', id)
  .argument('<drop>', 'id of the person whose attendance, enrollments and names are theirs from now on', id)
  .option('--dry-run', 'say what would be moved, and change nothing')
  .option('--yes', 'do not ask')
  .action((keep: number, drop: number, { dryRun, yes, json }: Omit<EraseOptions, 'vacuum'>) =>
    withDatabase(async (database) => {
      const [kept, dropped] = [await subjectOf(database, keep), await subjectOf(database, drop)];
      if (!dryRun) await confirm([`Person ${drop} will be person ${keep}, ${kept.name}.`], dropped.name, yes);
      const run = (on: Database) => mergePeople(on, kept, dropped);
      const merged = dryRun ? await rehearsed(database, run) : await run(database);
      const result = { keep, drop, district_id: kept.district_id, dry_run: Boolean(dryRun), ...merged };
      const { moved, combined, told, left, others } = merged;
      print(result, json, [
        ...table([{ moved, combined, told, left, ...others }]),
        ...(dryRun ? ['This was a dry run: nothing was changed.'] : []),
      ]);
    }),
  );

export const personCommand = new Command('person')
  .description(
    'lists people; signs them in; gives them roles; merges those who are the same; exports and erases what is held of them',
  )
  .addCommand(listing)
  .addCommand(inviting)
  .addCommand(giving)
  .addCommand(exporting)
  .addCommand(merging)
  .addCommand(erasing);
