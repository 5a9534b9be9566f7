import { hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer, nullable, type RowOf, string } from '../database/rows';
import { calledName, namesRow } from '../roster/names';
import { joinGivenRole, memberOf, standingColumns, standingRow } from './client';
import { ClientError, type Clients } from './clients';
import { openInvitations } from './invitations';
import { openSignIn } from './sign-in';
import { hashOf } from './tokens';

/** Minutes for which a link and a code are good that somebody has asked for. */
export const MINUTES = 10;
/** How often a code may be tried. */
const TRIES = 5;
/** How often a person is sent a mail within these minutes, and within a day. */
const SOON = 3;
const A_DAY = 10;

const personRow = { district_id: integer, district: string, ...standingRow, email: string, ...namesRow };
type PersonRow = RowOf<typeof personRow>;

/** What somebody who has asked for it is sent. */
export interface MailedLink {
  readonly district: number;
  /** What the district is called. */
  readonly place: string;
  readonly name: string;
  /** The address, as the roster has it. */
  readonly to: string;
  readonly token: string;
  readonly code: string;
  /** In milliseconds of the clock. */
  readonly until: number;
}

/** What the browser that asks is given, without which a code is nothing. */
export const newRequest = (): string => randomBytes(32).toString('base64url');

/** Signs people in who read the mail that goes to their address: by a link, or by a code where they have asked for it. */
export function openMailedSignIn(database: Database, clients: Clients) {
  const sql = mailedSql(database);
  const signIn = openSignIn(database, clients);
  const invitations = openInvitations(database);

  /** In each district the only one with this address who may sign in: parents often share theirs with a teacher. */
  async function membersWith(email: string): Promise<PersonRow[]> {
    const found = (await database.all(sql.people, { email })).filter(memberOf);
    return found.filter(({ district_id }) => found.filter((other) => other.district_id === district_id).length === 1);
  }

  /** Nobody is told who may not come in: the mail is not sent. */
  async function clientOf({ district_id, id }: PersonRow): Promise<number | undefined> {
    try {
      return await signIn.admit(district_id, id);
    } catch (error) {
      if (error instanceof ClientError) return undefined;
      throw error;
    }
  }

  async function make(client: number, request: string) {
    const [token, code] = [newRequest(), String(randomInt(1_000_000)).padStart(6, '0')];
    const now = Date.now();
    const until = now + MINUTES * 60_000;
    const at = (time: number) => new Date(time).toISOString();
    const isMade = await database.transaction(async (tx) => {
      await tx.all(sql.hold, { client }); // of two at once one waits here, and counts the other
      await tx.all(sql.sweep, { client, day: at(now - 86_400_000) });
      const [sent] = await tx.all(sql.sent, { client, soon: at(now - MINUTES * 60_000), day: at(now - 86_400_000) });
      if (sent!.soon >= SOON || sent!.of_day >= A_DAY) return false;
      const hashes = { hash: hashOf(token), request: hashOf(request), code: codeHash(request, code) };
      await tx.all(sql.add, { ...hashes, client, now: at(now), expires: at(until) });
      return true;
    });
    return isMade ? { token, code, until } : undefined;
  }

  return {
    /** Makes a link and a code for whoever has the address; none for who was sent so many of late. */
    async links(email: string, request: string): Promise<MailedLink[]> {
      const links: MailedLink[] = [];
      for (const person of await membersWith(email)) {
        const client = await clientOf(person);
        const made = client === undefined ? undefined : await make(client, request);
        const { district_id: district, district: place, email: to } = person;
        if (made) links.push({ ...made, district, place, name: calledName(person), to });
      }
      return links;
    },

    /** The client that a code signs in; undefined where it is wrong, used or too old, or was tried too often. */
    async accept(request: string, code: string): Promise<number | undefined> {
      const [hash, now] = [hashOf(request), new Date().toISOString()];
      return database.transaction(async (tx) => {
        // Of two codes at once one waits here, and counts the other.
        const open = await tx.all(sql.attempt, { request: hash, now });
        const right = open.find(({ code_hash }) => isSame(code_hash!, codeHash(request, code)));
        if (right) return invitations.use(tx, right.hash, now);
        await tx.all(sql.burn, { request: hash, now });
        return undefined;
      });
    },
  };
}

/** A code has a million values: nobody who sees the hash, without what the browser has, can try them. */
const codeHash = (request: string, code: string): string => hash('sha256', `${request} ${code}`);

const isSame = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** All SQL of mailed links and codes. */
export function mailedSql({ knex }: Pick<Database, 'knex'>) {
  return {
    people: text(
      knex,
      `select people.district_id, districts.name as district, ${standingColumns}, people.email, people.given_name,
        people.preferred_name, people.family_name
      from districts
      cross join people
      ${joinGivenRole}
      where people.district_id = districts.id and lower(people.email) = lower(:email) and people.active
        and people.sourced_id is not null and trim(people.email) <> ''
      order by people.district_id, people.id`,
      personRow,
      { acrossDistricts: 'whoever signs in says an address alone' },
    ),
    hold: text(knex, 'update api_clients set id = id where id = :client', undefined, {
      acrossDistricts: 'the district is known by the client, which was found by its person',
    }),
    sweep: text(
      knex,
      `delete from invitations
      where invitations.client_id = :client and invitations.request_hash is not null and invitations.created_at <= :day`,
    ),
    sent: text(
      knex,
      `select coalesce(sum(case when invitations.created_at > :soon then 1 else 0 end), 0) as soon, count(*) as of_day
      from invitations
      where invitations.client_id = :client and invitations.request_hash is not null and invitations.created_at > :day`,
      { soon: integer, of_day: integer },
    ),
    add: text(
      knex,
      `insert into invitations (hash, client_id, created_at, expires_at, request_hash, code_hash)
      values (:hash, :client, :now, :expires, :request, :code)`,
    ),
    attempt: text(
      knex,
      `update invitations set tries = tries + 1
      where invitations.request_hash = :request and used_at is null and expires_at > :now and tries < ${TRIES}
      returning hash, code_hash`,
      { hash: string, code_hash: nullable(string) },
    ),
    // With a code that was tried too often its link ends, too.
    burn: text(
      knex,
      `update invitations set expires_at = :now
      where invitations.request_hash = :request and used_at is null and expires_at > :now and tries >= ${TRIES}`,
    ),
  };
}
