import type { Database } from '../database/database';
import { type Query, text, type Values } from '../database/query';
import { instant, integer, nullable, type RowOf, string } from '../database/rows';
import { calledName, namesRow } from '../roster/names';
import { rightsOf, type SignInRights } from './client';
import { ClientError, type Clients } from './clients';
import { openInvitations } from './invitations';
import { hashOf } from './tokens';

const ownClientRow = { person_id: nullable(integer), revoked_at: nullable(instant) };
interface SignInRow extends RowOf<typeof ownClientRow> {
  readonly client_id: number;
}

const personRow = { id: integer, role: string, ...namesRow };
type PersonRow = RowOf<typeof personRow>;

/** Somebody who may sign in. */
type Member = PersonRow & { readonly rights: SignInRights };

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
    `select api_clients.person_id, api_clients.revoked_at from api_clients
    where api_clients.id = :client and api_clients.district_id = :district`,
    ownClientRow,
  );
  const columns = 'people.id, people.role, people.given_name, people.preferred_name, people.family_name';
  const person = text(
    knex,
    `select ${columns} from people where people.id = :person and people.district_id = :district and people.active`,
    personRow,
  );
  const mailed = text(
    knex,
    `select ${columns} from people
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

  const signInOf = async (district: number, { id }: Pick<Member, 'id'>): Promise<SignInRow | undefined> => {
    const [found] = await ask(ofPerson, { district, person: id });
    const [client] = found ? await ask(ownClient, { district, client: found.client_id }) : [];
    return found && client && { ...found, ...client };
  };

  async function memberOf(district: number, id: number): Promise<Member> {
    const [found] = await ask(person, { district, person: id });
    if (!found) throw new ClientError(`There is no active person ${id} in district ${district}.`);
    const rights = rightsOf(found.role);
    if (rights) return { ...found, rights };
    throw new ClientError(`Person ${id} is a ${found.role}: only teachers and the office sign in.`);
  }

  /** Gives the person a new client in the place of the one they had. */
  async function begin(district: number, member: Member, former: SignInRow | undefined): Promise<number> {
    const { id, rights } = member;
    const bound = rights.bound ? { person: id } : {};
    const client = await clients.create({
      ...{ district, name: calledName(member), scopes: rights.scopes, signsIn: true },
      ...bound,
    });
    const taken = await ask(take, { district, person: id, client: client.id, former: former?.client_id ?? 0 });
    if (taken.length === 0) await clients.revoke(client.id);
    else if (former?.revoked_at === null) await clients.revoke(former.client_id);
    return (await signInOf(district, member))!.client_id;
  }

  /** The person's client; a new one where there is none, or their role is another by now. */
  async function clientOf(district: number, member: Member, known: SignInRow | undefined): Promise<number> {
    const fits = known?.revoked_at === null && (known.person_id !== null) === member.rights.bound;
    return fits ? known.client_id : begin(district, member, known);
  }

  /** The client of a person who is invited: a new one where theirs was revoked, since who invites them wants them back. */
  async function invitedClient(district: number, id: number): Promise<number> {
    const member = await memberOf(district, id);
    return clientOf(district, member, await signInOf(district, member));
  }

  return {
    /** Throws ClientError, which says why, where the person does not sign in. */
    check: async (district: number, id: number): Promise<void> => void (await memberOf(district, id)),

    invitedClient,

    /** The client that the person has, and when it was revoked; undefined where they have never had one. */
    known: (district: number, id: number): Promise<SignInRow | undefined> => signInOf(district, { id }),

    /** The active people with this address, in whatever case; nobody has an empty one. */
    withEmail: (district: number, email: string) => ask(mailed, { district, email }),

    /** The client of a person who comes by themselves. Throws ClientError where they may not, or not any more. */
    async admit(district: number, id: number): Promise<number> {
      const member = await memberOf(district, id);
      const known = await signInOf(district, member);
      if (!known?.revoked_at) return clientOf(district, member, known);
      throw new ClientError(`Person ${id} may not sign in any more: their client ${known.client_id} was revoked.`);
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
