import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { calledName, type Names } from '../roster/names';
import { ClientError, type Clients } from './clients';

/** Seconds for which a browser stays signed in: a school day and what is around it. */
export const SESSION = 12 * 60 * 60;

/** What a person may do who signs in, by their role in OneRoster; who has another role has no page here. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  teacher: ['attendance:read', 'attendance:write', 'roster:read'],
  aide: ['attendance:read', 'attendance:write', 'roster:read'],
  proctor: ['attendance:read', 'attendance:write', 'roster:read'],
};
const OFFICE = ['attendance:read', 'attendance:write', 'roster:read', 'roster:write'];
/** Roles of OneRoster 1.1 and 1.2 that work for all of the district: their client is bound to nobody. */
const officeRoles = ['administrator', 'principal', 'siteAdministrator', 'districtAdministrator', 'systemAdministrator'];

interface SignInRow {
  readonly client_id: number;
  readonly revoked_at: string | null;
}

export type SignIn = ReturnType<typeof openSignIn>;

/** How people sign in: each has a client of their own, with which their browser is given a token. */
export function openSignIn(database: Database, clients: Clients) {
  const { knex } = database;
  const ofPerson = text(
    knex,
    `select sign_ins.client_id, api_clients.revoked_at
    from sign_ins
    join api_clients on api_clients.id = sign_ins.client_id
    where sign_ins.district_id = :district and sign_ins.person_id = :person`,
  );
  const person = text(
    knex,
    `select people.id, people.role, people.given_name, people.preferred_name, people.family_name
    from people
    where people.id = :person and people.district_id = :district and people.active`,
  );
  // Of two that sign in for the first time at once, the first is taken.
  const add = text(
    knex,
    `insert into sign_ins (district_id, person_id, client_id) values (:district, :person, :client)
    on conflict (district_id, person_id) do nothing returning client_id`,
  );
  const invite = text(
    knex,
    `insert into invitations (hash, client_id, created_at, expires_at) values (:hash, :client, :now, :expires)`,
  );
  const accept = text(
    knex,
    `update invitations set used_at = :now
    where hash = :hash and used_at is null and expires_at > :now
      and exists (select 1 from api_clients where api_clients.id = invitations.client_id and api_clients.revoked_at is null)
    returning client_id`,
  );

  /** Makes the person's client. Throws ClientError where the person's role has no page here. */
  async function begin(district: number, id: number): Promise<number> {
    const [found] = await database.all<PersonRow>(person, { district, person: id });
    if (!found) throw new ClientError(`There is no active person ${id} in district ${district}.`);
    const isOffice = officeRoles.includes(found.role);
    const scopes = isOffice ? OFFICE : scopesOf[found.role];
    if (!scopes) throw new ClientError(`Person ${id} is a ${found.role}: only teachers and the office sign in.`);
    const client = await clients.create({
      district,
      name: calledName(found),
      scopes,
      ...(isOffice ? {} : { person: id }),
    });
    const added = await database.transaction((tx) => tx.all(add, { district, person: id, client: client.id }));
    if (added.length > 0) return client.id;
    await clients.revoke(client.id);
    return (await database.all<SignInRow>(ofPerson, { district, person: id }))[0]!.client_id;
  }

  /** The person's client, made where there is none yet. Throws ClientError where they may not sign in. */
  async function clientOf(district: number, id: number): Promise<number> {
    const [known] = await database.all<SignInRow>(ofPerson, { district, person: id });
    if (!known) return begin(district, id);
    if (known.revoked_at === null) return known.client_id;
    throw new ClientError(`Person ${id} may not sign in any more: their client ${known.client_id} was revoked.`);
  }

  return {
    clientOf,

    /** A token that signs the person in once, within so many seconds. */
    async invite(district: number, id: number, seconds: number): Promise<string> {
      const client = await clientOf(district, id);
      const token = randomBytes(32).toString('base64url');
      const [now, expires] = [0, seconds].map((later) => new Date(Date.now() + later * 1_000).toISOString());
      await database.transaction((tx) => tx.all(invite, { hash: hashOf(token), client, now: now!, expires: expires! }));
      return token;
    },

    /** The client that an invitation signs in; undefined where it is unknown, used or too old. */
    async accept(token: string): Promise<number | undefined> {
      const now = new Date().toISOString();
      const [found] = await database.transaction((tx) =>
        tx.all<{ client_id: number }>(accept, { hash: hashOf(token), now }),
      );
      return found?.client_id;
    },
  };
}

type PersonRow = Names & { readonly role: string };

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
