import type { Database } from '../database/database';
import { type Query, text, type Values } from '../database/query';
import { instant, integer, nullable, type RowOf, string } from '../database/rows';
import { calledName, namesRow } from '../roster/names';
import {
  joinGivenRole,
  type Member,
  memberOf,
  rights,
  type SignInRights,
  standingColumns,
  standingRow,
} from './client';
import { ClientError, type Clients } from './clients';
import { openInvitations } from './invitations';
import { hashOf } from './tokens';

const ownClientRow = { person_id: nullable(integer), scopes: string, revoked_at: nullable(instant) };
interface SignInRow extends RowOf<typeof ownClientRow> {
  readonly client_id: number;
}

const personRow = { ...standingRow, ...namesRow };
type PersonRow = RowOf<typeof personRow>;

/** Somebody who may sign in. */
type Known = PersonRow & { readonly member: Member };

export type SignIn = ReturnType<typeof openSignIn>;

/** How people sign in: each has a client of their own, with which their browser is given a token. */
export function openSignIn(database: Database, clients: Clients) {
  const { knex } = database;
  const invitations = openInvitations(database);
  const ofPerson = text(
    knex,
    `select sign_ins.client_id from sign_ins
    where sign_ins.district_id = :district and sign_ins.person_id = :person`,
    { client_id: integer },
  );
  const ownClient = text(
    knex,
    `select api_clients.person_id, api_clients.scopes, api_clients.revoked_at from api_clients
    where api_clients.id = :client and api_clients.district_id = :district`,
    ownClientRow,
  );
  const columns = `${standingColumns}, people.given_name, people.preferred_name, people.family_name`;
  const person = text(
    knex,
    `select ${columns} from people ${joinGivenRole}
    where people.id = :person and people.district_id = :district and people.active`,
    personRow,
  );
  const mailed = text(
    knex,
    `select ${columns} from people ${joinGivenRole}
    where people.district_id = :district and people.active and trim(people.email) <> '' and lower(people.email) = lower(:email)
    order by people.id`,
    personRow,
  );
  // Of two that take the place of the same client at once, the first does.
  const take = text(
    knex,
    `insert into sign_ins (district_id, person_id, client_id) values (:district, :person, :client)
    on conflict (district_id, person_id) do update set client_id = excluded.client_id
    where sign_ins.client_id = :former
    returning client_id`,
    { client_id: integer },
  );
  /** Where it is written, never in a copy that may lag behind: what is asked is whether somebody may come in. */
  const ask = <Row>(query: Query<Row>, values: Values) => database.transaction((tx) => tx.all(query, values));

  const signInOf = async (district: number, { id }: Pick<Known, 'id'>): Promise<SignInRow | undefined> => {
    const [found] = await ask(ofPerson, { district, person: id });
    const [client] = found ? await ask(ownClient, { district, client: found.client_id }) : [];
    return found && client && { ...found, ...client };
  };

  async function knownAs(district: number, id: number): Promise<Known> {
    const [found] = await ask(person, { district, person: id });
    if (!found) throw new ClientError(`There is no active person ${id} in district ${district}.`);
    const member = memberOf(found);
    if (member) return { ...found, member };
    throw new ClientError(`Person ${id} is a ${found.role}: only teachers and the office sign in.`);
  }

  /** Gives the person a new client in the place of the one they had. */
  async function begin(district: number, known: Known, former: SignInRow | undefined): Promise<number> {
    const { id } = known;
    const { sees, scopes } = rightsOf(known);
    const bound = sees === 'sections' ? { person: id } : {};
    const client = await clients.create({ ...{ district, name: calledName(known), scopes, signsIn: true }, ...bound });
    const taken = await ask(take, { district, person: id, client: client.id, former: former?.client_id ?? 0 });
    if (taken.length === 0) await clients.revoke(client.id);
    else if (former?.revoked_at === null) await clients.revoke(former.client_id);
    return (await signInOf(district, known))!.client_id;
  }

  /** The person's client; a new one where there is none, or their role is another by now. */
  async function clientOf(district: number, known: Known, own: SignInRow | undefined): Promise<number> {
    const { sees, scopes } = rightsOf(known);
    const isBound = sees === 'sections';
    const fits = own?.revoked_at === null && (own.person_id !== null) === isBound && own.scopes === scopes.join(',');
    return fits ? own.client_id : begin(district, known, own);
  }

  /** The client of a person who is invited: a new one where theirs was revoked, since who invites them wants them back. */
  async function invitedClient(district: number, id: number): Promise<number> {
    const known = await knownAs(district, id);
    return clientOf(district, known, await signInOf(district, known));
  }

  return {
    /** Throws ClientError, which says why, where the person does not sign in. */
    check: async (district: number, id: number): Promise<void> => void (await knownAs(district, id)),

    invitedClient,

    /** The client that the person has, and when it was revoked; undefined where they have never had one. */
    known: (district: number, id: number): Promise<SignInRow | undefined> => signInOf(district, { id }),

    /** The active people with this address, in whatever case; nobody has an empty one. */
    withEmail: (district: number, email: string) => ask(mailed, { district, email }),

    /** The client of a person who comes by themselves. Throws ClientError where they may not, or not any more. */
    async admit(district: number, id: number): Promise<number> {
      const known = await knownAs(district, id);
      const own = await signInOf(district, known);
      if (!own?.revoked_at) return clientOf(district, known, own);
      throw new ClientError(`Person ${id} may not sign in any more: their client ${own.client_id} was revoked.`);
    },

    /** A token that signs the person in once, within so many seconds. Throws ClientError where their role has no page here. */
    async invite(district: number, id: number, seconds: number): Promise<string> {
      const client = await invitedClient(district, id);
      const [invitation] = await database.transaction((tx) => invitations.add(tx, [client], seconds));
      return invitation!.token;
    },

    /** The client that an invitation signs in; undefined where it is unknown, used or too old, or the client no longer stands. */
    accept: (token: string): Promise<number | undefined> =>
      database.transaction((tx) => invitations.use(tx, hashOf(token), new Date().toISOString())),
  };
}

const rightsOf = ({ member: { role } }: Known): SignInRights => rights[role];
