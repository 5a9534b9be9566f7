import { Command, InvalidArgumentError } from 'commander';
import { openSignIn } from '../clients/sign-in';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { calledName, type Names, namesRow } from '../roster/names';
import { type Config, readConfig } from '../service/config';
import { clientsOf } from './client';
import { id, print, withDatabase, withJson } from './context';

/** Seconds. */
const DAY = 24 * 60 * 60;

export const inviteCommand = withJson(new Command('invite'))
  .description('print a link that signs a person in once: a teacher, or somebody of the office')
  .argument('<id>', 'id of the person', id)
  .option('--days <n>', 'for how long it is good', days, 7)
  .addHelpText(
    'after',
    '\nThe link starts with PUBLIC_URL, else with HOST and PORT. A person whose client was revoked gets a new one.',
  )
  .action((person: number, { json, days }: { json?: boolean; days: number }) =>
    withDatabase(async (database) => {
      const origin = originOf(readConfig());
      const { district_id, ...names } = await personOf(database, person);
      const expires_at = new Date(Date.now() + days * DAY * 1_000).toISOString();
      const token = await openSignIn(database, await clientsOf(database)).invite(district_id, person, days * DAY);
      const invitation = { person, name: calledName(names), district_id, link: linkOf(origin, token), expires_at };
      print(invitation, json, [`${invitation.name} signs in once, until ${expires_at}, by`, invitation.link]);
    }),
  );

/** In the fragment, so that neither logs nor previews of links have the token. */
export const linkOf = (origin: string, token: string): string => `${origin}/#/invitation/${token}`;

async function personOf({ knex, all }: Database, id: number): Promise<Names & { readonly district_id: number }> {
  const find = text(
    knex,
    'select district_id, given_name, preferred_name, family_name from people where id = :id',
    { district_id: integer, ...namesRow },
    { acrossDistricts: 'an operator names people by their ids alone' },
  );
  const [person] = await all(find, { id });
  if (!person) throw new Error(`There is no person ${id}.`);
  return person;
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
